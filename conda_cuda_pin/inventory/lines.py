"""The logical lines of a requirements file: https://pip.pypa.io/en/stable/reference/requirements-file-format/."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT = re.compile(r"(^|\s+)#.*$")


def join_lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield each line without its comment, and how many lines of the file it takes.

    A line that ends in a backslash goes on in the next; a comment ends that, as it does for pip.
    """
    parts: list[str] = []
    for line in text.splitlines():
        goes_on = line.endswith("\\") and not _COMMENT.match(line)
        parts.append(line[:-1] if goes_on else line)
        if not goes_on:
            yield _clean(parts), len(parts)
            parts = []
    if parts:
        yield _clean(parts), len(parts)


def _clean(parts: list[str]) -> str:
    return _COMMENT.sub("", " ".join(parts)).strip()
