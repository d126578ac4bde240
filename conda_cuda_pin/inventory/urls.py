"""What the URL of an archive says of the package in it."""

from __future__ import annotations

import re
from urllib.parse import unquote

from ..package import PIP, Package
from ..tag import normalise
from .metadata import name_index
from .records import name_channel

_CONDA = re.compile(
    r"(?P<place>.*)/(?P<name>[^/]+)-(?P<version>[^/-]+)-(?P<build>[^/-]+)\.(?:conda|tar\.bz2)(?:[#?].*)?"
)
_WHEEL = re.compile(r"(?:.*/)?(?P<name>[^/-]+)-(?P<version>[^/-]+)-[^/]*\.whl(?:[#?].*)?")


def read_conda_url(url: str, depends: tuple[str, ...] = (), constrains: tuple[str, ...] = ()) -> Package | None:
    """Return the package that a URL of conda names, None where it names none."""
    match = _CONDA.fullmatch(url.strip())
    if match is None:
        return None
    channel = name_channel(match["place"])
    version = unquote(match["version"])
    return Package(unquote(match["name"]), version, unquote(match["build"]), channel, depends, constrains)


def read_wheel_url(url: str, depends: tuple[str, ...] = ()) -> Package | None:
    """Return the package of a wheel by its URL or path, None where it is no wheel."""
    match = _WHEEL.fullmatch(unquote(url.strip()))
    if match is None:
        return None
    return Package(normalise(match["name"]), match["version"], "", name_index(url), depends, ecosystem=PIP)


def name_place(url: str) -> str:
    """Name an index by its URL, as the channel of a wheel has it: ``download.pytorch.org/whl/cu126``."""
    place = re.sub(r"^\w+://(?:[^/@]*@)?", "", url.strip()).rstrip("/").removesuffix("/simple").rstrip("/")
    return "pypi" if place in ("pypi.org", "pypi.python.org") else place
