"""Finds out whether a request reaches a CUDA package, at no cost where it does not.

pip runs as typed, with one more constraints file. It holds, for each name that has to do with CUDA, the address of a
wheel that is none. A resolution that never meets such a name never looks at it; one that does stops there, before
anything is installed, and says which wheel is invalid.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER = "cuda-package-met"


def write_tripwires(names: Iterable[str], folder: Path) -> Path:
    """Write the constraints file and the wheels that are none; return the file."""
    home = folder / FOLDER
    home.mkdir()
    lines = []
    for name in sorted(set(names)):
        wheel = home / f"{name.replace('-', '_')}-0-py3-none-any.whl"
        wheel.write_bytes(b"")
        lines.append(f"{name} @ {wheel.as_uri()}")
    file = home / "constraints.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


class Tripwires:
    """Listens to what pip says on stderr."""

    def __init__(self) -> None:
        self.met: list[str] = []
        """The names that a resolution reached."""
        self._pattern = re.compile(rf"{FOLDER}[\\/]+([A-Za-z0-9_.]+)-0-py3-none-any\.whl")

    def withhold(self, line: str) -> bool:
        """Say whether a line is about a tripwire and nobody's business; remembers the name."""
        found = self._pattern.search(line)
        if found is None:
            return False
        self.met.append(found[1].replace("_", "-"))
        return True
