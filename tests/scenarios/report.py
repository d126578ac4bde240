"""Runs scenarios and says of each what came of it."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from tests.scenarios.detect import run_detect
from tests.scenarios.judge import run_judge
from tests.scenarios.outcome import find_faults
from tests.scenarios.pip import run_pip
from tests.scenarios.scenario import SkipScenario
from tests.scenarios.solve import run_solve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tests.scenarios.outcome import Outcome
    from tests.scenarios.scenario import Scenario

ANY = ""
"""In place of a tool: it does not matter."""
KINDS: dict[tuple[str, str], Callable[[Scenario], Outcome]] = {
    ("judge", "conda"): run_judge,
    ("judge", "pip"): run_judge,
    ("solve", "conda"): run_solve,
    ("solve", "pip"): run_pip,
    ("message", "pip"): run_pip,
    ("message", "conda"): run_solve,
    ("detect", ANY): run_detect,
}
"""What runs a scenario of a kind for a tool. A kind that is not here yet is skipped."""
WORKERS = 2


class Status(str, Enum):
    """What came of a scenario."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Report:
    """What came of one scenario, and why."""

    id: str
    status: Status
    why: str
    details: tuple[str, ...] = ()


def run_scenarios(scenarios: Sequence[Scenario]) -> Iterator[Report]:
    """Run scenarios, some at a time, and report on each in the order given."""
    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(run_scenario, scenarios)


def run_scenario(scenario: Scenario) -> Report:
    """Run one scenario and hold what came out against what was expected. A fault in the way is a failure."""
    run = KINDS.get((scenario.kind, scenario.tool)) or KINDS.get((scenario.kind, ANY))
    if run is None:
        return Report(scenario.id, Status.SKIPPED, f"not yet: {scenario.kind} for {scenario.tool}")
    started = time.monotonic()
    try:
        outcome = run(scenario)
    except SkipScenario as reason:
        return Report(scenario.id, Status.SKIPPED, str(reason))
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the other scenarios still run
        return Report(scenario.id, Status.FAILED, f"{type(error).__name__}: {' '.join(str(error).split())}")
    faults = find_faults(scenario.expect, outcome, time.monotonic() - started)
    why = "; ".join(faults) or ": ".join(filter(None, (outcome.action, ", ".join(outcome.words))))
    return Report(scenario.id, Status.FAILED if faults else Status.PASSED, why, outcome.details)


def count(reports: Iterable[Report]) -> str:
    """Return the closing line."""
    found = Counter(report.status for report in reports)
    return ", ".join(f"{found[status]} {status.value}" for status in Status)
