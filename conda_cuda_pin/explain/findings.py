"""A finding, and a rule, in words."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ..rules import Severity

if TYPE_CHECKING:
    from ..rules import Finding, Rule

_MARKS = {Severity.BLOCK: "breaks", Severity.WARN: "warning", Severity.INFO: "note"}


def describe_finding(finding: Finding) -> str:
    """Say one finding in one line, with what mends it."""
    remedy = f"  [try: {', '.join(finding.remedy)}]" if finding.remedy else ""
    return f"{_MARKS[finding.severity]}: {finding.code} {finding.word}: {finding.message}{remedy}"


def describe_rule(rule: Rule) -> str:
    """Explain one rule."""
    body = textwrap.fill(rule.explanation, 100)
    ignoring = f"Ignore it: cuda_pin_ignore: [{rule.code}]"
    return f"{rule.code} {rule.word}: {rule.title}\n\n{body}\n\nProof: {rule.source}\n{ignoring}"
