"""The page of an index: the files that it lists (https://peps.python.org/pep-0503/, https://peps.python.org/pep-0691/)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


@dataclass(frozen=True)
class Entry:
    """One file on a page."""

    filename: str
    requires_python: str = ""
    yanked: bool = False


def read_page(text: str, content_type: str) -> tuple[Entry, ...]:
    """Read a page in JSON or HTML; raises ValueError where it is neither."""
    if "json" in content_type:
        return tuple(map(_read_entry, _read_files(text)))
    parser = _Anchors()
    parser.feed(text)
    return tuple(parser.entries)


def _read_files(text: str) -> list[dict[str, Any]]:
    page = json.loads(text)
    files = page.get("files") if isinstance(page, dict) else None
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise ValueError("the page lists no files")
    return files


def _read_entry(file: dict[str, Any]) -> Entry:
    return Entry(str(file.get("filename", "")), str(file.get("requires-python") or ""), bool(file.get("yanked")))


class _Anchors(HTMLParser):
    """Collects what the anchors of a page point at."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take one anchor."""
        facts = dict(attrs)
        href = facts.get("href")
        if tag == "a" and href:
            filename = _read_filename(href)
            self.entries.append(Entry(filename, facts.get("data-requires-python") or "", "data-yanked" in facts))


def _read_filename(href: str) -> str:
    """Return the last part of an address; nothing where it is none."""
    try:
        return unquote(urlsplit(href).path.rsplit("/", 1)[-1])
    except ValueError:
        return ""
