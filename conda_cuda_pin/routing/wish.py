"""What a request says of one name: the versions that it admits, the variant that it fixes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from .addresses import find_tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..request import Request

_LOCAL = re.compile(r"===?\s*([\w.!]+\+[\w.]+)")
_BOUND = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True)
class Wish:
    """The versions of one name that a request admits."""

    specifier: SpecifierSet
    pre: bool = False
    """Whether pre-releases are admitted."""
    readable: bool = True
    """False where the version part is no specifier: a direct address."""

    @classmethod
    def of(cls, request: Request, name: str) -> Wish:
        """Read what is said of a name, all mentions together; anything goes where it is not named."""
        texts = [spec.version for spec in request.specs if spec.name == name and spec.version]
        pre = "--pre" in request.typed.split()
        try:
            return cls(SpecifierSet(",".join(texts)), pre)
        except InvalidSpecifier:
            return cls(SpecifierSet(), pre, readable=False)

    def admits(self, version: str) -> bool:
        """Whether a version is admitted."""
        return self.specifier.contains(version, prereleases=self.pre or bool(self.specifier.prereleases))

    @property
    def bounds(self) -> tuple[str, ...]:
        """The versions that stand in it, without their local parts."""
        return tuple(match[0] for one in self.specifier if (match := _BOUND.match(one.version)) is not None)

    def newest(self, versions: Iterable[str]) -> str | None:
        """Return the newest version that is admitted, None if none is."""
        return max((one for one in versions if is_version(one) and self.admits(one)), key=Version, default=None)


def find_local_tag(request: Request, names: Iterable[str]) -> str:
    """Return the variant that a request fixes by a local version (``torch==2.7.1+cu128``), the first name's first."""
    for name in names:
        for spec in request.specs:
            match = _LOCAL.search(spec.version) if spec.name == name else None
            if match is not None and (tag := find_tag(match[1])):
                return tag
    return ""


def is_version(text: str) -> bool:
    """Whether a text is a version at all: pages hold files that are none."""
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def public(version: str) -> str:
    """Return a version without its local part."""
    return version.partition("+")[0]
