"""Writes the pages of ``docs/`` that are made from the code: ``python -m tests.pages``."""

from __future__ import annotations

from pathlib import Path

from conda_cuda_pin.explain.findings import list_sections
from conda_cuda_pin.rules import RULES, Rule
from tests.examples import EXAMPLES, read_message

DOCS = Path(__file__).parent.parent / "docs"
_HEAD = """# Rules

`conda cuda-pin explain CODE` and `pip-cuda explain CODE` print what a rule's page says. A rule is ignored by its code
or its word: `cuda_pin_ignore: [CODE]` in a `.condarc`, yours or one environment's. Made by `python -m tests.pages`.

| code | word | it says |
|---|---|---|
"""
_IGNORE = """
```yaml
# ~/.condarc: everywhere        PREFIX/.condarc: in one environment, of conda or a venv
plugins:
  cuda_pin_ignore: [{code}]
```
"""


def render_rules() -> str:
    """Return the page of all rules."""
    return _HEAD + "".join(f"| [{r.code}](rules/{r.code}.md) | `{r.word}` | {r.title} |\n" for r in RULES)


def render_rule(rule: Rule) -> str:
    """Return the page of one rule."""
    parts = "".join(f"\n## {head}\n\n{text}\n" for head, text in list_sections(rule))
    head = f"# {rule.code} {rule.word}: {rule.title}\n{_render_example(rule)}"
    proof = f"\nProof: <{rule.source}>. [All rules](../rules.md)\n"
    return head + parts + _IGNORE.format(code=rule.code) + proof


def _render_example(rule: Rule) -> str:
    example = EXAMPLES[rule.code]
    return f"\n{example.story}\n\n```\n{read_message(rule.code)}\n```\n\nWhat works: `{example.instead}`\n"


def list_pages() -> dict[Path, str]:
    """Return every page that is made, with its content."""
    pages = {DOCS / "rules" / f"{rule.code}.md": render_rule(rule) for rule in RULES}
    return {DOCS / "rules.md": render_rules(), **pages}


if __name__ == "__main__":
    for path, text in list_pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
