"""What a plan for wheels is made of, and the one thing that it asks of the world: the versions on an index page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Catalogue(Protocol):
    """What indexes offer. Each call may be an HTTP request, so a plan asks as little as it can.

    A host that could not be reached once is better answered for at once: where no page is there, a plan looks at
    every variant that could hold what was asked for.
    """

    def versions(self, index: str, name: str) -> tuple[str, ...] | None:
        """Return the versions, local parts included, of the files on one page that fit the target interpreter.

        Args:
            index: full URL of a simple index (the page is ``INDEX/NAME/``), or of a page of links that holds files
                of several names (``knowledge.indexes.is_flat``).
            name: normalised by PEP 503.

        Returns:
            None where the page is not there or the index cannot be reached.
        """
        ...


@dataclass(frozen=True)
class Target:
    """The interpreter that pip installs for."""

    platform: str
    """conda's name of its platform: ``linux-64``, ``linux-aarch64``, ``win-64``, ``osx-arm64``."""
    python: str
    """Its version, ``3.11``."""


@dataclass(frozen=True)
class Route:
    """Where the files of a name come from."""

    indexes: tuple[str, ...]
    """Full URLs, tried in order: the first that has the name answers. Of some ``knowledge.indexes.is_flat`` says that
    they are one page of links. As they are asked for, so they may hold credentials."""
    reason: str


@dataclass(frozen=True)
class Window:
    """The versions of a name that fit."""

    requirement: str
    """PEP 508, fit for a constraints file: ``torch<=2.10.0``."""
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """A name that was asked for and does not do what its user wants."""

    name: str
    instead: str
    """What to ask for: ``cupy-cuda12x``; empty where nothing takes its place."""
    reason: str


@dataclass(frozen=True)
class DeadEnd:
    """A name for which no wheel fits: pip would build it from source, or take one for another torch."""

    name: str
    index: str
    """The page that was looked at; empty where no index has such a package."""
    reason: str
    """What is missing, the page included, and the torch for which there is one."""


@dataclass(frozen=True)
class WheelPlan:
    """Everything that is to be asked of pip; empty where nothing is to be changed."""

    routes: Mapping[str, Route] = field(default_factory=dict)
    """By normalised name. A name routed here is looked for nowhere else."""
    others: Route | None = None
    """Where all other names come from; None: as pip is configured."""
    windows: tuple[Window, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    dead_ends: tuple[DeadEnd, ...] = ()
    notes: tuple[str, ...] = ()
    """What a user should know, a line each."""

    @property
    def changes_nothing(self) -> bool:
        """Whether pip may run as it was typed."""
        return not (self.routes or self.windows or self.dead_ends)
