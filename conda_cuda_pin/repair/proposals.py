"""What could mend a finding, by the code of its rule; of each the smallest change first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import choices, files, wheels
from .step import solve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ..rules import Finding
    from .scene import Scene
    from .step import Step

    Proposal = Sequence[Step]
    """Steps that mend a finding together."""


def propose(finding: Finding, scene: Scene) -> Iterator[Proposal]:
    """Yield what could mend a finding; nothing where no command does."""
    named = scene.find(finding)
    if any(one.is_wheel for one in named):
        yield from _WHEELS.get(finding.code, wheels.follow_remedy)(finding, scene)
    elif named or finding.remedy:
        yield from _CONDA.get(finding.code, _follow_remedy)(finding, scene)


def _follow_remedy(finding: Finding, scene: Scene) -> Iterator[Proposal]:
    """Let conda solve for what the rule names; what has the same remedy, or is of its family, changes along."""
    for spec in finding.remedy:
        same = [one for one in scene.findings if one.code == finding.code and spec in one.remedy]
        named = [component for one in same for component in scene.find(one)]
        kin = {(component.family, component.variant) for component in named if component.family}
        along = [component for component in scene.components if (component.family, component.variant) in kin]
        renewed = [component.package for component in (*named, *along) if not component.is_wheel]
        yield [solve([spec], _REASONS.get(finding.code, "a build that fits what is there"), renewed)]


_REASONS = {
    "CUP101": "builds that the driver runs",
    "CUP102": "a toolkit whose PTX the driver reads",
    "CUP103": "builds with kernels for this GPU",
    "CUP401": "a CUDA build",
    "CUP403": "one variant for both",
}
_CONDA: dict[str, Callable[[Finding, Scene], Iterator[Proposal]]] = {
    "CUP201": choices.keep_one_toolkit,
    "CUP301": choices.leave_channel,
}
_WHEELS: dict[str, Callable[[Finding, Scene], Iterator[Proposal]]] = {
    "CUP101": wheels.fit_machine,
    "CUP103": wheels.fit_machine,
    "CUP202": files.write_last,
    "CUP203": files.write_again,
    "CUP301": wheels.fit_base,
    "CUP302": wheels.meet_requirement,
    "CUP401": wheels.fit_machine,
    "CUP403": wheels.fit_base,
    "CUP502": files.give_back,
}
