"""What really lies where wheels say that their libraries are: of two wheels with one path, the last one wins."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ..package import File, Package
    from .problems import Problems

_KIND = "sha256="
_CHUNK = 1 << 20


def look_at_files(packages: Iterable[Package], sites: Sequence[Path], problems: Problems) -> tuple[Package, ...]:
    """Note for each library of a wheel whether it is there, and whose it is where several wheels claim the path.

    Only what is claimed twice, with another content each time, is read: some of these files have half a gigabyte.

    Args:
        packages: what is installed.
        sites: the directories that the paths of its files start from, in Python's order.
        problems: takes what could not be read.
    """
    packages = tuple(packages)
    claims = {(file.path, file.digest) for package in packages for file in package.files}
    owners = Counter(path for path, _ in claims)
    found: dict[str, str | None] = {}
    for path, number in owners.items():
        found[path] = _look(path, sites, number > 1, problems)
    return tuple(_note(package, found) if package.files else package for package in packages)


def _look(path: str, sites: Sequence[Path], contested: bool, problems: Problems) -> str | None:
    """Return the digest of a contested file, empty for a missing one, None for one that need not be read."""
    for place in (site / path for site in sites):
        found = _open(place, contested, problems)
        if found != "":
            return found
    return ""


def _open(place: Path, contested: bool, problems: Problems) -> str | None:
    try:
        place.stat()
        return _read_digest(place) if contested else None
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        problems.add(place, error.strerror or error)
        return None


def _read_digest(place: Path) -> str:
    """Return the digest of a file as a RECORD writes it."""
    digest = hashlib.sha256()
    with place.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return _KIND + base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")


def _note(package: Package, found: dict[str, str | None]) -> Package:
    return replace(package, files=tuple(_see(file, found[file.path]) for file in package.files))


def _see(file: File, actual: str | None) -> File:
    """Return the file with what was seen; another kind of digest cannot be compared."""
    comparable = not actual or file.digest.startswith(_KIND)
    return replace(file, actual=actual) if comparable and actual is not None else file
