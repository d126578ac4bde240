"""Every row of the tutorials has a test."""

from __future__ import annotations

import re
from pathlib import Path

ROWS = range(1, 18)


def test_no_row_is_left_out() -> None:
    sources = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    found = {int(number) for source in sources for number in re.findall(r"def test_t(\d+)_", source)}
    assert found == set(ROWS)
