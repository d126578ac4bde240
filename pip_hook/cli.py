"""The command ``pip-cuda``."""

from __future__ import annotations

import sys


def main() -> int:
    """Say that the command comes next; exit status 2, and nothing is installed."""
    print("pip-cuda is not here yet: it comes in the next release. Nothing was installed.", file=sys.stderr)
    return 2
