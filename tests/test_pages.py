"""The pages made from the code are up to date, and the README names what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from conda_cuda_pin.explain.findings import list_sections
from conda_cuda_pin.rules import RULES, Rule
from conda_cuda_pin.settings import OPTIONS
from pip_hook.options import OWN_FLAGS, OWN_VALUED
from pip_hook.speech import BLOCKED
from tests.examples import EXAMPLES, read_message, scenarios
from tests.pages import DOCS, list_pages
from tests.scenarios.judge import run_judge

ROOT = Path(__file__).parent.parent


PAGES = list_pages()
by_code = pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.code))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.name))
def test_a_page_is_what_the_code_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path], "run: python -m tests.pages"


def test_there_is_no_page_of_a_rule_that_is_gone() -> None:
    assert set((DOCS / "rules").iterdir()) <= set(PAGES)


@by_code
def test_a_rule_has_a_page_an_explanation_and_a_proof(rule: Rule) -> None:
    page = (ROOT / rule.page).read_text(encoding="utf-8")
    assert rule.source.startswith("https://")
    for _, text in list_sections(rule):
        assert text in page
    assert f"{rule.code} {rule.word}: " in page.split("```")[1]  # the message that is really said
    assert f"rules/{rule.code}.md" in (DOCS / "rules.md").read_text(encoding="utf-8")


@by_code
def test_a_rule_has_a_scenario_that_fires_and_one_that_is_silent(rule: Rule) -> None:
    silent = scenarios()[EXAMPLES[rule.code].other_side]
    assert read_message(rule.code)
    told = [text for text in run_judge(silent).details if not text.startswith(f"{rule.code} info")]
    assert not any(text.startswith(rule.code) for text in told)


def test_the_page_of_pip_cuda_has_every_option() -> None:
    page = (DOCS / "pip-cuda.md").read_text(encoding="utf-8")
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
