"""Chooses the steps: for each finding the smallest change that mends it and makes nothing worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..rules import Severity
from .advice import advise
from .proposals import propose
from .scene import Scene, identify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..host import Host
    from ..package import Package
    from ..request import Request
    from ..rules import Finding
    from ..settings import Settings
    from .proposals import Proposal
    from .step import Step


@dataclass(frozen=True)
class Unmended:
    """What no command is known to mend, and what to do about it."""

    finding: Finding
    advice: str


@dataclass(frozen=True)
class Repair:
    """The steps that mend an environment, in their order, and what they leave."""

    steps: tuple[Step, ...] = ()
    left: tuple[Unmended, ...] = ()


def plan_repair(host: Host, settings: Settings, request: Request, packages: Iterable[Package]) -> Repair:
    """Decide which commands mend what is found in an environment as it stands.

    What breaks comes before what is a warning, what others build on before what builds on it (the order of the codes).
    A proposal is taken if, by what it declares to do, its finding is gone, nothing new breaks, and less is left.
    """
    scene = Scene(host, settings, request, tuple(packages))
    steps: list[Step] = []
    left: list[Unmended] = []
    while (finding := _find_next(scene, left)) is not None:
        chosen = next(filter(None, (_try(proposal, scene, finding) for proposal in propose(finding, scene))), None)
        if chosen is None:
            left.append(Unmended(finding, advise(finding)))
            continue
        taken, scene = chosen
        steps += taken
    return Repair(tuple(steps), tuple(left))


def _find_next(scene: Scene, left: list[Unmended]) -> Finding | None:
    known = {identify(unmended.finding) for unmended in left}
    return next((finding for finding in scene.findings if identify(finding) not in known), None)


def _try(proposal: Proposal, scene: Scene, finding: Finding) -> tuple[list[Step], Scene] | None:
    """Return the steps of a proposal and the scene after them; None where they make it no better."""
    after = scene
    known = {identify(one) for one in scene.findings}
    for step in proposal:
        after = after.after(step.effect, finding)
        if any(one.severity is Severity.BLOCK and identify(one) not in known for one in after.findings):
            return None
    remaining = {identify(one) for one in after.findings}
    if identify(finding) in remaining or weigh(after.findings) >= weigh(scene.findings):
        return None
    mended = [one for one in scene.findings if identify(one) not in remaining]
    return [step.mending(mended) for step in proposal], after


def weigh(findings: Iterable[Finding]) -> tuple[int, int]:
    """Return how bad it is: the number of findings that break, then of all."""
    severities = [finding.severity for finding in findings]
    return severities.count(Severity.BLOCK), len(severities)
