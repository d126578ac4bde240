"""The kind ``solve``: the rig's conda, the plugin in it, chooses from the scenario's channels."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.rules import find_rules
from tests.scenarios.command import find_matches, prepare_command
from tests.scenarios.outcome import Outcome
from tests.scenarios.records import complete_record

if TYPE_CHECKING:
    from tests.rig.runner import Result
    from tests.scenarios.scenario import Json, Scenario

_CODE = re.compile(r"CUP\d{3}")
_OURS = "conda-cuda-pin: "
"""How the plugin's lines begin."""
_FIELDS = ("name", "version", "build", "build_number", "channel", "subdir")


def run_solve(scenario: Scenario) -> Outcome:
    """Return what conda chose, or why it did not."""
    place = tempfile.TemporaryDirectory(prefix="scenario-")
    with place as scratch, prepare_command(scenario, Path(scratch)) as command:
        result = command.run("--json")
        answer = _read_answer(result)
        blocked = bool(result.returncode)
        aloud = not blocked and _needs_words(scenario.expect)
        printed = command.run().stderr if aloud else result.stderr  # under --json the plugin is silent
    texts = (str(answer.get("message", "")), str(answer.get("error", "")), printed)
    records = _list_installed(scenario, {} if blocked else answer.get("actions", {}))
    specs = [spec for key in ("must_select", "must_not_select") for spec in scenario.expect.get(key, ())]
    codes = dict.fromkeys(code for text in texts for code in _CODE.findall(text))
    words = tuple(rule.word for code in codes for rule in find_rules(code))
    return Outcome(
        action="block" if blocked else _name_action(printed, bool(words)) if aloud else "select",
        words=words,
        warned=words,
        texts=texts,
        matches=find_matches(specs, records) if specs else {},
        details=(*_split(texts), *(f"{r['name']} {r['version']} {r['build']}" for r in records)),
    )


def _read_answer(result: Result) -> dict[str, Any]:
    """Return conda's JSON; AssertionError where conda itself broke, which is neither a choice nor a refusal."""
    try:
        answer = result.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "traceback" in answer:
        words = answer["error"] if isinstance(answer, dict) else (result.stderr or result.stdout)
        raise AssertionError(f"conda broke: {' '.join(words.split())[-300:]}")
    return answer


def _needs_words(expect: Json) -> bool:
    return expect.get("action") in ("warn", "allow", "inert") or bool({"says", "says_not", "findings"} & expect.keys())


def _name_action(printed: str, found: bool) -> str:
    if found or f"{_OURS}warning: " in printed:
        return "warn"
    return "allow" if _OURS in printed else "inert"


def _list_installed(scenario: Scenario, actions: Json) -> list[dict[str, Any]]:
    """Return the environment after the transaction, as conda's records."""
    linked = [{**record, "build": record["build_string"]} for record in actions.get("LINK", ())]
    gone = {record["name"] for record in (*actions.get("UNLINK", ()), *linked)}
    before = [complete_record(record, "") for record in scenario.env.get("conda", ())]
    records = (*(record for record in before if record["name"] not in gone), *linked)
    return [{field: record[field] for field in _FIELDS if field in record} for record in records]


def _split(texts: tuple[str, ...]) -> list[str]:
    return [line for text in dict.fromkeys(texts) for line in text.splitlines() if line.strip()]
