"""A request without a solution: which error to raise, with the reason first where it is one that we know."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..versions import CudaVersion
from .errors import CudaPinUnsatisfiableError
from .host import serve_host
from .words import warn_of_fault

if TYPE_CHECKING:
    from ..ladder import ExcludedError
    from .attempts import Attempts, UnsolvedError
    from .case import Case

ANY_CUDA = CudaVersion(99, 0)
"""What the driver of a host that runs everything would say."""


def explain_failure(case: Case, attempts: Attempts, error: UnsolvedError) -> Exception:
    """Return the error to raise: ours where the reason is known, else conda's own, in its own words.

    Where conda is about to try again, with what is installed unfrozen or with more of the index, it is not looked for.
    """
    if attempts.is_preliminary and not error.missing:
        return error.original
    for find in (_find_lacking, _find_platform, _find_standing, _find_holding, _find_missing):
        try:
            text = find(case, attempts, error)
        except Exception as fault:  # noqa: BLE001 - conda's own error stands
            warn_of_fault("looking for what is in the way", fault)
            continue
        if text:
            return _make_error(case, error.original, text)
    return attempts.explain(error)


def explain_exclusion(case: Case, error: ExcludedError) -> CudaPinUnsatisfiableError:
    """Return the error for a request that only our pins make unsolvable."""
    from ..explain.document import document_pins
    from ..explain.unsolvable import describe_excluded

    text = describe_excluded(error, case.request, case.host)
    return _make_error(case, getattr(error.cause, "original", None), text, pins=document_pins(error.pins))


def _make_error(case: Case, original: Any, text: str, **facts: Any) -> CudaPinUnsatisfiableError:
    retry = getattr(original, "allow_retry", True)
    return CudaPinUnsatisfiableError(text, retry, prefix=case.prefix, **facts)


def _find_lacking(case: Case, attempts: Attempts, error: UnsolvedError) -> str:
    """Find out whether it is the host that a request for CUDA fails on.

    One more solve, as for a host whose driver runs everything, tells it from a mistyped version.
    """
    from ..explain.unsolvable import describe_lacking
    from ..intent import asks_about_cuda

    for_driver = "__cuda" in str(error)
    about_cuda = asks_about_cuda(case.request) or for_driver
    if (error.missing and not for_driver) or not about_cuda or case.settings.mode != "enforce":
        return ""
    try:
        with serve_host(replace(case.host, driver_cuda=ANY_CUDA)):
            solution = attempts.solve_anew()
    except Exception:  # noqa: BLE001 - then it is not the host
        return ""
    finally:
        attempts.forget_index()
    return describe_lacking(solution.packages, case.request, case.host)


def _find_platform(case: Case, attempts: Attempts, error: UnsolvedError) -> str:
    """Find out whether a request asks for CUDA where there is none."""
    from ..explain.standing import describe_platform

    subdirs = sorted(str(subdir) for subdir in attempts.places[1])
    named = next((subdir for subdir in subdirs if subdir.startswith("osx-")), "")
    text = describe_platform(case.request, named) if named else ""
    others = re.findall(r"^\s+- ([\w.-]+)", str(error.original), re.MULTILINE)
    unexplained = any(name not in text.splitlines()[0] for name in others) if text else False
    return f"{text}\n\n{_quote(error.original)}" if unexplained else text


def _find_standing(case: Case, attempts: Attempts, error: UnsolvedError) -> str:
    """Find out whether a request has a solution but for the CUDA version that it names."""
    from ..explain.standing import describe_standing
    from ..price import find_fixing
    from .missing import list_versions

    spec = find_fixing(case.request)
    if spec is None:
        return ""
    versions = list_versions(spec, *attempts.places) if error.missing else ()
    plan, _ = case.plan_without(spec.name)
    try:
        with attempts.leaving_out(spec.name):
            packages = attempts.solve(plan.pins).packages
    except Exception:  # noqa: BLE001 - then it is not that, or not that alone
        packages = ()
    return describe_standing(spec, packages, case.request, case.host, versions)


def _find_holding(case: Case, attempts: Attempts, error: UnsolvedError) -> str:
    """Find out whether packages of conda-forge are asked for where pytorch-cuda holds the environment."""
    from ..component import read_components
    from ..explain.standing import describe_holding

    held = next((c for c in read_components(case.installed) if c.name == "pytorch-cuda"), None)
    if error.missing or held is None or not any(name.endswith("conda-forge") for name in case.request.channels):
        return ""
    said = _quote(attempts.explain(error))
    return f"{describe_holding(held, case.request)}\n\n{said}" if "pytorch" in said else ""


def _quote(error: Exception) -> str:
    """Return what conda itself says, in full: it names what we do not."""
    return f"conda says: {str(error).strip()}"


def _find_missing(case: Case, attempts: Attempts, error: UnsolvedError) -> str:
    """Find out whether a request fails for a dependency that no channel has."""
    from .missing import find_missing

    line = find_missing(case.request, *attempts.places)
    return f"{line}.\n\n{error.original}" if line else ""
