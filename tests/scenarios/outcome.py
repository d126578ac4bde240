"""What the product answered to a scenario, the same for every kind, and how it compares with what is expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from tests.scenarios.scenario import Json


@dataclass(frozen=True)
class Outcome:
    """One answer."""

    action: str
    """``block``, ``warn``, ``allow`` or ``inert``; ``select`` where nobody listened to what was printed."""
    words: tuple[str, ...] = ()
    """The neutral words of all findings, notes included."""
    warned: tuple[str, ...] = ()
    """The words of those findings that were printed as warnings."""
    texts: tuple[str, ...] = ()
    """All that was printed."""
    matches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each spec of the expectation, the packages of the outcome that match it."""
    details: tuple[str, ...] = ()
    """Lines for those who want to know more."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What was found out about the host, those facts that are expected."""
    seconds: float | None = None
    """How long the answer itself took, where that is not all that the runner did."""


def find_faults(expect: Json, outcome: Outcome, seconds: float) -> list[str]:
    """Say where an outcome is not what was expected, one line a fault; nothing where all is well."""
    unknown = [f"the expectation {key!r} is not known" for key in expect if key not in _CHECKS]
    took = seconds if outcome.seconds is None else outcome.seconds
    if expect.get("max_seconds", took) < took:
        unknown.append(f"took {took:.1f} s, more than {expect['max_seconds']} s")
    return unknown + [fault for key, check in _CHECKS.items() if key in expect for fault in check(expect, outcome)]


def _check_action(expect: Json, outcome: Outcome) -> Iterable[str]:
    wanted, got = expect["action"], outcome.action
    named = set(expect.get("findings", ()))
    met = {
        "allow": got in ("allow", "inert") or (got == "warn" and named.issuperset(outcome.warned or ("?",))),
        "select": got != "block",
    }
    if got != wanted and not met.get(wanted, False):
        yield f"{got}, not {wanted}" + (f" ({', '.join(outcome.words)})" if outcome.words else "")


def _check_findings(expect: Json, outcome: Outcome) -> Iterable[str]:
    missing = [word for word in expect["findings"] if word not in outcome.words]
    if missing:
        yield f"not found: {', '.join(missing)}"


def _check_selected(expect: Json, outcome: Outcome) -> Iterable[str]:
    for spec in expect["must_select"]:
        if not outcome.matches.get(spec):
            yield f"nothing matches {spec}"


def _check_not_selected(expect: Json, outcome: Outcome) -> Iterable[str]:
    for spec in expect["must_not_select"]:
        if spec not in outcome.matches:
            yield f"nobody looked for {spec}"
        elif outcome.matches[spec]:
            yield f"{outcome.matches[spec][0]} matches {spec}"


def _check_said(expect: Json, outcome: Outcome) -> Iterable[str]:
    missing = [text for text in expect["says"] if not _says(outcome, text)]
    if missing:
        yield f"does not say {', '.join(map(repr, missing))}"


def _check_not_said(expect: Json, outcome: Outcome) -> Iterable[str]:
    present = [text for text in expect["says_not"] if _says(outcome, text)]
    if present:
        yield f"says {', '.join(map(repr, present))}"


def _check_host(expect: Json, outcome: Outcome) -> Iterable[str]:
    for name, wanted in expect["host"].items():
        if name not in outcome.facts:
            yield f"the fact {name!r} is not known"
        elif outcome.facts[name] != wanted:
            yield f"{name} is {outcome.facts[name]}, not {wanted}"


def _says(outcome: Outcome, text: str) -> bool:
    return any(text.casefold() in printed.casefold() for printed in outcome.texts)


def _trust(_expect: Json, _outcome: Outcome) -> Iterable[str]:
    return ()


_CHECKS: dict[str, Callable[[Json, Outcome], Iterable[str]]] = {
    "action": _check_action,
    "findings": _check_findings,
    "must_select": _check_selected,
    "must_not_select": _check_not_selected,
    "host": _check_host,
    "says": _check_said,
    "says_not": _check_not_said,
    "max_seconds": _trust,
}
