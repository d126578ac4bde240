"""conda records of a scenario made whole: in a scenario only name and version are always there."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.scenarios.scenario import Json

_NUMBER = re.compile(r"\d+$")
PIP = {"name": "pip", "version": "21.3.1", "build": "pyhd8ed1ab_0", "depends": ["python >=3"]}
"""conda adds pip wherever python goes, so a channel that has python has it too."""


def complete_record(record: Json, subdir: str) -> dict[str, Any]:
    """Return a record as ``repodata.json`` has it, with its file name under ``fn``."""
    build = str(record.get("build", "0"))
    number = _NUMBER.search(build)
    name = f"{record['name']}-{record['version']}-{build}.tar.bz2"
    return {
        "depends": [],
        "constrains": [],
        **record,
        "version": str(record["version"]),
        "build": build,
        "build_number": int(number[0]) if number else 0,
        "subdir": subdir,
        "fn": name,
        "size": 1,
        "md5": hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(name.encode()).hexdigest(),
    }
