"""The one way in which the plugin speaks beside conda: a line on stderr."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """Print one line on stderr, unless the user wants silence or JSON."""
    from conda.base.context import context

    if not (context.quiet or context.json):
        print(f"conda-cuda-pin: {line}", file=sys.stderr)


_told: set[str] = set()


def warn_of_fault(doing: str, fault: Exception) -> None:
    """Say that the plugin itself failed, in one line, and where to take it; the same fault is told once."""
    if repr(fault) not in _told:
        _told.add(repr(fault))
        say(f"internal error while {doing} ({fault!r}); conda goes on without it. Please report this.")
