"""Who in an environment asks the loader for a library, and whether LD_LIBRARY_PATH can come between.

An RPATH, of what asks or of the program itself, is searched before LD_LIBRARY_PATH, unless what asks has a RUNPATH.
conda's packages and most wheels carry one: https://man7.org/linux/man-pages/man8/ld.so.8.html
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from .elf import Links, read_links

if TYPE_CHECKING:
    from collections.abc import Iterator

_BARREN = {"__pycache__", "include", "share"}
"""Directories without libraries, which are most of an environment's."""


class Askers:
    """The programs and libraries of a prefix, read when first asked for."""

    def __init__(self, prefix: Path) -> None:
        """Look at nothing yet."""
        self._prefix = prefix

    def can_be_misled(self, name: str) -> bool:
        """Whether anything that asks for a library by this name may get one that LD_LIBRARY_PATH puts first.

        Where no file says that it needs the library, it is opened by name at run time: then the program's word counts.
        """
        safe = _has(self._program.rpath, name) and not self._program.runpath
        askers = [links for links in self._libraries if name in links.needed]
        if not askers:
            return not safe
        return any(links.runpath or not (safe or _has(links.rpath, name)) for links in askers)

    @functools.cached_property
    def _program(self) -> Links:
        python = Path(os.path.realpath(self._prefix / "bin" / "python"))
        return read_links(python) or Links(python)

    @functools.cached_property
    def _libraries(self) -> tuple[Links, ...]:
        return tuple(filter(None, map(read_links, _find_libraries(self._prefix / "lib"))))


def _find_libraries(root: Path) -> Iterator[Path]:
    for directory, below, names in os.walk(root):
        below[:] = [name for name in below if name not in _BARREN]
        for name in names:
            path = Path(directory, name)
            if (name.endswith(".so") or ".so." in name) and not path.is_symlink():
                yield path


def _has(directories: tuple[str, ...], name: str) -> bool:
    return any(os.access(f"{directory}/{name}", os.R_OK) for directory in directories)
