"""The findings in an environment, and a rule, in words."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ..rules import Severity
from .host import describe_host

if TYPE_CHECKING:
    from ..host import Evidence, Host
    from ..judge import Judgement
    from ..rules import Finding, Rule

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


def describe_problem(problem: Evidence) -> str:
    """Say in one line what could not be read."""
    return f"not judged: {problem.source}: {problem.detail}"


def describe_rule(rule: Rule) -> str:
    """Explain one rule."""
    body = textwrap.fill(rule.explanation, 100)
    ignoring = f"Ignore it: cuda_pin_ignore: [{rule.code}]"
    return f"{rule.code} {rule.word}: {rule.title}\n\n{body}\n\nProof: {rule.source}\n{ignoring}"
