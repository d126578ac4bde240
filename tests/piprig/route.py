"""What a right server answers, as a function of the indexes and of what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.piprig import pages
from tests.piprig.index import Index, hash_content
from tests.piprig.wheel import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOREVER = "max-age=365000000, immutable, public"
"""What PyPI says of its files."""
_FILE = "application/octet-stream"
_SHUT = "/download.pytorch.org/"
"""Where everything that is not there is forbidden, as its storage answers."""


@dataclass(frozen=True)
class Answer:
    """What a right server gives."""

    status: int
    body: bytes = b""
    kind: str = pages.HTML
    headers: tuple[tuple[str, str], ...] = ()


def find_answer(indexes: Sequence[Index], path: str, accept: str = "", user: str = "") -> Answer:
    """Return the answer at an unquoted path to one who accepts these types and is ``user:password``.

    Where one index lies within another, the inner one answers.
    """
    plain = path.removesuffix(".metadata")
    holder = next((index for index in indexes if plain in index.places or path in index.places), None)
    around = (index for index in indexes if f"{path}/".startswith(f"/{index.path}/"))
    index = holder or max(around, key=lambda one: len(one.path), default=None)
    if index is None:
        return Answer(403 if path.startswith(_SHUT) else 404)
    if index.login and user != ":".join(index.login):
        return Answer(401, headers=(("WWW-Authenticate", f'Basic realm="{index.realm}"'),))
    return _give_file(index, path) if holder else _give_page(index, path, accept)


def _give_file(index: Index, path: str) -> Answer:
    if path in index.places:
        return _give(index.places[path].file.content, _FILE, _FOREVER)
    metadata = index.places[path.removesuffix(".metadata")].metadata
    if metadata is None or not index.core_metadata:
        return Answer(index.missing)
    return _give(metadata, _FILE, _FOREVER)


def _give_page(index: Index, path: str, accept: str) -> Answer:
    name = path.removeprefix(f"/{index.path}").strip("/")
    if not name:
        return _give(pages.write_root(index).encode(), pages.HTML, index.cache)
    project = normalise(name)
    if project not in index.projects:
        return Answer(index.missing)
    address = f"/{index.path}/{project}/"
    if path != address:
        return Answer(301, headers=(("Location", address),))
    as_json = index.json and pages.JSON in accept
    body = pages.write_project(index, project, index.projects[project], as_json)
    return _give(body.encode(), pages.JSON if as_json else pages.HTML, index.cache)


def _give(body: bytes, kind: str, cache: str) -> Answer:
    return Answer(200, body, kind, (("ETag", f'"{hash_content(body)[:32]}"'), ("Cache-Control", cache)))
