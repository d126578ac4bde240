"""How pip-cuda speaks beside pip: on stderr, so that pip's own output stays as it is."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Print a message of ours."""
    print(f"pip-cuda: {text}", file=sys.stderr, flush=True)
