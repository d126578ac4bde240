"""One steered solve: plan, climb, judge, and say what there is to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..intent import asks_about_cuda
from .attempts import Attempts, CondaFailure, UnsolvedError
from .case import Case, open_case
from .errors import CudaPinError
from .host import serve_host
from .price import find_price
from .records import to_packages
from .wheels import find_wheels
from .words import say, warn_of_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..judge import Judgement
    from ..ladder import Ascent, Solution


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
    attempts, price = None, ""
    try:
        solver._cuda_pin = attempts = Attempts(solver, solve, case.plan, hasty=asks_about_cuda(case.request))
        with serve_host(case.serving):
            ascent = _climb(case, attempts)
            price = find_price(case, attempts, ascent)
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
    if price:
        say(price)
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
        from .failure import explain_failure

        raise explain_failure(case, attempts, error) from None
    except ExcludedError as error:
        if case.settings.mode == "enforce":
            from .failure import explain_exclusion

            raise explain_exclusion(case, error) from error.cause
        say("no solution keeps to what this host can run; going on without constraints (cuda_pin_mode: warn)")
        return Ascent(error.without, ())


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
    from ..explain.outcome import describe_elsewhere, describe_outcome

    try:
        lines = describe_outcome(case.plan, ascent, judgement, case.request, case.installed, dropped)
        lines += describe_elsewhere(case.host, case.plan, ascent.solution.packages, case.installed)
    except Exception as fault:  # noqa: BLE001 - a word less is no harm
        warn_of_fault("wording", fault)
        return
    for line in lines:
        say(line)
