"""The channels of the rig: directories with repodata and real, tiny package archives."""

import json
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.rig.archive import digest, pack
from tests.rig.payload import write_payload
from tests.rig.table import TABLES, Package, load_packages, load_payloads

HERE = Path(__file__).parent
SOURCES = tuple(HERE / name for name in ("archive.py", "channels.py", "payload.py", "table.py"))
SUBDIRS = ("linux-64", "noarch")


def build_channels(at: Path, tables: Path = TABLES) -> str:
    """Write ``at/channels`` from ``tables``, replacing it whole, and return a word on its size.

    What the rig's conda has cached of the former channels is removed with them.
    """
    packages, payloads = load_packages(tables), load_payloads(tables)
    fresh = at / "channels.new"
    shutil.rmtree(fresh, ignore_errors=True)
    shelves: dict[tuple[str, str], list[Package]] = defaultdict(list)
    for package in packages:
        for subdir in SUBDIRS:
            shelves[package.channel, subdir].extend([package] if subdir == package.subdir else [])
    for (channel, subdir), content in shelves.items():
        _write_subdir(fresh / channel / subdir, subdir, content, payloads)
    for old in (at / "channels", at / "conda" / "pkgs"):
        shutil.rmtree(old, ignore_errors=True)
    fresh.rename(at / "channels")
    return f"{len(packages)} packages in {len({package.channel for package in packages})} channels"


def _write_subdir(path: Path, subdir: str, packages: list[Package], payloads: dict[str, list[str]]) -> None:
    """Write the archives of one subdirectory and the repodata that lists them."""
    path.mkdir(parents=True)
    records: dict[str, Any] = {}
    for package in sorted(packages, key=lambda package: package.file):
        content = pack(package.record, write_payload(package.record, payloads))
        (path / package.file).write_bytes(content)
        records[package.file] = {**package.record, **digest(content)}
    repodata = {"info": {"subdir": subdir}, "packages": records, "packages.conda": {}, "repodata_version": 1}
    for name in ("repodata.json", "current_repodata.json"):
        (path / name).write_text(json.dumps(repodata, sort_keys=True))
