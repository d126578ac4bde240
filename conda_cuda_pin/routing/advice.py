"""Names that do not do what their user wants or are no package at all, and unmarked wheels of one CUDA major."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import Version

from ..knowledge.indexes import builds_of, replacements
from ..limit import find_limit
from ..tag import normalise
from ..versions import CudaVersion
from .values import DeadEnd, Suggestion, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..knowledge.indexes import Replacement
    from .case import Case
    from .choice import Choice


def suggest(case: Case) -> Iterator[Suggestion]:
    """Say what to ask for instead of names that the user typed without an extra, or that pip cannot install at all."""
    typed = _typed_bare(case.words)
    for row in _find_rows(case):
        if row.name not in typed and not row.ended:
            continue
        if row.only_cuda and (case.host.driver_cuda is None or case.settings.variant == "cpu"):
            continue
        instead = _fill(case, row)
        if instead is not None:
            yield Suggestion(row.name, instead, row.why)


def find_ended(case: Case) -> Iterator[DeadEnd]:
    """Name what was asked for and is no package on the indexes in force: pip would end in an error of its build."""
    local = any("://" not in url or url.startswith("file:") for url in case.defaults)
    if local or {"-f", "--find-links"} & {word.partition("=")[0] for word in case.words}:
        return  # what lies there is not known here
    for row in _find_rows(case):
        wish = case.wish(row.name)
        if not row.ended or not wish.readable or any(row.name == package.name for package in case.installed):
            continue
        offered = (
            case.catalogue.versions(index, row.name) or () for index in (*case.plain_indexes, *case.request.channels)
        )
        newest = wish.newest(version for versions in offered for version in versions)
        if newest is None or (Version(newest) < Version(row.ended) and wish.admits(row.ended)):
            ask = f"ask for {row.instead}" if row.instead else "leave it out"
            yield DeadEnd(row.name, "", f"{row.name}{wish.specifier}: {row.why}; {ask}")


def replace_name(requirement: str, suggestion: Suggestion) -> str:
    """Return a requirement on what was suggested, with the versions and markers of the one that was asked for.

    One on another name, and one that names an address, stays as it is.
    """
    try:
        asked, instead = Requirement(requirement), Requirement(suggestion.instead)
    except InvalidRequirement:
        return requirement
    if normalise(asked.name) != suggestion.name or asked.url or asked.extras:
        return requirement
    asked.name, asked.extras = instead.name, instead.extras
    return str(asked)


def _find_rows(case: Case) -> Iterator[Replacement]:
    rows = (row for name in sorted(case.request.names) for row in replacements(name))
    yield from (row for row in rows if not row.platforms or case.target.platform in row.platforms)


def _typed_bare(words: tuple[str, ...]) -> frozenset[str]:
    """Name what stands on the command line without an extra: of a file it is not known how it is written."""
    names = set()
    for word in words:
        try:
            requirement = Requirement(word)
        except InvalidRequirement:
            continue
        names |= set() if requirement.extras else {normalise(requirement.name)}
    return frozenset(names)


def _fill(case: Case, row: Replacement) -> str | None:
    """Write the newest CUDA major that runs here into a name; None where none of those there are does."""
    if not row.majors:
        return row.instead
    limit = find_limit(case.host, case.settings)
    majors = [major for major in row.majors if limit is None or CudaVersion(major, 0) < limit.below]
    if case.host.driver_cuda is None:
        majors = list(row.majors)
    return row.instead.format(major=max(majors)) if majors else None


def bound_unmarked(case: Case, choice: Choice) -> Iterator[Window]:
    """Keep wheels that say nothing of their CUDA major within the driver's, and to that of the torch that is there."""
    limit = find_limit(case.host, case.settings)
    torch = CudaVersion.from_tag(choice.tag) if choice.stays or "torch" in case.request.names else None
    if limit is None and torch is None:
        return
    for name in sorted(case.request.names):
        rows = builds_of(name)
        named = any(case.addresses.read_page(url, name) for url in case.request.channels)
        if not rows or named:
            continue
        admitted = [major for _, major in rows if limit is None or CudaVersion(major, 0) < limit.below]
        major = torch.major if torch is not None and torch.major in admitted else max(admitted, default=None)
        if major is not None:
            yield from _bound(case, name, rows, major)


def _bound(case: Case, name: str, rows: tuple[tuple[str, int], ...], major: int) -> Iterator[Window]:
    """Keep a name below the first version that is built with a newer major, unless the user asked for just that."""
    until = next((since for since, built in rows if built > major), None)
    if until is None:
        return
    wish = case.wish(name)
    below = [f"{until}.dev0", *(bound for bound in wish.bounds if Version(bound) < Version(until))]
    if any(wish.specifier.contains(version, prereleases=True) for version in below):
        yield Window(f"{name}<{until}", f"from {until} on, wheels of {name} are built with a CUDA newer than {major}")
