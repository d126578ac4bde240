"""What a command does to the packages of an environment, as far as that is known beforehand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..package import File, Package


@dataclass(frozen=True)
class Effect:
    """Packages that go and packages that come, with their files."""

    removed: tuple[Package, ...] = ()
    renewed: tuple[Package, ...] = ()
    """Those that give way to a release or a build that only the index, or the solver, knows: nothing is said of it."""
    written: tuple[Package, ...] = ()
    """Those that are installed, or installed again: their files are then the ones that lie there."""

    @property
    def touched(self) -> frozenset[str]:
        """The packages that change, as findings name them."""
        return frozenset(str(package) for package in (*self.removed, *self.renewed, *self.written))

    def apply(self, packages: Iterable[Package]) -> tuple[Package, ...]:
        """Return what is there afterwards."""
        leaving = {_key(package) for package in (*self.removed, *self.renewed, *self.written)}
        kept = [package for package in packages if _key(package) not in leaving]
        lies: dict[str, str | None] = {file.path: "" for package in self.removed for file in package.files}
        lies |= {file.path: None for package in self.renewed for file in package.files}
        lies |= {file.path: file.digest or None for package in self.written for file in package.files}
        return tuple(_see(package, lies) for package in (*kept, *self.written))


def _key(package: Package) -> tuple[str, str]:
    return package.ecosystem, package.name


def _see(package: Package, lies: dict[str, str | None]) -> Package:
    def see(file: File) -> File:
        return replace(file, actual=lies[file.path]) if file.path in lies else file

    return replace(package, files=tuple(map(see, package.files))) if package.files else package
