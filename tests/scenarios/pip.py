"""The kinds ``solve`` and ``message`` for pip: the real command, on the scenario's indexes and environment."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from conda_cuda_pin.rules import find_rules
from tests.piprig.environment import Venv
from tests.piprig.hook import make_hook
from tests.piprig.pips import PipMissing
from tests.piprig.server import IndexServer
from tests.piprig.tool import list_planned
from tests.piprig.wheel import normalise
from tests.scenarios.indexes import find_hosts, lay_indexes, move_urls
from tests.scenarios.outcome import Outcome
from tests.scenarios.scenario import SkipScenario
from tests.scenarios.target import make_target
from tests.scenarios.variables import name_variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.piprig.tool import Tool
    from tests.rig.runner import Result
    from tests.scenarios.scenario import Json, Scenario

SECONDS = 120
"""How long one command may take."""
_CODE = re.compile(r"CUP\d{3}")
_OURS = "pip-cuda: "
"""How the lines begin that are not pip's."""
_VERBS = {"uninstall": ("uninstall", "--yes"), "remove": ("uninstall", "--yes"), "update": ("install", "--upgrade")}


def run_pip(scenario: Scenario) -> Outcome:
    """Return what came of the request; SkipScenario where there is no pip to run."""
    with tempfile.TemporaryDirectory(prefix="scenario-") as directory, IndexServer(*lay_indexes(scenario)) as world:
        scratch = Path(directory)
        target = make_target(scenario, scratch / "target")
        try:
            tool = make_hook(target, scratch, world, *find_hosts(scenario))
        except PipMissing as reason:
            raise SkipScenario(str(reason)) from reason
        result, report = _run(scenario, tool, world)
        after = list_after(target, report)
    printed = f"{result.stdout}\n{result.stderr}"
    codes = dict.fromkeys(_CODE.findall(printed))
    words = tuple(rule.word for code in codes for rule in find_rules(code))
    specs = [spec for key in ("must_select", "must_not_select") for spec in scenario.expect.get(key, ())]
    return Outcome(
        action=_name_action(result, printed, bool(words)),
        words=words,
        warned=words,
        texts=(printed,),
        matches={spec: find_matching(spec, after) for spec in specs},
        details=(*filter(str.strip, printed.splitlines()), *(f"{name} {version}" for name, version in after.items())),
    )


def find_matching(spec: str, installed: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a requirement matches: without a local part it matches any, after ``===`` the very text alone."""
    requirement = Requirement(spec)
    found = ((name, version) for name, version in installed.items() if name == normalise(requirement.name))
    return tuple(f"{n} {v}" for n, v in found if requirement.specifier.contains(v, prereleases=True))


def list_after(target: Venv, report: Json) -> dict[str, str]:
    """Return name -> version of the wheels after the request. What conda brought is conda's."""
    planned = {normalise(name): version for name, version in list_planned(report).items()}
    return {**target.list_installed("pip"), **planned}


def _run(scenario: Scenario, tool: Tool, world: IndexServer) -> tuple[Result, Json]:
    """Run the request, without its effect where pip can; AssertionError where there is no answer in time."""
    report = tool.at / "report.json"
    words = _VERBS.get(str(scenario.request.get("verb")), (str(scenario.request.get("verb", "install")),))
    dry = ("--dry-run", "--report", str(report)) if words[0] == "install" else ()
    asked = move_urls(_list_asked(scenario), world)
    try:
        result = tool.run(*words, *asked, *dry, env=name_variables(scenario, tool.at), timeout=SECONDS)
    except subprocess.TimeoutExpired as expired:
        raise AssertionError(f"no answer within {SECONDS} s") from expired
    return result, json.loads(report.read_text()) if report.exists() else {"install": []}


def _list_asked(scenario: Scenario) -> Iterable[str]:
    return (*scenario.request.get("specs", ()), *(arg for arg in scenario.args if arg != "--dry-run"))


def _name_action(result: Result, printed: str, found: bool) -> str:
    """Say what was answered; AssertionError where pip failed, which is neither a choice nor a refusal.

    Requirements that exclude each other are a refusal, whoever found out.
    """
    ours = _OURS in printed
    refused = ours or found or "ResolutionImpossible" in printed
    if result.returncode and (not refused or "Traceback" in printed):
        raise AssertionError(f"pip failed: {' '.join(result.stderr.split())[-300:]}")
    if result.returncode:
        return "block"
    if found:
        return "warn"
    return "allow" if ours else "inert"
