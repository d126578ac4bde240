"""What was found in an environment or a file, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..rules import Severity
from ..shadow import Reach
from .document import document_findings
from .findings import describe_finding
from .host import describe_host
from .proof import describe_proof, document_proof

if TYPE_CHECKING:
    from ..examination import Examination, Part
    from ..host import Evidence, Host
    from ..shadow import Shadow

_REACHES = {
    Reach.LOADER: "is loaded for {}",
    Reach.NAME: "is what a program gets that opens {library} without a version, not {}",
    Reach.COMPILER: "is what extensions compiled here link, not {}",
}
SHOWN = 3
"""How many of the specs that a file leaves open are named."""


def describe_examination(found: Examination, host: Host, notes: bool) -> str:
    """Say what was found, notes only when asked for; one line where there is nothing."""
    lines = [f"host: {describe_host(host)}"]
    for part in found.parts:
        lines += _describe_part(part, notes)
    fine = [part for part in found.parts if not _shown(part, notes)]
    names = ", ".join(part.name for part in fine if part.name)
    if fine:
        lines.append("CUDA packages: nothing wrong" + (f" in {names}" if len(found.parts) > 1 else ""))
    lines += map(describe_shadow, found.shadows)
    lines += map(describe_problem, found.problems)
    lines += [line for proof in found.proofs or () for line in describe_proof(proof, host)]
    lines += [] if found.proofs != () else ["imported: nothing; no torch, tensorflow, jax or cupy is installed"]
    unsettled = list(dict.fromkeys(text for part in found.parts for text in part.unsettled))
    if unsettled:
        more = ", ..." if len(unsettled) > SHOWN else ""
        named = ", ".join(unsettled[:SHOWN])
        lines.append(f"not judged: {len(unsettled)} without a settled version ({named}{more})")
    return "\n".join(lines)


def _shown(part: Part, notes: bool) -> list[Any]:
    return [finding for finding in part.judgement.new if notes or finding.severity is not Severity.INFO]


def _describe_part(part: Part, notes: bool) -> list[str]:
    shown = _shown(part, notes)
    hidden = len(part.judgement.new) - len(shown)
    lines = [f"in {part.name}:"] if part.name and shown else []
    lines += map(describe_finding, shown)
    return [*lines, *([f"({hidden} notes; -v shows them)"] if hidden else [])]


def describe_shadow(shadow: Shadow) -> str:
    """Say in one line which library hides one of the environment, and what makes it."""
    effect = _REACHES[shadow.reach].format(shadow.shadowed, library=shadow.library)
    return f"warning: shadowed {shadow.library}: {shadow.winner} {effect} ({shadow.why})"


def describe_problem(problem: Evidence) -> str:
    """Say in one line what could not be read."""
    return f"not judged: {problem.source}: {problem.detail}"


def document_examination(found: Examination) -> dict[str, Any]:
    """Return what was found as a JSON value."""
    facts: dict[str, Any] = {
        "prefix" if found.kind == "prefix" else "file": found.subject,
        "kind": found.kind,
        "findings": document_findings(found.judgement.new),
        "shadows": [
            {"library": s.library, "winner": s.winner, "shadowed": s.shadowed, "why": s.why, "reach": s.reach.value}
            for s in found.shadows
        ],
        "unread": [{"file": problem.source, "why": problem.detail} for problem in found.problems],
    }
    if found.proofs is not None:
        facts["imports"] = list(map(document_proof, found.proofs))
    if found.kind != "prefix":
        facts["environments"] = [
            {"name": part.name, "findings": document_findings(part.judgement.new), "unsettled": list(part.unsettled)}
            for part in found.parts
        ]
    return facts
