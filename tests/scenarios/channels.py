"""The channels of a scenario as directories, under the names that they have in the world."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.scenarios.bare import make_records
from tests.scenarios.records import PIP, complete_record
from tests.scenarios.scenario import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.scenarios.scenario import Json, Scenario

_EXTRACT = re.compile(r"-(stub|\d{4}-\d{2})$")
"""What the name of a part of a channel has after the channel's own name."""


def lay_channels(scenario: Scenario, at: Path, subdir: str) -> list[str]:
    """Make every channel of the request under ``at`` and return their names, in the order of the request.

    ScenarioError: a channel has no data, beside the file or in it.
    """
    return [_lay(scenario, channel, at, subdir) for channel in scenario.request.get("channels", ())]


def _lay(scenario: Scenario, channel: str, at: Path, subdir: str) -> str:
    source, _, data = channel.rpartition(":")
    name = _EXTRACT.sub("", data).replace("-label-", "/label/")
    place = at / name
    place.parent.mkdir(parents=True, exist_ok=True)
    if source == "corpus" and (scenario.folder / "channels" / data).is_dir():
        place.symlink_to(scenario.folder / "channels" / data)
    elif source != "corpus" and data in scenario.channels_data:
        _write(place, subdir, scenario.channels_data[data])
    elif not source and scenario.kind == "message":
        _write(place, subdir, make_records(scenario, channel))
    else:
        raise ScenarioError(f"there is no data for the channel {channel!r}")
    return name


def _write(place: Path, subdir: str, records: Sequence[Json]) -> None:
    names = {record["name"] for record in records}
    whole = [*records, PIP] if "python" in names and "pip" not in names else records
    for folder, content in ((subdir, whole), ("noarch", ())):
        packages = {record["fn"]: record for record in (complete_record(record, folder) for record in content)}
        repodata: dict[str, Any] = {"info": {"subdir": folder}, "packages": packages, "packages.conda": {}}
        (place / folder).mkdir(parents=True)
        (place / folder / "repodata.json").write_text(json.dumps(repodata), encoding="utf-8")
