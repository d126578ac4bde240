"""Runs a repair step by step, judging again after each; whoever has the means runs the commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ..rules import Severity
from .scene import identify

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..rules import Finding
    from .step import Step


class Workshop(Protocol):
    """Runs a command, and looks at the environment again."""

    def run(self, step: Step) -> int:
        """Run the command of a step; return its exit status."""
        ...

    def rehearse(self, step: Step) -> int:
        """Find out whether the command of a step would work; return the exit status that it would have."""
        ...

    def judge(self) -> Sequence[Finding]:
        """Return what is wrong now."""
        ...


@dataclass(frozen=True)
class Outcome:
    """How far a repair came."""

    done: tuple[Step, ...] = ()
    failed: Step | None = None
    """The step at which it ended."""
    why: str = ""


def carry_out(steps: Sequence[Step], workshop: Workshop) -> Outcome:
    """Run steps in their order, to the first that fails, breaks something, or does not mend what it should.

    Nothing is removed unless what is to take its place can be had.
    """
    found = workshop.judge()
    done: tuple[Step, ...] = ()
    accepted = {identify(finding) for finding in found}
    for number, step in enumerate(steps):
        rest = steps[number + 1 :]
        goes_on = any(other.mends == step.mends for other in done)
        if not goes_on and not _name(step.mends) & _name(found):
            continue  # a step before it has mended that too
        successor = next((other for other in rest if other.mends == step.mends), None)
        if step.effect.removed and successor is not None and (code := workshop.rehearse(successor)):
            return Outcome(done, successor, f"its exit status would be {code}, so nothing was removed for it")
        if code := workshop.run(step):
            return Outcome(done, step, f"its exit status is {code}")
        found = workshop.judge()
        accepted -= _name(step.mends) - _name(finding for other in rest for finding in other.mends)
        if why := _find_fault(found, accepted, _name(step.mends)):
            return Outcome(done, step, why)
        done = (*done, step)
    return Outcome(done)


def _name(findings: Iterable[Finding]) -> set[tuple[str, ...]]:
    return {identify(finding) for finding in findings}


def _find_fault(found: Iterable[Finding], accepted: set[tuple[str, ...]], mended: set[tuple[str, ...]]) -> str:
    """Say what is wrong with an environment after a step, empty where it is as planned."""
    for finding in found:
        if identify(finding) in accepted:
            continue
        if identify(finding) in mended:
            return f"{finding.code} {finding.word} is still there: {finding.message}"
        if finding.severity is Severity.BLOCK:
            return f"after it {finding.code} {finding.word} is new: {finding.message}"
    return ""
