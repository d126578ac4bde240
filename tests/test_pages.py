"""The pages made from the code are up to date, and the README names what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from conda_cuda_pin.rules import RULES
from conda_cuda_pin.settings import OPTIONS
from pip_hook.options import OWN_FLAGS, OWN_VALUED
from pip_hook.speech import BLOCKED
from tests.pages import DOCS, render_pip_cuda, render_rules

ROOT = Path(__file__).parent.parent


def test_the_page_of_rules_is_what_the_code_says() -> None:
    assert (DOCS / "rules.md").read_text(encoding="utf-8") == render_rules(), "run: python -m tests.pages"


def test_the_page_of_pip_cuda_has_the_tables_as_they_are_and_every_option() -> None:
    page = (DOCS / "pip-cuda.md").read_text(encoding="utf-8")
    assert page == render_pip_cuda(page), "run: python -m tests.pages"
    assert all(f"`{option}" in page for option in OWN_FLAGS | OWN_VALUED if option != "--file")
    assert "`check --file FILE`" in page
    assert f"exit status {BLOCKED}" in page


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: str(option.key))
def test_every_setting_is_documented_with_its_values(option: object) -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{option.key}`"))  # type: ignore[attr-defined]
    assert all(f"`{value}`" in row for value in option.allowed if value)  # type: ignore[attr-defined]


def test_the_changelog_names_every_rule() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for rule in RULES:
        family = [r.code for r in RULES if r.code[:4] == rule.code[:4]]
        named = family[0] if len(family) == 1 else f"{family[0]}-{family[-1]}"
        assert named in changelog
