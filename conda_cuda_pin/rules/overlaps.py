"""Which wheels own the same files."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from ..component import Role
from ..knowledge.wheels import libraries
from ..tag import split_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..component import Component
    from ..package import Package


def find_twins(wheels: Iterable[Component]) -> Iterator[tuple[Component, Component]]:
    """Yield pairs of NVIDIA's wheels that write the same library for two CUDA majors."""
    parts = [wheel for wheel in wheels if wheel.role is Role.PART]
    for one, other in combinations(sorted(parts, key=lambda wheel: wheel.name), 2):
        stem = split_name(one.name)[0]
        if stem == split_name(other.name)[0] and _share_library(stem, one.package, other.package):
            yield one, other


def _share_library(stem: str, one: Package, other: Package) -> bool:
    """Whether two wheels of one library own one path: by their files, else by where such wheels are known to write."""
    if one.files and other.files:
        return find_overlap(one, other) is not None
    library = libraries().get(stem)
    return library is not None and bool(library.shared) and leading(one.version) == leading(other.version)


def leading(version: str) -> str:
    """Return the first number, which the name of a library ends in: libcudnn.so.9."""
    return version.partition(".")[0]


def find_siblings(wheels: Iterable[Component]) -> Iterator[tuple[Component, Component]]:
    """Yield pairs of wheels that own one import package: cupy-cuda12x and cupy-cuda13x."""
    owners = [wheel for wheel in wheels if wheel.known is not None and wheel.known.imports]
    for one, other in combinations(sorted(owners, key=lambda wheel: wheel.name), 2):
        if one.known is None or other.known is None or one.known.imports != other.known.imports:
            continue
        if not (one.package.files and other.package.files) or find_overlap(one.package, other.package) is not None:
            yield one, other


def find_overlap(one: Package, other: Package) -> str | None:
    """Return the first library that two wheels own with another content, None if there is none."""
    paths = {file.path for file in one.files} & {file.path for file in other.files}
    return next((path for path in sorted(paths) if differ(path, one, other)), None)


def differ(path: str, one: Package, other: Package) -> bool:
    """Whether two wheels hold something else under a path, as far as is known."""
    digests = {file.digest for package in (one, other) for file in package.files if file.path == path}
    return len(digests) > 1 or digests == {""}


def find_winner(one: Package, other: Package) -> Package | None:
    """Return the one of two wheels whose file lies where both have theirs; None where that is not known, or lost."""
    paths = {file.path for file in one.files} & {file.path for file in other.files}
    for path in sorted(paths):
        for package in (one, other) if differ(path, one, other) else ():
            if any(file.path == path and file.actual == file.digest for file in package.files if file.digest):
                return package
    return None


def find_lost(package: Package) -> str | None:
    """Return the first library of a wheel that is not there any more, None where none is known to be gone."""
    return next((file.path for file in package.files if file.actual == ""), None)
