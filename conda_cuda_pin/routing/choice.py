"""What is decided about torch, and the first who has a say in it: the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..knowledge.indexes import torch_names
from .search import TORCH
from .wish import find_local_tag

if TYPE_CHECKING:
    from .case import Case
    from .values import Window


@dataclass(frozen=True)
class Choice:
    """What was decided about torch."""

    indexes: tuple[str, ...] = ()
    """Where its names come from; empty: nothing is routed."""
    tag: str = ""
    version: str = ""
    """The torch that will be there, where that is known."""
    reason: str = ""
    stays: bool = False
    """It is installed already, and what is asked for has to fit it."""
    by_conda: bool = False
    windows: tuple[Window, ...] = ()
    notes: tuple[str, ...] = ()


def follow_word(case: Case) -> Choice | None:
    """Follow the user: a local version in the request, an index of torch that was named."""
    named = case.torch_indexes
    tag = find_local_tag(case.request, (TORCH, *sorted(torch_names())))
    indexes = [index for index in named if index.tag in (tag, "")] if tag else [index for index in named if index.tag]
    if tag and not indexes:
        return Choice((case.addresses.torch(tag),), tag, reason=f"the request names a build of {tag}")
    if not indexes:
        return None
    rest = [index for index in named if index not in indexes]
    urls = tuple(index.url for index in (*indexes, *rest))
    return Choice(urls, tag or indexes[0].tag, reason="the index was named by the user")
