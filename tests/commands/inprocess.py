"""Run by conda's own interpreter: conda in this process, with something of ours changed for a test.

Arguments: ``count FILE`` to write to a file how many solves a solution takes, or ``break MODULE:NAME`` to make a
function fail, or ``interrupt MODULE:NAME`` as if the user pressed Ctrl-C in it; then conda's own.
"""

import os
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any


def count(file: Path) -> None:
    """Write down the most solves that one call of conda's for a solution takes."""
    attempts = import_module("conda_cuda_pin.hooks.attempts").Attempts
    solve, counted = attempts.solve, Counter[int]()

    def counting(self: Any, *pins: Any) -> Any:
        kept.append(self)  # alive, so that its id is its own
        counted[id(self)] += 1
        file.write_text(str(max(counted.values())))
        return solve(self, *pins)

    kept: list[Any] = []
    attempts.solve = counting


def break_function(place: str, interrupt: bool = False) -> None:
    """Make a function or a method fail; AttributeError where there is none of that name, and so nothing to break."""
    module, _, path = place.partition(":")
    owner: Any = import_module(module)
    *classes, name = path.split(".")
    for part in classes:
        owner = getattr(owner, part)

    def fail(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt if interrupt else RuntimeError("injected")

    delattr(owner, name)
    setattr(owner, name, fail)


def main(change: str, value: str, *arguments: str) -> int:
    """Make the change and run conda."""
    if change == "count":
        count(Path(value))
    else:
        break_function(value, interrupt=change == "interrupt")
    return int(import_module("conda.cli.main").main(*arguments) or 0)


if __name__ == "__main__":
    status = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)  # threads of a solver in native code may abort an orderly end
