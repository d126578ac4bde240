"""Addresses of indexes: which are torch's own, under which name a mirror has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..knowledge.indexes import base_url, pages

if TYPE_CHECKING:
    from ..knowledge.indexes import Page

TAG = re.compile(r"cu\d{2,3}|cpu|rocm[\d.]+|xpu")
"""A variant of torch, as it ends an index address or stands in a local version."""
_FLAT = re.compile(r"/torch_(stable|nightly|test|lts)\.html$")


@dataclass(frozen=True)
class TorchIndex:
    """An index of the PyTorch project, or a mirror of one."""

    url: str
    tag: str
    """The variant that it holds; empty where it holds all of them."""


@dataclass(frozen=True)
class Addresses:
    """Addresses as they are asked for, mirrors considered."""

    mirrors: tuple[tuple[str, str], ...] = ()
    """Beginnings of addresses, and what to put in their place; the longest that fits counts."""

    def place(self, url: str) -> str:
        """Return the address under which a page is asked for."""
        return _swap(url, self.mirrors)

    def torch(self, tag: str) -> str:
        """Return the index of one variant of torch."""
        return self.place(base_url("torch").format(tag=tag))

    def base(self, name: str) -> str:
        """Return one of the addresses that hold for everybody: ``archive``, ``all``, ``pypi``."""
        return self.place(base_url(name))

    def read_torch_index(self, url: str) -> TorchIndex | None:
        """Return what an address is, if it is an index of torch: its own, a mirror's, stable, test or nightly."""
        bare = url.rstrip("/")
        path = _FLAT.sub("", self._original(bare))
        rest = path.removeprefix(base_url("all")).removeprefix("/")
        owned = path == base_url("all") or path.startswith(base_url("all") + "/")
        last = rest.rsplit("/", 1)[-1]
        if TAG.fullmatch(last) and (owned or _LIKE_TORCH.search(path)):
            return TorchIndex(bare, last)
        return TorchIndex(bare, "") if owned and rest in _MIXED else None

    def read_page(self, url: str, name: str) -> Page | None:
        """Return the row of an extension's page that an address belongs to."""
        path = self._original(url.rstrip("/"))
        return next((page for page in pages() if name in page.names and path.startswith(page.stem)), None)

    def _original(self, url: str) -> str:
        return _swap(url, tuple((mirror, original) for original, mirror in self.mirrors))


def _swap(url: str, pairs: tuple[tuple[str, str], ...]) -> str:
    """Replace the longest beginning that has something in its place."""
    fitting = [pair for pair in pairs if url == pair[0] or url.startswith(f"{pair[0]}/")]
    old, new = max(fitting, key=lambda pair: len(pair[0]), default=("", ""))
    return new + url.removeprefix(old)


_MIXED = ("", "nightly", "test", "lts/1.8")
"""What follows the base where all variants lie together."""
_LIKE_TORCH = re.compile(r"//[^/]*/.*pytorch")
"""Mirrors of the index carry its name in their paths (``mirrors.aliyun.com/pytorch-wheels/cu126``)."""


def find_tag(version: str) -> str:
    """Return the variant that a local version names: ``cu126`` of ``2.7.1+cu126``; empty where it names none."""
    local = version.partition("+")[2].split(".")[0] if "+rocm" not in version else version.partition("+")[2]
    return local if TAG.fullmatch(local) else ""


def hide_credentials(url: str) -> str:
    """Return an address as it may be shown: without a name and a password."""
    return re.sub(r"//[^/@]+@", "//", url)
