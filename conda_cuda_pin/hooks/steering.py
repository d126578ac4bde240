"""One steered solve: plan, climb, judge, and say what there is to say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..versions import CudaVersion
from .attempts import Attempts, CondaFailure, UnsolvedError
from .case import Case, open_case
from .errors import CudaPinError, CudaPinUnsatisfiableError
from .host import serve_host
from .records import to_packages
from .wheels import find_wheels
from .words import say, warn_of_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..judge import Judgement
    from ..ladder import Ascent, ExcludedError, Solution

ANY_CUDA = CudaVersion(99, 0)
"""What the driver of a host that runs everything would say."""


def steer(solver: Any, solve: Callable[[], Any]) -> Any:
    """Solve under the plan for the solver's prefix and judge the result before anything is downloaded.

    A fault of our own never stops conda: it becomes one warning line and the solve goes on as without us. The
    exception is a fault in the judgement of a change that touches CUDA: that change is stopped under ``enforce``.

    Raises:
        CudaPinError: the change would break the environment, or a setting has a value it cannot have.
        CudaPinUnsatisfiableError: the plan's constraints made the request unsolvable.
    """
    from conda import CondaError

    try:
        case = open_case(solver)
    except CondaError:
        raise
    except Exception as fault:  # noqa: BLE001 - whatever it is, conda must go on
        warn_of_fault("planning", fault)
        case = None
    if case is None:
        return solve()
    attempts = None
    try:
        solver._cuda_pin = attempts = Attempts(solver, solve, case.plan)
        with serve_host(case.serving):
            ascent = _climb(case, attempts)
        final = attempts.keep(ascent.solution)
    except CondaFailure as failure:
        raise failure.original from None
    except CondaError:
        if attempts is not None:
            attempts.reset()
        raise
    except Exception as fault:  # noqa: BLE001 - see above
        warn_of_fault("steering the solve", fault)
        ascent, final = _solve_plainly(solver, solve, attempts)
    finally:
        solver._cuda_pin = None
    judge(case, ascent, attempts.dropped if attempts is not None else {})
    return final


def _solve_plainly(solver: Any, solve: Callable[[], Any], attempts: Attempts | None) -> tuple[Ascent, Any]:
    """Solve as conda would without us: none of our code is called back from inside."""
    from ..ladder import Ascent, Solution

    solver._cuda_pin = None
    if attempts is not None:
        attempts.reset()
    final = solve()
    return Ascent(Solution(to_packages(final)), ()), final


def _climb(case: Case, attempts: Attempts) -> Ascent:
    from ..ladder import Ascent, ExcludedError, climb

    try:
        return climb(attempts, case.plan, case.request, case.installed)
    except UnsolvedError as error:
        raise _find_lacking(case, attempts, error) or _find_missing(case, attempts, error) or error.original from None
    except ExcludedError as error:
        if case.settings.mode == "enforce":
            raise _exclude(case, error) from error.cause
        say("no solution keeps to what this host can run; going on without constraints (cuda_pin_mode: warn)")
        return Ascent(error.without, ())


def _find_lacking(case: Case, attempts: Attempts, error: UnsolvedError) -> CudaPinUnsatisfiableError | None:
    """Find out whether it is the host that an unsolvable request for CUDA fails on; None where it is not.

    One more solve, as for a host whose driver runs everything, tells it from a mistyped version.
    """
    from ..explain.unsolvable import describe_lacking
    from ..intent import asks_about_cuda

    about_cuda = asks_about_cuda(case.request) or "__cuda" in str(error)
    if error.missing or not about_cuda or case.settings.mode != "enforce":
        return None
    try:
        with serve_host(replace(case.host, driver_cuda=ANY_CUDA)):
            solution = attempts.solve_anew()
        text = describe_lacking(solution.packages, case.request, case.host)
    except Exception:  # noqa: BLE001 - then it is not the host, and conda's own error stands
        return None
    if not text:
        return None
    retry = getattr(error.original, "allow_retry", True)
    return CudaPinUnsatisfiableError(text, retry, prefix=case.prefix)


def _find_missing(case: Case, attempts: Attempts, error: UnsolvedError) -> CudaPinUnsatisfiableError | None:
    """Find out whether a request fails for a dependency that no channel has; None where it does not."""
    from .missing import find_missing

    try:
        line = find_missing(case.request, *attempts.places)
    except Exception as fault:  # noqa: BLE001 - conda's own error stands
        warn_of_fault("looking for missing packages", fault)
        return None
    retry = getattr(error.original, "allow_retry", True)
    return CudaPinUnsatisfiableError(f"{line}.\n\n{error.original}", retry, prefix=case.prefix) if line else None


def _exclude(case: Case, error: ExcludedError) -> CudaPinUnsatisfiableError:
    from ..explain.document import document_pins
    from ..explain.unsolvable import describe_excluded

    original = getattr(error.cause, "original", None)
    retry = getattr(original, "allow_retry", True)
    text = describe_excluded(error, case.request, case.host)
    return CudaPinUnsatisfiableError(text, retry, prefix=case.prefix, pins=document_pins(error.pins))


def judge(case: Case, ascent: Ascent, dropped: Mapping[str, str] | None = None) -> None:
    """Stop a change that would break the environment, and say what there is to say about one that goes through.

    Raises:
        CudaPinError: the change is refused, or it touches CUDA and could not be judged under ``enforce``.
    """
    if not _touches_cuda(case, ascent.solution) and not ascent.refused:
        return
    from ..judge import Judgement, judge_change

    try:
        before, after = case.installed, ascent.solution.packages
        wheels = find_wheels(case.prefix, before, after)
        judgement = judge_change(case.host, case.settings, case.request, (*before, *wheels), (*after, *wheels))
    except Exception as fault:
        if case.settings.mode == "enforce":
            raise CudaPinError(f"this change touches CUDA and could not be judged: {fault!r}") from fault
        warn_of_fault("judging the change", fault)
        judgement = Judgement()
    if judgement.blocks and case.settings.mode == "enforce":
        raise _refuse(case, judgement)
    _tell(case, ascent, judgement, dropped or {})


def _refuse(case: Case, judgement: Judgement) -> CudaPinError:
    """Make the error of a block; a fault in its wording does not let the change through."""
    from ..explain.block import describe_block
    from ..explain.document import document_findings

    findings = document_findings(judgement.blocks)
    try:
        text = describe_block(judgement, case.request, case.host, case.settings)
    except Exception as fault:  # noqa: BLE001 - the plain messages do
        text = "; ".join(finding["message"] for finding in findings) + f" (the full text failed: {fault!r})"
    return CudaPinError(text, prefix=case.prefix, findings=findings)


def _touches_cuda(case: Case, solution: Solution) -> bool:
    """Whether anything of CUDA comes, goes or changes; if that cannot be told it is taken for yes."""
    from ..component import read_components

    try:
        return bool(read_components(set(solution.packages) ^ set(case.installed)))
    except Exception:  # noqa: BLE001 - the judgement will meet the same fault, and say it
        return True


def _tell(case: Case, ascent: Ascent, judgement: Judgement, dropped: Mapping[str, str]) -> None:
    from ..explain.outcome import describe_outcome

    try:
        lines = describe_outcome(case.plan, ascent, judgement, case.request, case.installed, dropped)
    except Exception as fault:  # noqa: BLE001 - a word less is no harm
        warn_of_fault("wording", fault)
        return
    for line in lines:
        say(line)
