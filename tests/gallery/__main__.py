"""``python -m tests.gallery > docs/gallery.md``: real reports, and the real answers of the rules and solves to them.

The reports are ``reports.json`` beside this module: scenarios, each with what happened then under ``then``. Ids on the
command line add reports of other files: ``python -m tests.gallery FILE ID...``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.scenarios.report import ANY, KINDS
from tests.scenarios.scenario import load_scenarios

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.scenarios.outcome import Outcome
    from tests.scenarios.scenario import Scenario

REPORTS = Path(__file__).with_name("reports.json")
HEAD = """\
# Twelve reports, then and now

Reports of real users, written down as scenarios, and what conda-cuda-pin says to each: the output of the real rules,
of real solves and of the real detection. Made by `python -m tests.gallery > docs/gallery.md`.

| report | then | now |
|---|---|---|
"""
PLACE = " -n scenario --override-channels"
"""What the runner adds to a command and a reader need not see."""


def show(scenario: Scenario, facts: dict[str, Any]) -> tuple[str, str]:
    """Return the row of a report in the table, and its section."""
    outcome = KINDS.get((scenario.kind, scenario.tool), KINDS.get((scenario.kind, ANY)))
    assert outcome is not None, f"{scenario.id}: nothing runs {scenario.kind} for {scenario.tool}"
    answer = outcome(scenario)
    words = _choose_words(scenario, answer)
    link = f"[{scenario.id}]({facts['source']})"
    first = words.splitlines()[0].strip() if words else "nothing"
    row = f"| {link} | {facts.get('then', facts['title'])} | {_name(answer)}{first} |"
    request = _describe_request(scenario)
    return row, f"## {facts['title']}\n\n{link}{request}\n\n```text\n{words}\n```\n"


def _name(answer: Outcome) -> str:
    return {"block": "stopped: ", "warn": "warned: "}.get(answer.action, "")


def _describe_request(scenario: Scenario) -> str:
    if not scenario.request:
        return ""
    words = (scenario.tool, scenario.request.get("verb", ""), *scenario.args, *scenario.request.get("specs", ()))
    return f": `{' '.join(words)}`"


def _choose_words(scenario: Scenario, answer: Outcome) -> str:
    """Return what a user reads: of a judgement its lines, of a command the text that conda prints."""
    texts = [text for text in answer.texts if text.strip()]
    if scenario.kind == "judge":
        return "\n".join(line for line in answer.details if line.split()[1:2] != ["info"])
    chosen = texts if scenario.kind == "detect" else texts[-1:] if answer.action != "block" else texts[:1]
    lines = [line.rstrip().replace(PLACE, "") for text in chosen for line in text.splitlines()]
    return "\n".join(line for line in lines if "DryRunExit" not in line and "/tmp/" not in line).strip()


def main(arguments: Sequence[str]) -> int:
    """Print the page."""
    chosen = [(REPORTS, "")]
    if arguments:
        chosen += [(Path(arguments[0]), wanted) for wanted in arguments[1:]]
    shown = []
    for path, wanted in chosen:
        facts = {entry["id"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))}
        shown += [show(s, facts[s.id]) for s in load_scenarios(path) if wanted in ("", s.id)]
    rows, sections = zip(*shown, strict=True)
    print(HEAD + "\n".join(rows) + "\n\n" + "\n".join(sections), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
