"""The plan for wheels: one index for each CUDA family, and a window of versions, with the reason for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    if settings.off or target.platform.startswith("osx"):
        return WheelPlan()
    raise NotImplementedError
