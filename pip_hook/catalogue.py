"""What indexes offer to an interpreter: the real catalogue behind the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conda_cuda_pin.knowledge.indexes import is_flat
from conda_cuda_pin.tag import normalise

from .connection import FetchError
from .page import read_page

if TYPE_CHECKING:
    from collections.abc import Collection

    from packaging.tags import Tag

    from .connection import Connection
    from .interpreter import Interpreter
    from .mirrors import Mirrors
    from .page import Entry


_VARIANTS = "-variants.json"
"""How the file ends that goes with variant wheels (https://peps.python.org/pep-0825/)."""


class WebCatalogue:
    """Reads pages, each once."""

    def __init__(self, connection: Connection, mirrors: Mirrors, interpreter: Interpreter, foreign: bool) -> None:
        self._connection = connection
        self._mirrors = mirrors
        self._interpreter = interpreter
        self._tags = None if foreign else find_tags(interpreter.version)
        self._pages: dict[str, tuple[Entry, ...] | None] = {}
        self.problems: list[str] = []
        """What pages could not be read and why, for those who wonder about a plan that had to do without them."""

        self.variants: set[str] = set()
        """Projects with wheels for several accelerators under one version, which pip does not take yet."""

    def versions(self, index: str, name: str) -> tuple[str, ...] | None:
        """Return the versions of the wheels of a project that fit; None where the page is not to be had."""
        entries = self._read(page_address(index, name))
        if entries is None:
            return None
        if any(entry.filename.endswith(_VARIANTS) for entry in entries):
            self.variants.add(name)
        found = (_read_version(entry, name, self._tags, self._interpreter.version) for entry in entries)
        return tuple(dict.fromkeys(version for version in found if version))

    def names(self, page: str) -> frozenset[str]:
        """Return the names of the projects on a find-links page; none where it is not to be had."""
        entries = self._read(page) or ()
        return frozenset(normalise(entry.filename.split("-")[0]) for entry in entries if "-" in entry.filename)

    def _read(self, address: str) -> tuple[Entry, ...] | None:
        if address not in self._pages:
            self._pages[address] = self._fetch(address)
        return self._pages[address]

    def _fetch(self, address: str) -> tuple[Entry, ...] | None:
        try:
            page = self._connection.read(self._mirrors.forward(address))
            return read_page(page.text, page.content_type)
        except (FetchError, ValueError, RecursionError) as error:
            if not (isinstance(error, FetchError) and error.is_missing):
                self.problems.append(f"{error}; a copy of it can be named in cuda_pin_mirrors")
            return None


def page_address(index: str, name: str) -> str:
    """Return where an index lists the files of a project."""
    return index if is_flat(index) else f"{index.rstrip('/')}/{name}/"


def find_tags(version: tuple[int, int]) -> frozenset[Tag]:
    """Return the tags of wheels that a Python of this version on this machine takes."""
    from packaging.tags import compatible_tags, cpython_tags

    interpreter = f"cp{version[0]}{version[1]}"
    return frozenset([*cpython_tags(version), *compatible_tags(version, interpreter)])


def _read_version(entry: Entry, name: str, tags: Collection[Tag] | None, python: tuple[int, int]) -> str | None:
    """Return the version of a wheel that fits, None for any other file."""
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    if not entry.filename.endswith(".whl") or entry.yanked:
        return None
    try:
        project, version, _, offered = parse_wheel_filename(entry.filename)
    except InvalidWheelFilename:
        return None
    admitted = _admits_python(entry.requires_python, python)
    fits = tags is None or any(tag in tags for tag in offered)
    return str(version) if project == name and admitted and fits else None


def _admits_python(specifier: str, python: tuple[int, int]) -> bool:
    """Say whether a file is for this Python; a specifier that is none excludes nothing, as for pip."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(specifier).contains(f"{python[0]}.{python[1]}.99")
    except InvalidSpecifier:
        return True
