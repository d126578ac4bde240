"""The project's own scenarios, and the runner that runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conda_cuda_pin.rules import RULES
from tests.scenarios.__main__ import main
from tests.scenarios.report import Status, run_scenario
from tests.scenarios.scenario import Scenario, load_scenarios

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.json"))
OWN = [scenario for file in FILES for scenario in load_scenarios(file)]
TOO_NEW = {
    "channel": "conda-forge",
    "name": "pytorch",
    "version": "2.10.0",
    "build": "cuda130_h1_0",
    "depends": ["cuda-version >=13.0,<14"],
}


def mark(scenario: Scenario) -> list[pytest.MarkDecorator]:
    """A scenario that runs a tool is marked with its name."""
    marks = {"conda": pytest.mark.conda, "pip": pytest.mark.pip}
    return [] if scenario.kind == "judge" else [marks[scenario.tool]]


def make(**parts: Any) -> Scenario:
    entry = {"kind": "judge", "host": {"driver_cuda": "12.4"}, "expect": {}, "folder": Path(), **parts}
    return Scenario(id="made", request={"tool": "conda", **entry.pop("request", {})}, **entry)


def write(path: Path, *entries: dict[str, Any]) -> str:
    path.write_text(json.dumps(entries))
    return str(path)


def entry(action: str, **parts: Any) -> dict[str, Any]:
    """An install of a build that is too new for the driver: the product blocks it."""
    return {
        "id": f"expects-{action}",
        "kind": "judge",
        "host": {"platform": "linux-64", "driver_cuda": "12.4"},
        "request": {"tool": "conda", "verb": "install", "specs": ["pytorch"]},
        "plan": {"link": [TOO_NEW], "unlink": []},
        "expect": {"action": action},
        **parts,
    }


@pytest.mark.parametrize(
    "scenario",
    [pytest.param(s, id=s.id, marks=[pytest.mark.conda] if s.kind in ("solve", "message") else []) for s in OWN],
)
def test_own_scenario(scenario: Scenario) -> None:
    report = run_scenario(scenario)
    if report.status is Status.SKIPPED:
        pytest.skip(report.why)
    assert report.status is Status.PASSED, report


def test_every_rule_has_a_scenario_that_fires_and_one_that_is_silent() -> None:
    ids = {scenario.id for scenario in OWN}
    assert {f"{rule.word}-{way}" for rule in RULES for way in ("fires", "silent")} <= ids


def test_a_right_expectation_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([write(tmp_path / "s.json", entry("block"))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["expects-block  passed   block: driver-too-old", "1 passed, 0 failed, 0 skipped"]


def test_a_wrong_expectation_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([write(tmp_path / "s.json", entry("allow"), entry("block"))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "expects-allow  failed   block, not allow (driver-too-old)"
    assert lines[-1] == "1 passed, 1 failed, 0 skipped"


def test_a_broken_scenario_fails_and_the_others_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = entry("allow", id="broken", plan={"link": [{"name": "pytorch"}]})
    assert main([write(tmp_path / "s.json", broken, entry("block"))]) == 1
    assert "broken         failed   KeyError: 'version'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"request": {"tool": "of-tomorrow"}}, "not yet: judge for of-tomorrow"),
        ({"kind": "of-tomorrow"}, "not yet: of-tomorrow for conda"),
    ],
)
def test_a_kind_that_is_not_there_yet_is_skipped(parts: dict[str, Any], why: str) -> None:
    report = run_scenario(make(**parts))
    assert (report.status, report.why) == (Status.SKIPPED, why)


def test_options_choose_and_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "s.json", entry("block"), entry("allow"), entry("x", id="other", kind="solve"))
    assert main([file, "--kind", "judge", "--only", "expects-block", "-v"]) == 0
    out = capsys.readouterr().out
    assert "    CUP101 block driver-too-old" in out
    assert out.endswith("1 passed, 0 failed, 0 skipped\n")


@pytest.mark.parametrize(
    "text", ["", "{}", "[{}]", '[{"id": "x"}]', '[{"id": "x", "kind": "judge", "host": "linux-64"}]']
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    file = tmp_path / "s.json"
    file.write_text(text)
    assert main([str(file)]) == 2
    assert str(file) in capsys.readouterr().err


def test_what_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json")]) == 2
    assert main([write(tmp_path / "s.json", entry("block")), "--only", "nobody"]) == 2
    assert "no such scenario: nobody" in capsys.readouterr().err


def test_without_a_rig_a_solve_is_skipped_with_the_command_that_builds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.scenarios.command.find_fault", lambda: "build it with `python -m tests.rig`")
    report = run_scenario(make(kind="solve"))
    assert (report.status, report.why) == (Status.SKIPPED, "build it with `python -m tests.rig`")
