"""Which dependencies of the rig's packages no package of the rig satisfies.

Run by the rig's interpreter, because conda's own matching decides:
``.rig/conda/bin/python tests/rig/closure.py .rig/channels`` prints a JSON list.
"""

import json
import sys
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import Any


def read_records(channels: Path) -> list[dict[str, Any]]:
    """Return the repodata records of all channels under ``channels``."""
    files = channels.glob("*/*/repodata.json")
    return [record for file in files for record in json.loads(file.read_text())["packages"].values()]


def find_gaps(records: list[dict[str, Any]]) -> list[str]:
    """Return ``package: dependency`` for each dependency without a match, ``__cuda`` and its kind apart."""
    spec = import_module("conda.models.match_spec").MatchSpec
    package = import_module("conda.models.records").PackageRecord
    shelves: dict[str, list[Any]] = defaultdict(list)
    for record in records:
        shelves[record["name"]].append(package(**record))
    gaps = []
    for record in records:
        for text in record["depends"]:
            wish = spec(text)
            met = any(wish.match(candidate) for candidate in shelves[wish.name])
            if not met and not text.startswith("__"):
                gaps.append(f"{record['name']}-{record['version']}-{record['build']}: {text}")
    return gaps


if __name__ == "__main__":
    print(json.dumps(find_gaps(read_records(Path(sys.argv[1]))), indent=1))
