"""A refusal: what was found, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..knowledge.packages import members
from .command import ONCE, describe_command, lay_out, suggest_command
from .host import describe_host

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..host import Host
    from ..judge import Judgement
    from ..request import Request
    from ..rules import Finding
    from ..settings import Settings

SHOWN = 6
"""How many lines of findings a screen shows."""


def describe_block(judgement: Judgement, request: Request, host: Host, settings: Settings) -> str:
    """Say in one screen what is refused, why, what would work, and how to have it anyway."""
    blocks = judgement.blocks
    codes = sorted({finding.code for finding in blocks})
    command = describe_command(request)
    instead = command if request.typed else suggest_command(blocks, request, host, settings)
    rows = [
        ("asked", command),
        ("host", describe_host(host)),
        *(("breaks" if not number else "", line) for number, line in enumerate(describe_findings(blocks, request))),
        *([("instead", instead)] if instead != command else []),
        ("anyway", f"{ONCE} {command}   (for good: cuda_pin_ignore: [{', '.join(codes)}] in .condarc)"),
        ("more", "; ".join(f"conda cuda-pin explain {code}" for code in codes)),
    ]
    return "this change would break the environment; nothing was changed.\n\n" + lay_out(rows)


def describe_findings(findings: Sequence[Finding], request: Request, each: int = 2) -> list[str]:
    """Name findings, what was asked for first, so many of each rule; the rest is counted on the last of them."""
    ordered = sorted(findings, key=lambda finding: _rank(finding, request))
    by_code: dict[str, list[Finding]] = {}
    for finding in ordered:
        by_code.setdefault(finding.code, []).append(finding)
    lines = []
    for code, group in by_code.items():
        lines += [f"{code} {finding.word}: {finding.message}" for finding in group[:each]]
        if len(group) > each:
            lines[-1] += f" (and {len(group) - each} more packages)"
    return lines[:SHOWN]


def _rank(finding: Finding, request: Request) -> tuple[str, bool, bool]:
    """Sort what was asked for before frameworks, and these before the rest."""
    names = {package.split(" ")[0] for package in finding.packages}
    return finding.code, not names & request.names, not names & members().keys()
