"""The whole of a prefix in one list: conda's records, and the wheels that are not conda's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .distributions import find_places, read_distribution
from .problems import Problems
from .records import read_records
from .sites import find_base, find_sites

if TYPE_CHECKING:
    import os
    from collections.abc import Container, Iterable

    from ..host import Evidence
    from ..package import Package
    from .distributions import Place


@dataclass(frozen=True)
class Inventory:
    """What a prefix holds, as far as it could be read."""

    packages: tuple[Package, ...] = ()
    """conda's packages first, then pip's; each by name."""
    problems: tuple[Evidence, ...] = ()
    """What could not be read, file by file."""
    sites: tuple[Path, ...] = ()
    """Where its wheels lie, in Python's order."""


def read_inventory(prefix: str | os.PathLike[str]) -> tuple[Package, ...]:
    """Return the packages of a prefix, conda's and pip's; nothing where there is no environment. It never raises."""
    return take_inventory(prefix).packages


def read_distributions(directories: Iterable[str | os.PathLike[str]]) -> tuple[Package, ...]:
    """Return the wheels in directories, in the order in which Python looks: the first of a name wins."""
    return take_distributions(directories).packages


def read_wheels(prefix: str | os.PathLike[str], owned: Iterable[str], sites: str) -> tuple[Package, ...]:
    """Return pip's packages of a conda environment whose records are known already.

    Args:
        prefix: the environment.
        owned: the dist-info files (``records.METADATA``) that conda's packages brought, relative to it.
        sites: where its Python looks (``records.locate_sites``).
    """
    problems, path = Problems(), Path(prefix)
    return _read_sites(find_sites(path, sites, problems), _place(path, owned), problems)


def is_environment(prefix: str | os.PathLike[str]) -> bool:
    """Whether packages could be installed there: an environment of conda, a venv, or a Python's own prefix."""
    path = Path(prefix)
    known = (path / "conda-meta").is_dir() or (path / "pyvenv.cfg").is_file()
    return known or bool(find_sites(path, "", Problems()))


def take_inventory(prefix: str | os.PathLike[str]) -> Inventory:
    """Return the packages of a prefix with what could not be read.

    A wheel whose dist-info a conda package brought is conda's and is not listed a second time. A venv that sees the
    packages of another prefix (``--system-site-packages``) has those too, unless it has its own of that name.
    """
    problems, path = Problems(), Path(prefix)
    base = find_base(path, problems)
    packages: dict[tuple[str, str], Package] = {}
    places: tuple[Path, ...] = ()
    for each in (base, path) if base is not None else (path,):
        records = read_records(each, problems)
        sites = find_sites(each, records.sites, problems)
        wheels = _read_sites(sites, _place(each, records.metadata), problems)
        packages |= {(package.ecosystem, package.name): package for package in (*records.packages, *wheels)}
        places = (*sites, *places)
    return Inventory(tuple(packages[key] for key in sorted(packages)), tuple(problems), places)


def take_distributions(directories: Iterable[str | os.PathLike[str]]) -> Inventory:
    """Return the wheels in directories with what could not be read."""
    problems = Problems()
    wheels = _read_sites(map(Path, directories), (), problems)
    return Inventory(tuple(sorted(wheels, key=lambda wheel: wheel.name)), tuple(problems))


def _place(prefix: Path, names: Iterable[str]) -> frozenset[str]:
    """Make relative names absolute; as text, because hundreds of paths would take longer to compare than to read."""
    root = prefix.as_posix()
    return frozenset(f"{root}/{name}" for name in names)


def _read_sites(sites: Iterable[Path], owned: Container[str], problems: Problems) -> tuple[Package, ...]:
    """Read directories in the order in which Python looks: the first that has a name wins."""
    found: dict[str, Package] = {}
    for site in sites:
        found = {**_read_site(site, owned, problems), **found}
    return tuple(found.values())


def _read_site(site: Path, owned: Container[str], problems: Problems) -> dict[str, Package]:
    """Read one directory; of two versions side by side the one that was written last is the one that runs."""
    found: dict[str, tuple[Place, Package]] = {}
    for place in find_places(site, problems):
        package = read_distribution(place, problems) if place.metadata.as_posix() not in owned else None
        if package is None:
            continue
        if package.name in found:
            other, previous = found[package.name]
            problems.add(place.metadata, f"{previous} and {package} are both there")
            if problems.date(place.metadata) < problems.date(other.metadata):
                continue
        found[package.name] = place, package
    return {name: package for name, (_, package) in found.items()}
