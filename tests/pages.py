"""Writes the pages of ``docs/`` that are made from the code: ``python -m tests.pages``."""

from __future__ import annotations

from pathlib import Path

from conda_cuda_pin.rules import RULES, Rule

DOCS = Path(__file__).parent.parent / "docs"
_HEAD = """# Rules

Made from `conda_cuda_pin/rules/` by `python -m tests.pages`. `conda cuda-pin explain CODE` prints the same. Ignore a
rule with `cuda_pin_ignore: [CODE]` in a `.condarc`, yours or one environment's; the word does as well as the code.
"""


def render_rules() -> str:
    """Return the page of all rules."""
    return _HEAD + "".join(map(_render_rule, RULES))


def _render_rule(rule: Rule) -> str:
    return f"\n## {rule.code} {rule.word}: {rule.title}\n\n{rule.explanation}\n\nProof: <{rule.source}>\n"


if __name__ == "__main__":
    (DOCS / "rules.md").write_text(render_rules(), encoding="utf-8")
