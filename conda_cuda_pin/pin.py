"""A pin: one constraint for the solver, with the reason for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


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
        if self.build:
            return f"{self.name} {self.version or '*'} {self.build}"
        return f"{self.name}{self.version}"


def overlay(*layers: Iterable[Pin]) -> tuple[Pin, ...]:
    """Join pins; of two for one name the later one stays, because solvers keep only one."""
    return tuple({pin.name: pin for layer in layers for pin in layer}.values())
