"""The plan for wheels: one index for each CUDA family, and a window of versions, with the reason for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .advice import bound_unmarked, find_ended, suggest
from .case import Case, Memory
from .choice import follow_word
from .companions import fit_companions, route_names, route_others
from .extensions import plan_extensions
from .machine import follow_machine
from .standing import follow_conda, follow_wheel
from .values import WheelPlan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..host import Host
    from ..package import Package
    from ..request import Request
    from ..settings import Settings
    from .values import Catalogue, Target


def plan_wheels(
    host: Host,
    settings: Settings,
    request: Request,
    installed: Iterable[Package],
    target: Target,
    catalogue: Catalogue,
    defaults: tuple[str, ...],
) -> WheelPlan:
    """Decide where the wheels of a request come from.

    Args:
        host: the machine that the environment is for.
        settings: ``variant``, ``max``, ``level`` and ``mirrors`` count here.
        request: what the user asked for. A version of torch that a first resolution turned out to need (another
            package pins it) is given as one more spec, in a second call.
        installed: what is in the environment, of conda and pip alike.
        target: the interpreter.
        catalogue: what the indexes offer.
        defaults: the indexes that pip is configured with, command line included, in order; PyPI if none.
    """
    if settings.off or target.platform.startswith("osx") or "--no-index" in request.typed.split():
        return WheelPlan()
    if request.verb not in _VERBS:
        return WheelPlan()
    case = Case(host, settings, request, tuple(installed), target, Memory(catalogue), defaults)
    choice = follow_word(case) or follow_conda(case) or follow_wheel(case) or follow_machine(case)
    extensions = plan_extensions(case, choice)
    return WheelPlan(
        routes={**route_names(case, choice), **extensions.routes},
        others=route_others(case, choice),
        windows=(*choice.windows, *fit_companions(case, choice), *extensions.windows, *bound_unmarked(case, choice)),
        suggestions=tuple(suggest(case)),
        dead_ends=(*find_ended(case), *extensions.dead_ends),
        notes=(*choice.notes, *extensions.notes),
    )


_VERBS = ("install", "update", "download", "wheel", "lock", "create")
"""What may bring wheels into an environment."""
