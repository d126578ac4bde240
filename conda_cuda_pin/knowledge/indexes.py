"""Where wheels come from: releases of torch, the names on its index, pages of extensions, names to replace."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..versions import read_numbers
from .table import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Release:
    """One release of torch."""

    torch: str
    torchvision: str
    """The torchvision made for it; empty where that is not known."""
    cuda: tuple[str, ...]
    """Tags of its CUDA variants for Linux x86_64 and Windows, the oldest CUDA first."""
    aarch64: tuple[str, ...]
    pypi: Mapping[str, str]
    """What the wheel on PyPI is on each platform: a tag, or ``cpu``."""

    def tags(self, platform: str) -> tuple[str, ...]:
        """Return the CUDA variants for a platform."""
        return self.aarch64 if platform == "linux-aarch64" else self.cuda


@dataclass(frozen=True)
class TorchName:
    """A name that lives on the index of torch."""

    name: str
    alone: bool
    """Whatever PyPI has of it is built for one variant: where the index has none, there is none."""
    pair: str
    """How its version follows torch's: ``torchvision`` by the table of releases, ``version`` the same numbers,
    ``minor`` the same minor; empty where only its own metadata says."""


@dataclass(frozen=True)
class Page:
    """An index or a page of links for extensions."""

    names: tuple[str, ...]
    url: str
    """With ``{torch}`` (2.8.0), ``{minor}`` (2.8), ``{tag}``, ``{major}`` where the address says what it is for."""
    key: str
    """By what files fit: ``page`` the address, ``local`` the local version of each file, ``driver`` the CUDA major."""
    automatic: bool
    """Whether it is taken without being asked for."""
    flat: bool
    """One page of links, not an index with a page for each name."""
    tags: tuple[str, ...]
    """Variants there are, where the driver alone decides."""
    release: str
    """Address of the page of one ``{version}``, where the page itself does not list files; empty otherwise."""

    @property
    def stem(self) -> str:
        """The part of the address that is the same for all variants."""
        return self.url.split("{")[0].removesuffix("torch-")


@dataclass(frozen=True)
class Replacement:
    """A name that does not do what its user wants, and what does."""

    name: str
    instead: str
    """With ``{major}`` where it depends on CUDA; empty where nothing takes its place."""
    majors: tuple[int, ...]
    """CUDA majors there are."""
    ended: str
    """From this version on PyPI has nothing of the name that pip can install; empty where it has."""
    only_cuda: bool
    """Whether it matters only where CUDA can run."""
    platforms: tuple[str, ...]
    """Where it holds; empty for everywhere."""
    why: str


@functools.cache
def releases() -> tuple[Release, ...]:
    """All known releases of torch, the oldest first."""
    rows = load_table("indexes")["rows"]
    return tuple(
        Release(row["torch"], row["torchvision"], tuple(row["cuda"]), tuple(row["aarch64"]), row["pypi"])
        for row in sorted(rows, key=lambda row: read_numbers(row["torch"]))
    )


def find_release(torch: str) -> Release | None:
    """Return the row of one version, None where there is none."""
    return next((release for release in releases() if read_numbers(release.torch) == read_numbers(torch)), None)


@functools.cache
def torch_names() -> Mapping[str, TorchName]:
    """All names on the index of torch."""
    rows = load_table("indexes")["names"]
    return {row["name"]: TorchName(row["name"], row["alone"], row["pair"]) for row in rows}


def base_url(name: str) -> str:
    """Return an address: ``torch`` (with ``{tag}``), ``archive``, ``all`` (every variant on one index), ``pypi``."""
    return next(str(row["url"]) for row in load_table("indexes")["bases"] if row["name"] == name)


@functools.cache
def pages() -> tuple[Page, ...]:
    """All pages of extensions."""
    return tuple(
        Page(**{**{key: value for key, value in row.items() if key != "source"}, **_tuples(row)})
        for row in load_table("indexes")["pages"]
    )


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) for key, value in row.items() if isinstance(value, list)}


@functools.cache
def builds_of(name: str) -> tuple[tuple[str, int], ...]:
    """Return from which version on unmarked wheels are built with which CUDA major, the oldest first."""
    rows = [row for row in load_table("indexes")["builds"] if row["name"] == name]
    return tuple((row["since"], row["major"]) for row in sorted(rows, key=lambda row: read_numbers(row["since"])))


@functools.cache
def replacements(name: str) -> tuple[Replacement, ...]:
    """Return what is known of a name that should be replaced."""
    return tuple(
        Replacement(
            name,
            row["instead"],
            tuple(row["majors"]),
            row["ended"],
            row["when"] == "cuda",
            tuple(row["platforms"]),
            row["why"],
        )
        for row in load_table("indexes")["replacements"]
        if row["name"] == name
    )


def is_flat(url: str) -> bool:
    """Whether an address is one page of links: no ``/NAME/`` is put behind it."""
    path = url.split("#", maxsplit=1)[0].rstrip("/")
    return (
        path.endswith((".html", ".htm")) or _ASSETS in path or any(page.flat and path == page.url for page in pages())
    )


_ASSETS = "/releases/expanded_assets/"
"""Where GitHub lists the files of one release; its page of all releases lists none."""
