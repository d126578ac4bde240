"""Finds out what the CUDA version in a request costs, with one more solve where there is something newer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import UnsolvableError
from .words import warn_of_fault

if TYPE_CHECKING:
    from ..ladder import Ascent
    from .attempts import Attempts
    from .case import Case


def find_price(case: Case, attempts: Attempts, ascent: Ascent) -> str:
    """Return a line about versions given up for a CUDA version that was asked for; empty where there are none."""
    from ..price import find_priced

    spec = find_priced(case.request, case.plan.limit)
    if spec is None:
        return ""
    known = set(case.installed)
    new = {package.name: package.version for package in ascent.solution.packages if package not in known}
    if not attempts.has_newer({name: new[name] for name in case.request.names & new.keys() if name != spec.name}):
        return ""
    from ..explain.standing import describe_price
    from ..price import find_price

    plan, less = case.plan_without(spec.name)
    try:
        with attempts.leaving_out(spec.name):
            without = attempts.solve(plan.pins)
        losses = find_price(ascent.solution, without, less, attempts.is_newer)
        return describe_price(spec, losses, without.packages)
    except UnsolvableError:
        return ""  # nothing to compare with
    except Exception as fault:  # noqa: BLE001 - a word less is no harm
        warn_of_fault("comparing with another CUDA version", fault)
        return ""
