"""Finds the newest torch with a variant that the host can use, asking as few index pages as it can."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packaging.version import Version

from ..knowledge.indexes import releases
from ..versions import read_numbers
from .addresses import find_tag
from .wish import is_version, public

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..knowledge.indexes import Release
    from .addresses import Addresses
    from .fitness import Fitness
    from .values import Catalogue
    from .wish import Wish

Key = tuple[Version, int, tuple[int, int, int]]
"""What candidates are compared by: the newer torch, then how far down it reaches, then the better variant."""
TORCH = "torch"


@dataclass(frozen=True)
class Build:
    """One build of torch on one index."""

    version: str
    """As the page has it, local part included."""
    tag: str
    index: str
    mixed: bool = False
    """Whether the index holds other variants too."""
    bounded: bool = False
    """Whether the index holds newer releases that do not run here."""


@dataclass
class Search:
    """One search; it remembers what pages held."""

    fitness: Fitness
    wish: Wish
    addresses: Addresses
    catalogue: Catalogue
    best: Build | None = None
    asked: set[str] = field(default_factory=set)

    def run(self, mixed: Iterable[str] = ()) -> Build | None:
        """Return the best build, None where no page has one that is admitted and runs here.

        Args:
            mixed: pages of all variants that a user named; then nothing else is looked at.
        """
        named = tuple(mixed)
        for page in named or (() if self.fitness.knows(_newest_tag()) else (self.addresses.base("all"),)):
            self._look_at_all(page)
        if named or self.best is not None:
            return self.best
        expected = self._expect()
        for tag in sorted(expected, key=lambda tag: expected[tag], reverse=True):
            if self.best is None or expected[tag] > self._key(self.best) or self._may_be_stale(tag):
                self._look_at(tag)
        if self.best is None and expected:
            self._look_at_all(self.addresses.base("all"))
        return self.best

    def _expect(self) -> dict[str, Key]:
        """Return the best that the tables promise of each variant."""
        best: dict[str, Key] = {}
        for torch, tags in self._known():
            for tag in tags:
                if self.wish.admits(torch) and self.fitness.runs(torch, tag):
                    key = (Version(torch), self.fitness.reach(torch, tag), self.fitness.rank(tag))
                    best[tag] = max(best.get(tag, key), key)
        return best

    def _known(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield releases and their variants; one that was asked for and is not in the table is as its neighbour."""
        rows = releases()
        platform = self.fitness.platform
        yield from ((row.torch, row.tags(platform)) for row in rows)
        listed = {read_numbers(row.torch) for row in rows}
        for bound in self.wish.bounds:
            if read_numbers(bound) not in listed:
                yield bound, _neighbour(bound).tags(platform)

    def _may_be_stale(self, tag: str) -> bool:
        """Whether a page showed a torch newer than the tables, so that other current variants may have it too."""
        newest = releases()[-1]
        assert self.best is not None
        return Version(public(self.best.version)) > Version(newest.torch) and tag in newest.cuda

    def _look_at(self, tag: str) -> None:
        index = self.addresses.torch(tag)
        found = self.catalogue.versions(index, TORCH)
        if found is None:
            self._look_at_all(self.addresses.base("archive"))
        else:
            self._consider([(version, tag) for version in found], index, mixed=False)

    def _look_at_all(self, page: str) -> None:
        if page in self.asked:
            return
        self.asked.add(page)
        found = [(version, find_tag(version)) for version in self.catalogue.versions(page, TORCH) or ()]
        builds = [(version, tag) for version, tag in found if tag.startswith("cu")]
        if page != self.addresses.base("all"):
            self._consider(builds, page, mixed=True)
            return
        for tag in sorted({tag for _, tag in builds}):  # what lies there lies on the variant's own index too
            self._consider([one for one in builds if one[1] == tag], self.addresses.torch(tag), mixed=False)

    def _consider(self, found: list[tuple[str, str]], index: str, mixed: bool) -> None:
        admitted = [(version, tag) for version, tag in found if is_version(version) and self.wish.admits(version)]
        usable = [(version, tag) for version, tag in admitted if self.fitness.runs(public(version), tag)]
        for version, tag in usable:
            build = Build(version, tag, index, mixed)
            if self.best is None or self._key(build) > self._key(self.best):
                newer = any(Version(public(other)) > Version(public(version)) for other, _ in admitted)
                self.best = Build(version, tag, index, mixed, bounded=newer)

    def _key(self, build: Build) -> Key:
        torch = public(build.version)
        return Version(torch), self.fitness.reach(torch, build.tag), self.fitness.rank(build.tag)


def newest_usable(fitness: Fitness) -> tuple[str, str] | None:
    """Return the newest torch of the tables that runs here, and its variant."""
    for row in reversed(releases()):
        fitting = [tag for tag in row.tags(fitness.platform) if fitness.runs(row.torch, tag)]
        if fitting:
            return row.torch, max(fitting, key=fitness.rank)
    return None


def _newest_tag() -> str:
    return releases()[-1].cuda[-1]


def _neighbour(torch: str) -> Release:
    older = [row for row in releases() if read_numbers(row.torch) <= read_numbers(torch)]
    return older[-1] if older else releases()[0]
