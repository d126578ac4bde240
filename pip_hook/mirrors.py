"""Copies of indexes that are to be used in their place: the setting ``cuda_pin_mirrors``."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Mirrors:
    """Prefixes of addresses and what stands in their place."""

    pairs: tuple[tuple[str, str], ...] = ()

    def forward(self, url: str) -> str:
        """Return where to ask instead."""
        return _replace(url, self.pairs)

    def back(self, url: str) -> str:
        """Return what is mirrored there."""
        return _replace(url, tuple((copy, original) for original, copy in self.pairs))

    def name(self, url: str) -> str:
        """Return an index by the name that packages carry: no scheme, no credentials, ``pypi`` for PyPI itself."""
        parts = urlsplit(self.back(url))
        place = parts.netloc.rpartition("@")[2] + parts.path.rstrip("/")
        return "pypi" if place in ("pypi.org/simple", "files.pythonhosted.org") else place


def _replace(url: str, pairs: tuple[tuple[str, str], ...]) -> str:
    fitting = [pair for pair in pairs if url == pair[0] or url.startswith(pair[0].rstrip("/") + "/")]
    if not fitting:
        return url
    old, new = max(fitting, key=lambda pair: len(pair[0]))
    return new.rstrip("/") + url[len(old.rstrip("/")) :]
