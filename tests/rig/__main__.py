"""``python -m tests.rig [--at DIR]``: build the test rig, or bring it up to date."""

import argparse
import sys
from pathlib import Path

from tests.rig.base import BuildError
from tests.rig.build import COMMAND, DEFAULT, build


def main() -> int:
    """Build the rig that the command line asks for; 1 when a step failed."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Build the test rig, or bring it up to date.")
    parser.add_argument("--at", type=Path, default=DEFAULT, help="directory of the rig (default: .rig)")
    try:
        build(parser.parse_args().at)
    except BuildError as error:
        print(f"the rig is not complete: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
