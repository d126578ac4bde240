"""A scenario's settings and machine as environment variables, the same for conda and for pip."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.detect import host_to_json
from conda_cuda_pin.settings import PREFIX
from tests.scenarios.hosts import OVERRIDE, PLATFORM, find_overrides, find_platform, read_host
from tests.scenarios.policy import name_settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scenarios.scenario import Scenario


def name_variables(scenario: Scenario, scratch: Path) -> dict[str, str]:
    """Return the variables that set the scenario's policy and put its machine in this one's place.

    A machine that no variable describes becomes a file under ``scratch``.
    """
    return {**_name_settings(scenario), **_name_host(scenario, scratch)}


def _name_settings(scenario: Scenario) -> dict[str, str]:
    return {_variable(key): _as_text(value) for key, value in name_settings(scenario).items()}


def _name_host(scenario: Scenario, scratch: Path) -> dict[str, str]:
    """Return the variables that put another machine in this one's place: an override, else a declared target."""
    target, overrides = scenario.config.get("target"), find_overrides(scenario)
    if isinstance(target, str):
        return {_variable(f"{PREFIX}target"): target, **overrides}
    if OVERRIDE in overrides and not target:
        return overrides
    if not target and find_platform(scenario) == PLATFORM and read_host(scenario).has_no_nvidia:
        return {OVERRIDE: "", **overrides}  # as on the machine itself, where no driver is found
    file = scratch / "host.json"
    file.write_text(json.dumps(host_to_json(read_host(scenario))), encoding="utf-8")
    return {_variable(f"{PREFIX}target"): str(file), **overrides}


def _variable(key: str) -> str:
    return f"CONDA_PLUGINS_{key.upper()}"


def _as_text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
