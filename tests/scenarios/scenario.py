"""A scenario: one machine, one environment, one request, and what must and must not happen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Json = Mapping[str, Any]
"""One object of a scenario file."""


class ScenarioError(Exception):
    """A scenario or its file cannot be read; the text says what and why."""


class SkipScenario(Exception):  # noqa: N818 - it is no error
    """A scenario cannot be run here; the text says why."""


@dataclass(frozen=True)
class Scenario:
    """One scenario as it stands in its file; a part that is missing is empty."""

    id: str
    kind: str
    host: Json
    expect: Json
    folder: Path
    """The folder of its file; channels lie under ``channels/`` there."""
    env: Json = field(default_factory=dict)
    config: Json = field(default_factory=dict)
    request: Json = field(default_factory=dict)
    plan: Json = field(default_factory=dict)
    channels_data: Json = field(default_factory=dict)
    probe: Json = field(default_factory=dict)

    @property
    def tool(self) -> str:
        """``conda`` or ``pip``; empty where nothing is requested."""
        return str(self.request.get("tool", ""))

    @property
    def args(self) -> tuple[str, ...]:
        """The options of the command line."""
        return tuple(self.request.get("args", ()))


_PARTS = ("host", "expect", "env", "config", "request", "plan", "channels_data", "probe")


def load_scenarios(path: Path) -> tuple[Scenario, ...]:
    """Read a file of scenarios; raises ScenarioError where it is not one."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{path}: {error}") from error
    if not isinstance(content, list):
        raise ScenarioError(f"{path}: not a list of scenarios")
    return tuple(_read(entry, number, path) for number, entry in enumerate(content, start=1))


def _read(entry: Any, number: int, path: Path) -> Scenario:
    if not isinstance(entry, dict) or not entry.get("id") or not entry.get("kind"):
        raise ScenarioError(f"{path}: entry {number} has no id or no kind")
    parts = {name: entry.get(name) or {} for name in _PARTS}
    wrong = [name for name, part in parts.items() if not isinstance(part, Mapping)]
    if wrong:
        raise ScenarioError(f"{path}: {entry['id']}: {wrong[0]} is not an object")
    return Scenario(id=str(entry["id"]), kind=str(entry["kind"]), folder=path.resolve().parent, **parts)
