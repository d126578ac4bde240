"""``python -m conda_cuda_pin.detect``: print what is known about this machine, or with --capture write it down."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m conda_cuda_pin.detect", description="Print as JSON what the driver of this machine can run."
    )
    parser.add_argument(
        "--capture",
        metavar="DIR",
        type=Path,
        help="write this machine down below DIR, as a test (no serial numbers, no UUIDs)",
    )
    directory: Path | None = parser.parse_args(arguments).capture
    if directory is not None:
        from .capture import capture_host

        sys.stdout.write(f"{capture_host(directory)}\n")
        return 0
    import os

    from .declaration import host_to_json
    from .detection import detect_host
    from .overrides import read_overrides

    sys.stdout.write(json.dumps(host_to_json(detect_host(read_overrides(os.environ))), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
