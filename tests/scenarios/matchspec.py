"""Says which records match which specs. Run by the rig's interpreter, because conda's own MatchSpec decides.

Reads ``{"specs": [...], "records": [...]}`` and prints ``{spec: [package...]}``.
"""

import json
import sys
from typing import Any

from conda.models.match_spec import MatchSpec
from conda.models.records import PackageRecord


def match(specs: list[str], records: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return for each spec the records that match it, as ``name version build``."""
    packages = [PackageRecord(**record) for record in records]
    found = {spec: [package for package in packages if MatchSpec(spec).match(package)] for spec in specs}
    return {spec: [f"{p.name} {p.version} {p.build}" for p in matching] for spec, matching in found.items()}


if __name__ == "__main__":
    print(json.dumps(match(**json.load(sys.stdin))))
