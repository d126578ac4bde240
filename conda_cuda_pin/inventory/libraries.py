"""Which CUDA libraries would be loaded for an environment, and which of its own they hide.

The loader takes LD_PRELOAD, then a library's RPATH, then LD_LIBRARY_PATH, then its RUNPATH:
https://man7.org/linux/man-pages/man8/ld.so.8.html
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..shadow import Reach, Shadow
from .activation import read_activated
from .askers import Askers
from .problems import Problems
from .sites import find_base, find_sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIBRARIES = ("libcudart", "libcublas", "libcudnn", "libnccl")
"""What is looked for: the libraries that every framework loads and whose mix-ups users report."""
_FILE = re.compile(rf"({'|'.join(LIBRARIES)})\.so((?:\.\d+)*)")

_SONAME_DOTS = 3
"""As many dots as the longest SONAME has: ``libcudart.so.11.0``."""


@dataclass(frozen=True)
class Directory:
    """A directory with libraries, and what makes the loader look there."""

    path: Path
    why: str
    files: Mapping[str, Path] = field(default_factory=dict)
    """CUDA libraries by file name; links to nothing are left out."""
    preloaded: bool = False
    """Whether nothing comes before it, not even an RPATH."""

    def of(self, library: str) -> dict[str, Path]:
        """Return the files of one library."""
        return {name: path for name, path in self.files.items() if name.startswith(f"{library}.so")}


def find_shadows(prefix: str | os.PathLike[str], environ: Mapping[str, str]) -> tuple[Shadow, ...]:
    """Return the libraries of a prefix in whose place a file from elsewhere would be loaded, at most one each.

    Nothing is run: the environment's scripts are read, and files are looked up as the loader does.
    """
    home = Path(prefix)
    values = read_activated(home, environ)
    own = [directory for directory in map(_look, _find_own(home)) if directory.files]
    searched, askers = _read_path(values), Askers(home)
    found = (
        _find_loaded(library, own, searched, askers)
        or _find_named(library, own, searched)
        or _find_compiled(library, own, _read_home(values))
        for library in LIBRARIES
    )
    return tuple(shadow for shadow in found if shadow is not None)


def _look(path: Path, why: str = "") -> Directory:
    problems = Problems()
    listed = [file for file in problems.list(path) if _FILE.fullmatch(file.name)]
    return Directory(path, why, {file.name: file for file in listed if problems.date(file)})


def _find_own(prefix: Path) -> Iterable[Path]:
    """Find where an environment keeps CUDA libraries: its lib directories, and those of wheels."""
    problems = Problems()
    for home in filter(None, (prefix, find_base(prefix, problems))):
        yield home / "lib"
        yield home / "lib64"
        for site in find_sites(home, "", problems):
            yield site / "torch" / "lib"
            for package in problems.list(site / "nvidia"):
                yield package / "lib"


def _read_path(values: Mapping[str, str]) -> list[Directory]:
    """Return what is preloaded and where the loader looks first, in its order."""
    preloaded = [Path(text) for text in re.split(r"[:\s]+", values.get("LD_PRELOAD", "")) if text.startswith("/")]
    listed = [text for text in values.get("LD_LIBRARY_PATH", "").split(":") if text.startswith("/")]
    files = [path for path in preloaded if _FILE.fullmatch(path.name)]
    return [
        *(Directory(path.parent, f"LD_PRELOAD names {path}", {path.name: path}, preloaded=True) for path in files),
        *(_look(Path(text), f"LD_LIBRARY_PATH lists {text}") for text in listed),
    ]


def _read_home(values: Mapping[str, str]) -> list[Directory]:
    name = next((name for name in ("CUDA_HOME", "CUDA_PATH") if values.get(name)), None)
    if name is None:
        return []
    return [_look(Path(values[name]) / lib, f"{name} is {values[name]}") for lib in ("lib64", "lib")]


def _find_loaded(library: str, own: list[Directory], searched: list[Directory], askers: Askers) -> Shadow | None:
    """Find a file of the very name that a file of the environment has, and that something would get."""
    mine = {name: path for directory in reversed(own) for name, path in directory.of(library).items()}
    for name in sorted(name for name in mine if 1 < name.count(".") <= _SONAME_DOTS):
        first = next((directory for directory in searched if name in directory.files), None)
        if first is None or _is_same(first.files[name], own):
            continue
        if first.preloaded or askers.can_be_misled(name):
            return Shadow(library, str(first.files[name]), str(mine[name]), first.why)
    return None


def _find_named(library: str, own: list[Directory], searched: list[Directory]) -> Shadow | None:
    """Find a file of another major that has the library's plain name, which some programs open."""
    plain = f"{library}.so"
    mine = [path for directory in own for path in directory.of(library).values()]
    first = next((directory for directory in searched if plain in directory.files), None)
    if first is None or not mine or not _read_majors(first, library) - _read_majors(own, library):
        return None
    return Shadow(library, str(first.files[plain]), str(mine[0]), first.why, Reach.NAME)


def _find_compiled(library: str, own: list[Directory], homes: list[Directory]) -> Shadow | None:
    """Find another major of the runtime in the toolkit that compilers are told to use."""
    mine = [path for directory in own for path in directory.of(library).values()]
    first = next((home for home in homes if home.of(library)), None)
    if library != "libcudart" or first is None or not mine:
        return None
    if _read_majors(first, library) & _read_majors(own, library):
        return None
    return Shadow(library, str(min(first.of(library).values())), str(mine[0]), first.why, Reach.COMPILER)


def _is_same(file: Path, own: list[Directory]) -> bool:
    """Whether a file is the environment's own, or a copy of the same release."""
    mine = {_follow(path) for directory in own for path in directory.files.values()}
    real = _follow(file)
    return real in mine or (real.name.count(".") > 3 and real.name in {path.name for path in mine})


def _follow(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _read_majors(where: Directory | list[Directory], library: str) -> set[str]:
    directories = where if isinstance(where, list) else [where]
    names = [_follow(path).name for directory in directories for path in directory.of(library).values()]
    matches = (_FILE.fullmatch(name) for name in names)
    return {match[2].split(".")[1] for match in matches if match is not None and match[2]}
