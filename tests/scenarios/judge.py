"""The kind ``judge``: no solver runs; the rules look at what one came back with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conda_cuda_pin.judge import judge_change, judge_state
from conda_cuda_pin.rules import Severity
from tests.scenarios.hosts import is_foreign, read_host
from tests.scenarios.outcome import Outcome
from tests.scenarios.packages import read_after, read_before, read_request
from tests.scenarios.policy import read_settings

if TYPE_CHECKING:
    from conda_cuda_pin.rules import Finding
    from tests.scenarios.scenario import Scenario

PLATFORMS = ("linux-", "win-")
"""Where there is CUDA; anywhere else the product is off."""


def run_judge(scenario: Scenario) -> Outcome:
    """Return what the rules say of the scenario's plan."""
    settings = read_settings(scenario)
    host = read_host(scenario)
    if settings.off or is_foreign(scenario) or not host.platform.startswith(PLATFORMS):
        return Outcome("inert", details=("the product is off here",))
    request = read_request(scenario)
    before, after = read_before(scenario), read_after(scenario)
    if request.verb == "check":
        return _conclude(judge_state(host, settings, request, after).new, settings.mode)
    return _conclude(judge_change(host, settings, request, before, after).new, settings.mode)


def _conclude(findings: tuple[Finding, ...], mode: str) -> Outcome:
    severities = {finding.severity for finding in findings}
    warned = [finding.word for finding in findings if finding.severity is not Severity.INFO]
    return Outcome(
        action=_choose_action(severities, mode),
        words=tuple(dict.fromkeys(finding.word for finding in findings)),
        warned=tuple(dict.fromkeys(warned)),
        texts=tuple("\n".join((finding.message, *finding.remedy)) for finding in findings),
        details=tuple(f"{f.code} {f.severity.value} {f.word}: {f.message}" for f in findings),
    )


def _choose_action(severities: set[Severity], mode: str) -> str:
    if Severity.BLOCK in severities and mode == "enforce":
        return "block"
    if severities & {Severity.BLOCK, Severity.WARN}:
        return "warn"
    return "allow" if severities else "inert"
