"""A package as conda or pip describes it: the raw material, before anything is read from it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPEC = re.compile(r"(?P<name>[\w.-]+)(?:\[[^\]]*\])?\s*(?P<version>[^\s;]*)")
PIP = "pip"
"""The ecosystem of wheels."""


@dataclass(frozen=True)
class File:
    """A shared library that a package owns."""

    path: str
    """From the directory that the package is unpacked into: ``nvidia/nccl/lib/libnccl.so.2``."""
    digest: str = ""
    """What a RECORD says of its content (``sha256=...``); empty where nothing is known."""
    actual: str | None = None
    """The digest of what lies there; empty where nothing does, None where nobody has looked."""


@dataclass(frozen=True)
class Package:
    """One conda record or one wheel, installed, planned or on offer."""

    name: str
    version: str
    build: str = ""
    """conda's build string; empty for a wheel."""
    channel: str = ""
    """conda's canonical channel name (``conda-forge``, ``nvidia/label/cuda-12.1.0``); of a wheel its index without
    the scheme (``pypi``, ``download.pytorch.org/whl/cu126``), where that is known."""
    depends: tuple[str, ...] = ()
    """conda's match specs; of a wheel its ``Requires-Dist``, markers included."""
    constrains: tuple[str, ...] = ()
    ecosystem: str = "conda"
    """``conda`` or ``pip``."""
    files: tuple[File, ...] = ()
    """The shared libraries that a wheel owns, where they are known."""

    @property
    def is_wheel(self) -> bool:
        """Whether pip installs it."""
        return self.ecosystem == PIP

    @property
    def provider(self) -> str:
        """Who built it: the channel without its label."""
        return self.channel.rstrip("/").split("/label/")[0].rsplit("/", 1)[-1]

    def requirement(self, name: str) -> str | None:
        """Return the version part of the dependency on ``name``: ``*`` if it has none, None if there is none."""
        return _version_of(self.depends, name)

    def constraint(self, name: str) -> str | None:
        """Return the version that ``name`` must have if it is there (conda's ``constrains``), None if it may be any."""
        return _version_of(self.constrains, name)

    def __str__(self) -> str:
        return f"{self.name} {self.version}" + (f" {self.build}" if self.build else "")


def _version_of(specs: tuple[str, ...], name: str) -> str | None:
    for spec in specs:
        match = _SPEC.match(spec.strip())
        if match is not None and match["name"] == name:
            return match["version"] or "*"
    return None
