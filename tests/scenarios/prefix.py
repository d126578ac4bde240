"""The environment of a scenario as a directory that conda takes for one of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.scenarios.records import complete_record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scenarios.scenario import Scenario


def write_prefix(scenario: Scenario, prefix: Path, channels: str, subdir: str) -> None:
    """Write what is installed as ``conda-meta``, each record from its channel under the address ``channels``."""
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True)
    (meta / "history").touch()
    for record in scenario.env.get("conda", ()):
        whole = complete_record(record, subdir)
        channel = f"{channels}/{record.get('channel', 'conda-forge')}"
        stem = whole["fn"].removesuffix(".tar.bz2")
        installed = {**whole, "channel": channel, "url": f"{channel}/{subdir}/{whole['fn']}", "files": []}
        (meta / f"{stem}.json").write_text(json.dumps(installed), encoding="utf-8")
