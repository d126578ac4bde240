"""Repairs by conda where the rule itself cannot say which way: one toolkit, one channel."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..component import Role
from .step import solve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..component import Component
    from ..rules import Finding
    from ..versions import CudaVersion
    from .scene import Scene
    from .step import Step


def keep_one_toolkit(finding: Finding, scene: Scene) -> Iterator[Sequence[Step]]:
    """Keep the toolkit that the driver runs and most packages are built for; name it with ``cuda-version``.

    https://conda-forge.org/docs/user/how-to-guides/cuda/
    """
    named = scene.find(finding)
    kits = {component.toolkit for component in named if component.toolkit is not None}
    by_minor = finding.subject[0] in ("monolith", "minors")
    for kit in sorted(kits, key=lambda kit: _rank(kit, scene, by_minor), reverse=True):
        renewed = [c.package for c in named if c.toolkit is not None and not _same(c.toolkit, kit, by_minor)]
        spec = f"cuda-version={kit}" if by_minor else f"cuda-version={kit.major}"
        yield [solve([spec], f"one toolkit, CUDA {spec.partition('=')[2]}", renewed)]


def _rank(kit: CudaVersion, scene: Scene, by_minor: bool) -> tuple[bool, int, CudaVersion]:
    users = Counter[bool](_is_for(c, kit, by_minor) for c in scene.components if not c.is_wheel)
    driver = scene.host.driver_cuda
    return driver is None or kit.major <= driver.major, users[True], kit


def _is_for(component: Component, kit: CudaVersion, by_minor: bool) -> bool:
    uses = component.role in (Role.FRAMEWORK, Role.USER, Role.SELECTOR)
    return uses and component.toolkit is not None and _same(component.toolkit, kit, by_minor)


def _same(one: CudaVersion, other: CudaVersion, by_minor: bool) -> bool:
    return one == other if by_minor else one.major == other.major


def leave_channel(finding: Finding, scene: Scene) -> Iterator[Sequence[Step]]:
    """Take the torch, or the toolkit, that the rest was built against: what the rule names, else conda-forge's."""
    extension, *rest = scene.find(finding)
    for spec in finding.remedy:
        yield [solve([spec], f"the toolkit that {extension.name} was built with", [c.package for c in rest])]
    for torch in rest if not finding.remedy else ():
        reason = f"{extension.name} was built against conda-forge's {torch.name}"
        yield [solve([f"conda-forge::{torch.name}"], reason, [torch.package])]
