"""Where each project comes from: exactly one place, so that no index can slip in for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .catalogue import page_address
from .connection import FetchError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .catalogue import WebCatalogue
    from .connection import Connection
    from .mirrors import Mirrors


class Sources:
    """Chooses the place of a project and remembers the choice."""

    def __init__(
        self,
        routes: Mapping[str, Sequence[str]],
        pages: Sequence[str],
        indexes: Sequence[str],
        connection: Connection,
        catalogue: WebCatalogue,
        mirrors: Mirrors,
    ) -> None:
        """Take the planned routes, the find-links pages and indexes in force, and what is needed to look there."""
        self._routes = routes
        self._defaults = (pages, indexes)
        self._connection = connection
        self._catalogue = catalogue
        self._mirrors = mirrors
        self.chosen: dict[str, str] = {}
        """The index or page of every project that was asked for."""

    def find(self, name: str) -> str | None:
        """Return the address of a project's page, None where no place has the project.

        Of several places the first that has the project answers; one that cannot be asked answers too, so that pip
        reports what is wrong with it instead of taking the project from somewhere else.
        """
        if name not in self.chosen:
            place = self._choose(name)
            if place is None:
                return None
            self.chosen[name] = place
        return self._mirrors.forward(page_address(self.chosen[name], name))

    def find_at(self, number: int, name: str) -> str | None:
        """Return the page of a project at one index by its number; a routed project is at the first only."""
        if name in self._routes:
            return self.find(name) if number == 0 else None
        indexes = self._defaults[1]
        return self._mirrors.forward(page_address(indexes[number], name)) if number < len(indexes) else None

    def _choose(self, name: str) -> str | None:
        if name in self._routes:
            return self._first(self._routes[name], name)
        pages, indexes = self._defaults
        listed = next((page for page in pages if name in self._catalogue.names(page)), None)
        return listed or self._first(indexes, name)

    def _first(self, places: Sequence[str], name: str) -> str | None:
        if len(places) == 1:
            return places[0]
        return next((place for place in places if self._has(place, name)), None)

    def _has(self, place: str, name: str) -> bool:
        try:
            return self._connection.has(self._mirrors.forward(page_address(place, name)))
        except FetchError:
            return True
