"""Extensions that have pages of their own: the page for the torch that is there, and the files on it that fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..knowledge.indexes import find_release, pages, releases
from ..versions import CudaVersion
from .abi import AbiKey
from .addresses import hide_credentials
from .search import TORCH
from .values import DeadEnd, Route, Window
from .wish import is_version, public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..knowledge.indexes import Page, Release
    from .case import Case
    from .choice import Choice

_TRIES = 3
"""How many pages are asked for the torch, or the version, that would do."""


@dataclass
class Extensions:
    """What was decided about extensions."""

    routes: dict[str, Route] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)
    dead_ends: list[DeadEnd] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Torch:
    """The torch that an extension has to fit."""

    version: str
    tag: str
    conda_forge: bool = False

    def address(self, page: Page, tag: str = "") -> str:
        """Return the page for it, or for another variant of it."""
        return address(page, public(self.version), tag or self.tag)

    def __str__(self) -> str:
        return f"torch {public(self.version)} ({self.tag})"


def address(page: Page, torch: str, tag: str) -> str:
    """Return where files for a torch and a variant lie; pages are made for the first release of each minor."""
    minor = ".".join(torch.split(".")[:2])
    cuda = CudaVersion.from_tag(tag)
    return page.url.format(torch=f"{minor}.0", minor=minor, tag=tag, major=cuda.major if cuda else "")


def plan_extensions(case: Case, choice: Choice) -> Extensions:
    """Find, for each extension that is asked for, the page and the files that fit."""
    plan = Extensions()
    sources = [word for word in case.words if word.startswith("--no-binary")]
    for name in sorted(case.request.names):
        rows = [page for page in pages() if name in page.names]
        if not rows or (sources and name in case.request.typed):
            continue
        named = [url for url in case.request.channels if case.addresses.read_page(url, name) is not None]
        torch = _find_torch(case, choice) if named or any(page.key != "driver" for page in rows) else None
        if named:
            _follow_user(case, plan, name, tuple(named), torch)
        elif rows[0].automatic and rows[0].key == "driver":
            _take_by_driver(case, plan, name, rows[0])
        elif rows[0].automatic and torch is not None:
            _take_by_torch(case, plan, name, rows[0], torch)
        elif rows[0].automatic:
            plan.notes.append(f"for which torch {name} is to be is not known: pip may build it from source")
    return plan


def _find_torch(case: Case, choice: Choice) -> Torch | None:
    """Return the torch that will be there; of one whose index the user named, the newest that is admitted."""
    version: str | None = choice.version
    if not version and choice.indexes:
        version = case.wish(TORCH).newest(case.catalogue.versions(choice.indexes[0], TORCH) or ())
    forge = choice.by_conda and any(one.name == "pytorch" and "forge" in one.channel for one in case.installed)
    return Torch(version, choice.tag, forge) if version and choice.tag else None


def _follow_user(case: Case, plan: Extensions, name: str, urls: tuple[str, ...], torch: Torch | None) -> None:
    """Take the page that the user named; one that is not there, or has no fitting file, ends in a build from source."""
    plan.routes[name] = Route(urls, "the page was named by the user")
    found = [case.catalogue.versions(url, name) for url in urls]
    if not any(found):
        row = next(page for page in pages() if name in page.names)
        right = f"; for {torch} it is {torch.address(row)}" if torch is not None and row.key == "page" else ""
        page = hide_credentials(urls[0])
        what = "is not there" if found == [None] * len(found) else f"has no {name} for this Python"
        reason = f"{page} {what}, and pip would build {name} from source{right}"
        plan.dead_ends.append(DeadEnd(name, urls[0], reason))


def _take_by_driver(case: Case, plan: Extensions, name: str, page: Page) -> None:
    """Take the best variant that the driver admits, for what does not build on torch."""
    if case.host.driver_cuda is None:
        return
    for tag in sorted(filter(case.fitness.admits, page.tags), key=case.fitness.rank, reverse=True):
        url = case.addresses.place(page.url.format(tag=tag))
        if case.wish(name).newest(case.catalogue.versions(url, name) or ()) is not None:
            plan.routes[name] = Route((url,), f"built for {tag}: {case.fitness.describe_limit()}")
            gap = case.fitness.describe_gap(tag)
            plan.notes += [gap] if gap else []
            return


def _take_by_torch(case: Case, plan: Extensions, name: str, page: Page, torch: Torch) -> None:
    """Take the newest file that fits the torch; say which torch would do where there is none."""
    seen: dict[str, tuple[str, ...]] = {}
    for url in _candidates(case, page, name, torch):
        found = case.catalogue.versions(url, name)
        if found is None:
            continue
        seen[url] = tuple(filter(is_version, found))
        best = case.wish(name).newest(one for one in seen[url] if _fits(page, one, torch))
        if best is not None:
            plan.routes[name] = Route((url,), f"built for {torch}")
            plan.windows.append(Window(f"{name}=={best}", f"the newest that is built for {torch}"))
            return
    first = torch.address(page)
    if page.key == "local" and not any(seen.values()):
        plan.notes.append(f"{first} could not be read: pip may build {name} from source")
        return
    plan.routes[name] = Route((case.addresses.place(first),), f"only files built for {torch} load beside it")
    other = _fitting_torch(case, page, name, torch, [one for versions in seen.values() for one in versions])
    hint = f"; there is one for torch {other}" if other else ""
    plan.dead_ends.append(DeadEnd(name, first, f"{first} has no {name} for {torch} that is asked for{hint}"))


def _candidates(case: Case, page: Page, name: str, torch: Torch) -> Iterator[str]:
    """Yield pages to look at: the exact one, then those of other minors of the same CUDA major, which load too."""
    yield case.addresses.place(torch.address(page))
    if page.release:
        wish = case.wish(name)
        known = wish.bounds or case.catalogue.versions(case.plain_indexes[0], name) or ()
        for version in sorted(filter(is_version, known), key=_numbers, reverse=True)[:_TRIES]:
            yield case.addresses.place(page.release.format(version=public(version)))
    release, own = find_release(public(torch.version)), CudaVersion.from_tag(torch.tag)
    if page.key != "page" or release is None or own is None:
        return
    for tag in reversed(release.tags(case.target.platform)):
        cuda = CudaVersion.from_tag(tag)
        if cuda is not None and cuda.major == own.major and tag != torch.tag:
            yield case.addresses.place(torch.address(page, tag))


def _fits(page: Page, version: str, torch: Torch) -> bool:
    key = AbiKey.read(version)
    return key.fits(public(torch.version), torch.tag, torch.conda_forge) and (page.key == "page" or bool(key.torch))


def _fitting_torch(case: Case, page: Page, name: str, torch: Torch, seen: list[str]) -> str:
    """Return the newest minor of torch for which there is a file with this CUDA major; empty where none is found."""
    wish = case.wish(name)
    if page.key == "local":
        keys = [AbiKey.read(one) for one in seen if wish.admits(one)]
        cuda = CudaVersion.from_tag(torch.tag)
        fitting = [key.torch for key in keys if key.torch and key.cuda in (None, cuda.major if cuda else 0)]
        return max(fitting, key=_numbers, default="")
    own = _numbers(torch.version)[:2]
    older = [row for row in releases() if row.torch.endswith(".0") and _numbers(row.torch)[:2] < own]
    for row in list(reversed(older))[:_TRIES]:
        tag = _same_variant(case, row, torch)
        url = case.addresses.place(address(page, row.torch, tag)) if tag else ""
        if url and wish.newest(case.catalogue.versions(url, name) or ()) is not None:
            return f"{row.torch} ({tag})"
    return ""


def _same_variant(case: Case, release: Release, torch: Torch) -> str:
    """Return the variant of another release to look for: the same one, else the best that runs here, or nothing."""
    running = [tag for tag in release.tags(case.target.platform) if case.fitness.runs(release.torch, tag)]
    if torch.tag == "cpu" or torch.tag in running:
        return torch.tag
    return max(running, key=case.fitness.rank, default="")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in public(version).split(".") if part.isdigit())
