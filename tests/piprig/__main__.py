"""``python -m tests.piprig``: bring the pips that the tests run here, so that they need no network later."""

from __future__ import annotations

from tests.piprig.pips import NEWEST, OLD, YEAR_OLD, PipMissing, find_pip


def describe_pip(version: str) -> str:
    """Bring a pip here and say where it is, or why it is not."""
    try:
        return f"pip {version:7} {find_pip(version).prefix}"
    except PipMissing as reason:
        return f"{reason}: its tests will be skipped"


for one in (NEWEST, YEAR_OLD, OLD):
    print(describe_pip(one))
