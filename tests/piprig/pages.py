"""The pages of an index as HTML (PEP 503) and as JSON (PEP 691)."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

from tests.piprig.index import hash_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.piprig.index import Index, Offer

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "text/html"


def write_root(index: Index) -> str:
    """Return the page at an index's own address."""
    if index.root == "links":
        return _wrap(_write_link(index, offer) for offer in index.offers)
    return _wrap(f'<a href="{name}/">{name}</a>' for name in index.projects)


def write_project(index: Index, name: str, offers: Sequence[Offer], as_json: bool) -> str:
    """Return the page of a project."""
    if not as_json:
        return _wrap(_write_link(index, offer) for offer in offers)
    files = [_describe(index, offer) for offer in offers]
    return json.dumps({"meta": {"api-version": "1.1"}, "name": name, "files": files})


def _write_link(index: Index, offer: Offer) -> str:
    known = {"data-requires-python": offer.requires_python, "data-yanked": offer.yanked}
    if index.core_metadata and offer.metadata is not None:
        known["data-core-metadata"] = known["data-dist-info-metadata"] = f"sha256={hash_content(offer.metadata)}"
    attributes = "".join(f' {key}="{html.escape(value)}"' for key, value in known.items() if value)
    digest = f"#sha256={offer.sha256}" if index.hashes else ""
    return f'<a href="{index.place(offer)}{digest}"{attributes}>{html.escape(offer.link)}</a>'


def _describe(index: Index, offer: Offer) -> dict[str, Any]:
    entry = {
        "filename": offer.name or offer.file.filename,
        "url": index.place(offer),
        "hashes": {"sha256": offer.sha256} if index.hashes else {},
        "yanked": offer.yanked or False,
    }
    if offer.requires_python:
        entry["requires-python"] = offer.requires_python
    if index.core_metadata and offer.metadata is not None:
        entry["core-metadata"] = {"sha256": hash_content(offer.metadata)}
    return entry


def _wrap(links: Iterable[str]) -> str:
    body = "".join(f"{link}<br>\n" for link in links)
    return f"<!DOCTYPE html>\n<html><head><title>Links</title></head><body>\n{body}</body></html>\n"
