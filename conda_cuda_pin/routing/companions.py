"""What else lives on the index of torch: torchvision, torchaudio, triton..., and which of their versions fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..knowledge.indexes import find_release, torch_names
from .addresses import find_tag
from .search import TORCH
from .standing import AGAIN
from .values import Route, Window
from .wish import public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .case import Case
    from .choice import Choice


def route_names(case: Case, choice: Choice) -> dict[str, Route]:
    """Send every name of the index of torch where torch comes from.

    A name that is the same for all variants may come from elsewhere too, where that index lacks it.
    """
    if not choice.indexes:
        return {}
    alone = Route(choice.indexes, choice.reason)
    shared = Route(tuple(dict.fromkeys((*choice.indexes, *case.plain_indexes))), choice.reason)
    return {name: alone if row.alone else shared for name, row in torch_names().items()}


def route_others(case: Case, choice: Choice) -> Route | None:
    """Send all other names to the configured indexes first, and to torch's last: what it has of them may be stale."""
    if not choice.indexes:
        return None
    urls = (*case.plain_indexes, *(index.url for index in case.torch_indexes), *choice.indexes)
    return Route(tuple(dict.fromkeys(urls)), "an index of torch is no source of other packages while another has them")


def fit_companions(case: Case, choice: Choice) -> Iterator[Window]:
    """Keep what is asked for beside a torch that is installed to the versions made for it."""
    if not choice.stays or not choice.version or not choice.indexes:
        return
    bound = [
        spec.name for spec in case.companions if torch_names()[spec.name].alone and not torch_names()[spec.name].pair
    ]
    if bound and not AGAIN & set(case.words):
        yield Window(f"{TORCH}=={choice.version}", f"it is installed, and {', '.join(bound)} can be of its release")
    for spec in case.companions:
        row = torch_names()[spec.name]
        wish = case.wish(spec.name)
        found = case.catalogue.versions(choice.indexes[0], spec.name) or () if row.pair else ()
        own = [version for version in found if find_tag(version) in (choice.tag, "")]
        version = wish.newest(one for one in own if _fits(row.pair, public(one), public(choice.version)))
        if version is not None:
            reason = f"the one made for torch {choice.version}, which is installed"
            yield Window(f"{spec.name}=={version}", reason)


def _fits(pair: str, version: str, torch: str) -> bool:
    """Whether a version is paired with a torch, by the way in which the name follows it."""
    if pair == "minor":
        return version.split(".")[:2] == torch.split(".")[:2]
    release = find_release(torch)
    if pair == "torchvision":
        return release is not None and version == release.torchvision
    return version == torch or (torch.startswith("1.") and version == "0." + torch.removeprefix("1."))
