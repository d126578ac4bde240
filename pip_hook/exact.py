"""Exact versions for a pip that reads several indexes at once: where the router cannot run, or one is on this disk.

PyPI takes no versions with a local part, so ``torch==2.14.1+cu126`` comes from the index of that variant or not at all
(https://packaging.python.org/specifications/version-specifiers/#local-version-identifiers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conda_cuda_pin.routing import Catalogue, WheelPlan


def find_exactly(plan: WheelPlan, names: Iterable[str], catalogue: Catalogue) -> dict[str, str]:
    """Return for each of the names that the plan routes the newest version that its window admits.

    torch is always among them: others may need it, and what is built on it follows it.
    """
    from packaging.requirements import Requirement
    from packaging.version import Version

    found = {}
    windows = [Requirement(window.requirement) for window in plan.windows]
    for name in sorted({"torch", *names} & plan.routes.keys()):
        offered = catalogue.versions(plan.routes[name].indexes[0], name) or ()
        bounds = [window.specifier for window in windows if window.name == name]
        fitting = [Version(v) for v in offered if all(bound.contains(v, prereleases=False) for bound in bounds)]
        if fitting:
            found[name] = str(max(fitting))
    return found
