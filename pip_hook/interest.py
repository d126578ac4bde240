"""Which names have to do with CUDA, so that a request with one of them is planned and judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def concerns_cuda(name: str) -> bool:
    """Whether a normalised name is of a CUDA package, by the tables or by its shape."""
    raise NotImplementedError


def list_tripwires(sites: Iterable[Path]) -> frozenset[str]:
    """Return the names that a resolution must not reach unplanned."""
    raise NotImplementedError
