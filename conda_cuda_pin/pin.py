"""A pin: one constraint for the solver, with the reason for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .versions import read_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .package import Package


class Kind(str, Enum):
    """Why a pin is there."""

    CAP = "cap"
    """Nothing newer than the host can run."""
    HOLD = "hold"
    """An installed CUDA build stays one."""
    PREFERENCE = "preference"
    """A variant that is taken where it costs nothing."""
    COHERENCE = "coherence"
    """Parts of one toolkit stay together."""
    FREEZE = "freeze"
    """What is already chosen stays as it is, while something else is aligned."""


@dataclass(frozen=True)
class Pin:
    """One constraint on one package: it installs nothing by itself."""

    name: str
    version: str = ""
    """conda version spec; empty for any."""
    build: str = ""
    """Build-string pattern; empty for any."""
    kind: Kind = Kind.CAP
    reason: str = ""

    def __str__(self) -> str:
        version = self.version.removesuffix("a0")  # what keeps pre-releases out says nothing to a reader
        return f"{self.name} {version or '*'} {self.build}" if self.build else f"{self.name}{version}"

    def admits(self, package: Package) -> bool:
        """Whether a package of this name meets the pin."""
        clauses = (clause for clause in self.version.split(",") if clause)
        return self.admits_build(package) and all(_meets(clause, package.version) for clause in clauses)

    def admits_build(self, package: Package) -> bool:
        """Whether the build string of a package meets the pin's pattern."""
        return not self.build or fnmatchcase(package.build, self.build)


def _meets(clause: str, version: str) -> bool:
    """Whether a version meets one clause of a pin, to its last number: ``<10.3.1.50``, ``>=2.7.1``, ``<13.0a0``."""
    own, bound = read_numbers(version), read_numbers(clause.removesuffix("a0"))
    match clause[: -len(clause.lstrip("<>="))]:
        case "<":
            return own < bound
        case ">=":
            return own >= bound
        case _:
            return own == bound


def overlay(*layers: Iterable[Pin]) -> tuple[Pin, ...]:
    """Join pins; of two for one name the later one stays, because solvers keep only one."""
    return tuple({pin.name: pin for layer in layers for pin in layer}.values())
