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
    """Explain one rule; its page says the same, with an example."""
    parts = [textwrap.fill(f"{head}: {text}", _WIDTH) for head, text in list_sections(rule)]
    return "\n\n".join([f"{rule.code} {rule.word}: {rule.title}", *parts, f"Proof: {rule.source}\nPage: {rule.page}"])


def list_sections(rule: Rule) -> list[tuple[str, str]]:
    """Return the headings of a rule's page and what stands under them."""
    return [
        ("When it fires", rule.fires),
        ("Why it breaks", rule.breaks),
        ("How to mend it", rule.mends),
        ("How to ignore it", _IGNORING.format(code=rule.code, word=rule.word)),
    ]


_WIDTH = 100
_IGNORING = (
    "cuda_pin_ignore: [{code}] under plugins: in ~/.condarc, or in PREFIX/.condarc for one environment, of conda or a "
    "venv; the word ({word}) does as well as the code. For one command: CONDA_PLUGINS_CUDA_PIN_IGNORE={code}. conda "
    "and pip-cuda read both."
)
