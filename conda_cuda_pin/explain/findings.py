"""The findings in an environment, and a rule, in words."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ..rules import Severity
from ..shadow import Reach
from .host import describe_host

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..host import Evidence, Host
    from ..judge import Judgement
    from ..rules import Finding, Rule
    from ..shadow import Shadow

_MARKS = {Severity.BLOCK: "breaks", Severity.WARN: "warning", Severity.INFO: "note"}


def describe_state(judgement: Judgement, host: Host, notes: bool) -> str:
    """Say what was found in an environment, notes only when asked for; one line when there is nothing."""
    shown = [f for f in judgement.new if notes or f.severity is not Severity.INFO]
    hidden = len(judgement.new) - len(shown)
    lines = [f"host: {describe_host(host)}", *map(describe_finding, shown)]
    if not shown:
        lines.append("CUDA packages: nothing wrong")
    if hidden:
        lines.append(f"({hidden} notes; -v shows them)")
    return "\n".join(lines)


def describe_finding(finding: Finding) -> str:
    """Say one finding in one line, with what mends it."""
    remedy = f"  [try: {', '.join(finding.remedy)}]" if finding.remedy else ""
    return f"{_MARKS[finding.severity]}: {finding.code} {finding.word}: {finding.message}{remedy}"


_REACHES = {
    Reach.LOADER: "is loaded for {}, unless what asks for it has an RPATH",
    Reach.NAME: "is what a program gets that opens {library} without a version, not {}",
    Reach.COMPILER: "is what extensions compiled here link, not {}",
}


def describe_shadow(shadow: Shadow) -> str:
    """Say in one line which library hides one of the environment, and what makes it."""
    effect = _REACHES[shadow.reach].format(shadow.shadowed, library=shadow.library)
    return f"warning: shadowed {shadow.library}: {shadow.winner} {effect} ({shadow.why})"


def describe_problem(problem: Evidence) -> str:
    """Say in one line what could not be read."""
    return f"not judged: {problem.source}: {problem.detail}"


def describe_surroundings(shadows: Iterable[Shadow], problems: Iterable[Evidence]) -> list[str]:
    """Say line by line what no rule says: libraries that are hidden, files that could not be read."""
    return [*map(describe_shadow, shadows), *map(describe_problem, problems)]


def describe_rule(rule: Rule) -> str:
    """Explain one rule."""
    body = textwrap.fill(rule.explanation, 100)
    ignoring = f"Ignore it: cuda_pin_ignore: [{rule.code}]"
    return f"{rule.code} {rule.word}: {rule.title}\n\n{body}\n\nProof: {rule.source}\n{ignoring}"
