"""A repair in words and as JSON: the commands, why, what they mend, and how far they came."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from .document import document_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..repair import Outcome, Place, Repair, Step
    from ..rules import Finding


def describe_repair(repair: Repair, place: Place) -> list[str]:
    """Say which commands mend what was found, line by line, and what is left to do by hand."""
    if not repair.steps and not repair.left:
        return ["repair: there is nothing to mend"]
    lines = ["repair:"] if repair.steps else []
    for number, step in enumerate(repair.steps, 1):
        lines.append(f"  {number}. {describe_step(step, place)}")
        lines.append(f"     {step.reason}; mends {_name(step.mends)}")
    return [*lines, *(f"by hand: {_name([left.finding])}: {left.advice}" for left in repair.left)]


def describe_step(step: Step, place: Place) -> str:
    """Write the command of a step, ready to be copied."""
    return shlex.join(step.command(place))


def describe_outcome(outcome: Outcome, place: Place) -> str:
    """Say in one line how a repair ended."""
    if outcome.failed is None:
        return f"repair: done ({len(outcome.done)} commands)" if len(outcome.done) != 1 else "repair: done"
    ended = f"repair: ended at `{describe_step(outcome.failed, place)}`: {outcome.why}"
    return f"{ended} ({len(outcome.done)} commands before it are done)" if outcome.done else ended


def document_repair(repair: Repair, place: Place, outcome: Outcome | None = None) -> dict[str, Any]:
    """Return a repair as a JSON value; ``done`` of a step is null where nothing was run."""
    facts: dict[str, Any] = {
        "steps": [
            {
                "tool": step.tool,
                "command": list(step.command(place)),
                "reason": step.reason,
                "mends": document_findings(step.mends),
                "done": None if outcome is None else step in outcome.done,
            }
            for step in repair.steps
        ],
        "left": [{"finding": document_findings([one.finding])[0], "advice": one.advice} for one in repair.left],
    }
    if outcome is not None and outcome.failed is not None:
        facts["failed"] = {"command": list(outcome.failed.command(place)), "why": outcome.why}
    return facts


def _name(findings: Sequence[Finding]) -> str:
    return ", ".join(dict.fromkeys(f"{finding.code} {finding.word}" for finding in findings))
