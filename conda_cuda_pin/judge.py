"""Judges a change: what would it break that is not broken already?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .component import read_components
from .intent import decide_families
from .rules import RULES, Finding, Severity, State, apply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .component import Component
    from .host import Host
    from .package import Package
    from .request import Request
    from .settings import Settings


@dataclass(frozen=True)
class Judgement:
    """What the rules say."""

    new: tuple[Finding, ...] = ()
    """What the change would add or make worse, worst first."""

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """The new findings that are proven to break."""
        return tuple(finding for finding in self.new if finding.severity is Severity.BLOCK)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The new findings that deserve a word and no more."""
        return tuple(finding for finding in self.new if finding.severity is Severity.WARN)


def judge_change(
    host: Host, settings: Settings, request: Request, before: Iterable[Package], after: Iterable[Package]
) -> Judgement:
    """Judge a change of an environment; what was wrong before it does not count against it.

    A demand of this request that is not met is new, whatever was there before.
    """
    before = tuple(before)
    old = read_components(before, host.platform)
    state = _make_state(host, settings, request, after, previous=old)
    found = _apply_all(state, settings)
    if not found:
        return Judgement()
    unasked = replace(request, specs=(), channels=())
    earlier = replace(state, request=unasked, components=old, previous=(), wheels=_pick_wheels(before))
    was = _apply_all(earlier, settings)
    return Judgement(tuple(finding for finding in found if not any(_covers(before, finding) for before in was)))


def judge_state(host: Host, settings: Settings, request: Request, packages: Iterable[Package]) -> Judgement:
    """Judge an environment as it stands."""
    return Judgement(_apply_all(_make_state(host, settings, request, packages), settings))


def _make_state(
    host: Host, settings: Settings, request: Request, packages: Iterable[Package], previous: tuple[Component, ...] = ()
) -> State:
    decided = decide_families(settings, request)
    wants_cuda = settings.variant == "cuda"
    packages = tuple(packages)
    components = read_components(packages, host.platform)
    return State(host, request, components, previous, decided, wants_cuda, _pick_wheels(packages))


def _pick_wheels(packages: Iterable[Package]) -> tuple[Package, ...]:
    return tuple(package for package in packages if package.is_wheel)


def _apply_all(state: State, settings: Settings) -> tuple[Finding, ...]:
    rules = [rule for rule in RULES if not settings.ignore & {rule.code, rule.word}]
    findings = [finding for rule in rules for finding in apply(rule, state)]
    order = list(Severity)
    return tuple(sorted(findings, key=lambda finding: (order.index(finding.severity), finding.code)))


def _covers(before: Finding, after: Finding) -> bool:
    """Whether a finding is about what was wrong already: the same matter, or less of it."""
    same = (before.code, before.severity) == (after.code, after.severity)
    return same and set(after.subject) <= set(before.subject)
