"""The settings of a scenario: in the product's own names or in the neutral words of the format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conda_cuda_pin.settings import PREFIX, Settings

if TYPE_CHECKING:
    from tests.scenarios.scenario import Scenario

_LEVELS = {"compat": "major", "strict": "minor"}


def read_settings(scenario: Scenario) -> Settings:
    """Return the settings in force; SettingsError where one is not allowed."""
    return Settings.from_mapping(name_settings(scenario))


def name_settings(scenario: Scenario) -> dict[str, Any]:
    """Return the settings by the names they have in a ``.condarc``; the target, which is a host, is left out."""
    named = {_name(key): value for key, value in scenario.config.items() if key != "target"}
    level = f"{PREFIX}level"
    return {**named, **({level: _LEVELS.get(named[level], named[level])} if level in named else {})}


def _name(key: str) -> str:
    return key if key.startswith(PREFIX) else PREFIX + key
