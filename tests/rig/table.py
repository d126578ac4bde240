"""The tables of package facts (``tables/*.json``) as repodata records."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent / "tables"
PAYLOADS = "payloads.json"
SCHEMA = "schema.json"
FACTS = ("name", "version", "build", "build_number", "depends", "constrains", "track_features", "timestamp")


@dataclass(frozen=True)
class Package:
    """One package of one channel: where it lies and its repodata record, without sizes and hashes."""

    channel: str
    subdir: str
    record: Mapping[str, Any]

    @property
    def file(self) -> str:
        """The name of its archive."""
        return "{name}-{version}-{build}.tar.bz2".format_map(self.record)


def list_tables(tables: Path = TABLES) -> list[Path]:
    """Return the files that hold package rows."""
    return sorted(path for path in tables.glob("*.json") if path.name not in (PAYLOADS, SCHEMA))


def load_packages(tables: Path = TABLES) -> list[Package]:
    """Return every package of every table; KeyError for a row that lacks a fact."""
    return [package for path in list_tables(tables) for package in _read(path)]


def load_payloads(tables: Path = TABLES) -> dict[str, list[str]]:
    """Return package name -> templates of the paths of its files, for names with telling files."""
    payloads: dict[str, list[str]] = json.loads((tables / PAYLOADS).read_text())
    return payloads


def _read(path: Path) -> Iterator[Package]:
    table = json.loads(path.read_text())
    for row in table["rows"]:
        subdir = row.get("subdir", "linux-64")
        record = {key: row[key] for key in FACTS if key in row}
        record |= {"constrains": row.get("constrains", []), "subdir": subdir}
        record |= {"noarch": "generic"} if subdir == "noarch" else {"platform": "linux", "arch": "x86_64"}
        yield Package(table["channel"], subdir, record)
