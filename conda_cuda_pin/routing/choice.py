"""What is decided about torch, and the first who has a say in it: the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..knowledge.indexes import torch_names
from .addresses import find_tag
from .search import TORCH
from .values import Window
from .wish import find_local_tag, public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .case import Case


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
    tag = tag or indexes[0].tag
    return Choice(urls, tag, reason="the index was named by the user", windows=tuple(_exchange(case, urls[0], tag)))


def _exchange(case: Case, index: str, tag: str) -> Iterator[Window]:
    """Exchange CPU builds for those of the CUDA index that was named for them: to pip they meet the request.

    The same release where the index has it; of torch itself else the newest there.
    """
    installed = {one.name: one.version for one in case.installed if one.is_wheel}
    for name in sorted(case.request.names & installed.keys() & torch_names().keys()):
        if (
            not tag.startswith("cu")
            or find_tag(installed[name]) != "cpu"
            or not case.wish(name).admits(installed[name])
        ):
            continue
        found = [one for one in case.catalogue.versions(index, name) or () if find_tag(one) == tag]
        same = [one for one in found if public(one) == public(installed[name])]
        version = case.wish(name).newest(same or (found if name == TORCH else ()))
        if version is not None:
            yield Window(f"{name}=={version}", f"{installed[name]} is a CPU build, and an index of {tag} was named")
