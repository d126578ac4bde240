"""Print the ladder's table: ``python -m tests.commands.ladder``.

It solves on the rig's conda, and on the conda that CONDA_EXE names with the solvers of CUDA_PIN_TEST_SOLVERS.
"""

import tempfile
from pathlib import Path

from tests.commands.cells import Cell, fill
from tests.commands.user import Setup, User, find_setups

HEAD = ("request", "driver", "plain conda", "with conda-cuda-pin", "solves")


def describe(setup: Setup) -> str:
    """Say which conda and which solver this is."""
    with tempfile.TemporaryDirectory() as scratch:
        user = User(setup, Path(scratch))
        return f"conda {user.run('--version').stdout.split()[1]}, {user.solver}"


def lay_out(cell: Cell) -> tuple[str, ...]:
    """Return the texts of one row of the table."""
    ours = "=" if cell.ours == cell.plain else str(cell.ours)
    if ours == str(cell.plain):
        ours += " (parts differ)"
    return (cell.request.replace("*", "\\*"), cell.driver or "none", str(cell.plain), ours, str(cell.solves))


def print_table(setup: Setup) -> None:
    """Print the table of one setup, row by row as it comes."""
    print(f"\n## {describe(setup)}\n")
    for row in (HEAD, ("---",) * len(HEAD)):
        print(f"| {' | '.join(row)} |")
    with tempfile.TemporaryDirectory() as scratch:
        for cell in fill(setup, Path(scratch)):
            print(f"| {' | '.join(lay_out(cell))} |", flush=True)


if __name__ == "__main__":
    for one in find_setups():
        print_table(one)
