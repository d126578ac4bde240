"""Names that do not do what their user wants, and unmarked wheels that are built for one CUDA major."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import Version

from ..knowledge.indexes import builds_of, replacements
from ..limit import find_limit
from ..tag import normalise
from ..versions import CudaVersion
from .values import Suggestion, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..knowledge.indexes import Replacement
    from .case import Case
    from .choice import Choice


_QUOTES = "'\""


def suggest(case: Case) -> Iterator[Suggestion]:
    """Say what to ask for instead of names that the user typed without an extra."""
    for name in sorted(case.request.names & _typed_bare(case.words)):
        for row in replacements(name):
            if row.platforms and case.target.platform not in row.platforms:
                continue
            if row.only_cuda and (case.host.driver_cuda is None or case.settings.variant == "cpu"):
                continue
            instead = _fill(case, row)
            if instead is not None:
                yield Suggestion(name, instead, row.why)


def _typed_bare(words: tuple[str, ...]) -> frozenset[str]:
    """Name what stands on the command line without an extra: of a file it is not known how it is written."""
    names = set()
    for word in words:
        try:
            requirement = Requirement(word.strip(_QUOTES))
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
