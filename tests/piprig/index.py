"""Package indexes as values: where each lies, what it offers, and how it answers.

Simple index: https://packaging.python.org/en/latest/specifications/simple-repository-api/
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.piprig.sdist import Sdist
    from tests.piprig.wheel import Wheel

PYPI = "pypi.org/simple"
PYPI_FILES = "files.pythonhosted.org/packages"
_CDN = "max-age=600, public"
_FRESH = "no-cache,no-store,must-revalidate"
"""What PyPI and download.pytorch.org say of their pages."""


@dataclass(frozen=True)
class Offer:
    """A file on an index. What is set takes the place of the truth: that is how an index lies."""

    file: Wheel | Sdist
    name: str = ""
    """The file name in the link, quoted as it is to appear there."""
    told_metadata: bytes | None = None
    """What is served as ``.metadata``; the hash on the page fits it."""
    told_hash: str = ""
    """The sha256 on the page."""
    yanked: str = ""

    @property
    def link(self) -> str:
        """The last part of its address."""
        return self.name or quote(self.file.filename)

    @property
    def project(self) -> str:
        """The project it is listed under."""
        return self.file.project

    @property
    def requires_python(self) -> str:
        """What its link says about Python."""
        return self.file.requires_python

    @cached_property
    def sha256(self) -> str:
        """The hash on the page."""
        return self.told_hash or hash_content(self.file.content)

    @property
    def metadata(self) -> bytes | None:
        """What is served as ``.metadata``; None for an sdist."""
        return self.told_metadata if self.told_metadata is not None else getattr(self.file, "metadata", None)


@dataclass(frozen=True)
class Index:
    """A simple index or a find-links page: its address without scheme, and what lies there."""

    path: str
    """``download.pytorch.org/whl/cu126``, or the address of a page: ``data.pyg.org/whl/torch-2.8.0+cu126.html``."""
    offers: tuple[Offer, ...]
    storage: str = ""
    """Where the files are: empty for beside the pages."""
    root: Literal["names", "links"] = "names"
    """What its own address answers: the names of projects, or links to all files (``--find-links``)."""
    json: bool = True
    """Whether it speaks PEP 691; HTML it speaks always."""
    core_metadata: bool = True
    """Whether it serves ``.metadata`` (PEP 658, PEP 714)."""
    hashes: bool = True
    missing: int = 404
    """The status for a project that it does not have."""
    cache: str = _CDN
    login: tuple[str, str] | None = None
    """User and password, where it asks for them."""
    realm: str = field(default="packages")

    @cached_property
    def projects(self) -> dict[str, list[Offer]]:
        """Project -> what is offered of it, in the order given."""
        found: dict[str, list[Offer]] = {}
        for offer in self.offers:
            found.setdefault(offer.project, []).append(offer)
        return found

    @cached_property
    def places(self) -> dict[str, Offer]:
        """Unquoted path on the server -> the file there."""
        return {unquote(self.place(offer)): offer for offer in self.offers}

    def place(self, offer: Offer) -> str:
        """Return the path of a file on the server, quoted; PyPI spreads its files over directories."""
        if self.storage != PYPI_FILES:
            return f"/{quote(self.storage or self.path.removesuffix('.html'))}/{offer.link}"
        spread = hash_content(offer.file.filename.encode())
        return f"/{self.storage}/{spread[:2]}/{spread[2:4]}/{spread[4:]}/{offer.link}"


def make_pypi(*files: Wheel | Sdist | Offer) -> Index:
    """Return an index that answers as pypi.org does."""
    return Index(PYPI, as_offers(files), storage=PYPI_FILES)


def make_torch(variant: str, *files: Wheel | Sdist | Offer) -> Index:
    """Return an index that answers as download.pytorch.org does: HTML alone, 403 for what it has not."""
    path = f"download.pytorch.org/whl/{variant}"
    return Index(path, as_offers(files), json=False, missing=403, cache=_FRESH)


def make_page(path: str, *files: Wheel | Sdist | Offer) -> Index:
    """Return a page of links to files of many projects, as data.pyg.org has them: no hashes, no metadata."""
    return Index(path, as_offers(files), root="links", json=False, core_metadata=False, hashes=False)


def as_offers(files: Sequence[Wheel | Sdist | Offer]) -> tuple[Offer, ...]:
    """Return files as an index offers them."""
    return tuple(file if isinstance(file, Offer) else Offer(file) for file in files)


def hash_content(content: bytes) -> str:
    """Return a sha256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
