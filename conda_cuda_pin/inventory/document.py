"""What a file says of an environment that is not there yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..package import Package
    from ..request import Spec


@dataclass(frozen=True)
class Document:
    """One environment of a file."""

    kind: str
    """What the file is, in words: ``pixi.lock``, ``explicit file``."""
    name: str = ""
    """Which environment of the file; empty where it holds one."""
    packages: tuple[Package, ...] = ()
    """What the file settles: names with a version."""
    unsettled: tuple[str, ...] = ()
    """What it leaves to a solver or to pip, as written."""
    specs: tuple[Spec, ...] = ()
    """What it asks conda for."""
    channels: tuple[str, ...] = ()
    """Where it asks conda to look."""


@dataclass(frozen=True)
class Contents:
    """Packages and what is left open, for the readers to add up."""

    packages: tuple[Package, ...] = ()
    unsettled: tuple[str, ...] = ()

    @classmethod
    def join(cls, parts: Iterable[Contents]) -> Contents:
        """Put parts one after the other."""
        packages: list[Package] = []
        unsettled: list[str] = []
        for part in parts:
            packages += part.packages
            unsettled += part.unsettled
        return cls(tuple(packages), tuple(unsettled))
