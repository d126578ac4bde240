"""Requirements files: what they name, what they include, and which indexes they bring along.

https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from conda_cuda_pin.inventory.lines import join_lines

from .argv import Token, UnreadableError, read_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

INDEX_OPTIONS = ("--index-url", "--extra-index-url", "--find-links", "--no-index")
INCLUDES = ("--requirement", "--constraint")
_LOCK = re.compile(r"pylock(\.[^.]+)?\.toml")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")


@dataclass(frozen=True)
class Line:
    """One logical line of a file: a requirement, or options."""

    text: str
    tokens: tuple[Token, ...] = ()
    """The options, where the line is one of options; an include or a find-links path is made absolute."""
    count: int = 1
    """How many lines of the file it takes."""


@dataclass(frozen=True)
class RequirementFile:
    """One file, read."""

    path: Path
    lines: tuple[Line, ...]

    @property
    def requirements(self) -> tuple[str, ...]:
        """The lines that name something to install."""
        return tuple(line.text for line in self.lines if line.text and not line.tokens)

    def values(self, *options: str) -> tuple[str, ...]:
        """Return the values of some options, in the order of the file."""
        return tuple(token.value for line in self.lines for token in line.tokens if token.option in options)

    @property
    def is_lock(self) -> bool:
        """Whether it is a lock file, which has its own addresses (https://peps.python.org/pep-0751/#file-name)."""
        return _LOCK.fullmatch(self.path.name) is not None

    @property
    def is_stream(self) -> bool:
        """Whether it can be read only once, so that nothing is left of it for pip (``-r <(command)``)."""
        return not self.path.is_file()

    @property
    def has_indexes(self) -> bool:
        """Whether it sets where packages come from."""
        return any(token.option in INDEX_OPTIONS for line in self.lines for token in line.tokens)


def read_requirement_files(named: Iterable[str], environ: Mapping[str, str]) -> tuple[RequirementFile, ...]:
    """Read files and what they include, each once; one that is not there or is no file is left for pip to refuse."""
    found: dict[Path, RequirementFile] = {}
    waiting = [locate(name) for name in named]
    while waiting:
        path = waiting.pop(0)
        text = None if path is None or path in found else _read_text(path)
        if path is None or text is None:
            continue
        lines = () if _LOCK.fullmatch(path.name) else _read_lines(text, path.parent, environ)
        found[path] = RequirementFile(path, tuple(lines))
        waiting += map(locate, found[path].values(*INCLUDES))
    return tuple(found.values())


def locate(name: str) -> Path | None:
    """Return the path of a file as ``--requirement`` names it; None for an address on the net."""
    if name.startswith("file:"):
        return Path(url2pathname(urlsplit(name).path))
    return None if "://" in name else Path(name).absolute()


def write_copies(files: Iterable[RequirementFile], folder: Path) -> dict[str, str]:
    """Write the files again without their index options; return the place of each copy by its original's path.

    Lines keep their numbers, because pip names them in what it says. Files that no index option touches stay where
    they are, unless they are streams.
    """
    known = {str(file.path): file for file in files}
    touched = _find_touched(known)
    copies = {path: str(folder / f"{number}-{Path(path).name}") for number, path in enumerate(sorted(touched))}
    for path, copy in copies.items():
        text = "\n".join(_rewrite(line, copies) for line in known[path].lines)
        Path(copy).write_text(text + "\n", encoding="utf-8")
    return copies


def _find_touched(known: Mapping[str, RequirementFile]) -> set[str]:
    """Name the files with index options and those that include them, directly or not."""
    touched = {path for path, file in known.items() if file.has_indexes or file.is_stream}
    while True:
        above = {path for path, file in known.items() if touched & set(file.values(*INCLUDES))}
        if above <= touched:
            return touched
        touched |= above


def _rewrite(line: Line, copies: Mapping[str, str]) -> str:
    if not line.tokens:
        return line.text + "\n" * (line.count - 1)
    kept = []
    for token in line.tokens:
        if token.option in INCLUDES:
            kept.append(f"{token.option} {copies.get(token.value, token.value)}")
        elif token.option not in INDEX_OPTIONS:
            kept.append(" ".join(token.words))
    return " ".join(kept) + "\n" * (line.count - 1)


def _read_text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return None


def _read_lines(text: str, folder: Path, environ: Mapping[str, str]) -> Iterator[Line]:
    for joined, count in join_lines(text):
        plain = _VARIABLE.sub(lambda match: environ.get(match[1]) or match[0], joined)
        tokens = tuple(_read_options(plain, folder)) if plain.startswith("-") else ()
        yield Line(plain, tokens, count)


def _read_options(text: str, folder: Path) -> Iterator[Token]:
    try:
        tokens = read_tokens(shlex.split(text))
    except (UnreadableError, ValueError):
        yield Token((text,), "-")
        return
    for token in tokens:
        yield replace(token, value=_place(token, folder)) if token.value else token


def _place(token: Token, folder: Path) -> str:
    """Return the value of an option in a file of this folder, a path made absolute."""
    relative = token.option in INCLUDES or (token.option == "--find-links" and (folder / token.value).exists())
    if relative and "://" not in token.value:
        return os.path.normpath(folder / token.value)
    return str(locate(token.value) or token.value) if token.option in INCLUDES else token.value
