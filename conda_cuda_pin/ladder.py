"""The solve ladder: one solve with caps and holds, and another only where the first one calls for it.

It climbs from the bottom. Asking for everything first and relaxing trades framework versions away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from .climb import Step, align_minor, find_step
from .component import Role, read_components
from .errors import UnsolvableError
from .intent import find_demand
from .knowledge.packages import members
from .pin import Kind, Pin, overlay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .package import Package
    from .plan import Plan
    from .request import Request


@dataclass(frozen=True)
class Solution:
    """An environment as a solver proposes it."""

    packages: tuple[Package, ...]
    answer: Any = field(default=None, compare=False)
    """What the solver itself returned, untouched."""


class Solver(Protocol):
    """A solver that can be asked more than once."""

    extra: int
    """How many solves beyond the first it may be asked for on the way to an answer; a failure may take one more."""

    def solve(self, pins: Sequence[Pin]) -> Solution:
        """Solve the request under these pins; raises UnsolvableError."""

    def is_newer(self, one: str, other: str) -> bool:
        """Whether the first of two package versions is newer."""


@dataclass(frozen=True)
class Loss:
    """A package that a second solve would take in an older version."""

    name: str
    kept: str
    offered: str


@dataclass(frozen=True)
class Ascent:
    """What the ladder came to."""

    solution: Solution
    pins: tuple[Pin, ...]
    """The pins under which the solution was found."""
    solves: int = 1
    refused: tuple[Loss, ...] = ()
    """What a solution with the preferred variant would have cost; it was not taken."""


class ExcludedError(UnsolvableError):
    """The pins made the request unsolvable: without them the solver finds a solution."""

    def __init__(self, without: Solution, pins: Sequence[Pin], cause: UnsolvableError) -> None:
        super().__init__(str(cause))
        self.without = without
        self.pins = tuple(pins)
        self.cause = cause


def climb(solver: Solver, plan: Plan, request: Request, installed: Sequence[Package]) -> Ascent:
    """Solve a request under a plan.

    Raises:
        ExcludedError: the plan's pins are what makes the request unsolvable.
        UnsolvableError: it is unsolvable without them too.
    """
    ascent = _start(solver, plan, request)
    for find in (find_step, align_minor):
        step = find(plan, request, installed, ascent.solution.packages)
        if step is not None:
            ascent = _try_step(solver, ascent, step, request)
    return ascent


def _start(solver: Solver, plan: Plan, request: Request) -> Ascent:
    try:
        return Ascent(solver.solve(plan.pins), plan.pins)
    except UnsolvableError as error:
        if not plan.pins or error.missing:
            raise
        relaxed = _relax_holds(plan, request)
        if relaxed is not None:
            try:
                return Ascent(solver.solve(relaxed), relaxed, solves=2)
            except UnsolvableError:
                pass  # the first failure is the one to explain
        without = solver.solve(())
        if _keeps_variants(plan, without):
            return Ascent(without, (), solves=2 if relaxed is None else 3)
        raise ExcludedError(without, plan.pins, error) from error


def _keeps_variants(plan: Plan, without: Solution) -> bool:
    """Whether a solution without pins stays under all caps and keeps every held build a CUDA build, if an older one.

    Then the request itself needs older versions, and the holds were too narrow for it.
    """
    chosen = {package.name: package for package in without.packages}
    caps = all(pin.admits(chosen[pin.name]) for pin in plan.caps if pin.name in chosen)
    return caps and all(pin.name in chosen and pin.admits_build(chosen[pin.name]) for pin in plan.holds)


def _relax_holds(plan: Plan, request: Request) -> tuple[Pin, ...] | None:
    """Let held builds change their version where the request itself forces a change; they stay CUDA builds."""
    forcing = request.names & {"python", *members()}
    if not plan.holds or not forcing:
        return None
    holds = tuple(Pin(pin.name, "", pin.build, pin.kind, pin.reason) for pin in plan.holds)
    return overlay(plan.caps, holds)


def _try_step(solver: Solver, ascent: Ascent, step: Step, request: Request) -> Ascent:
    """Ask once more, and once again without what is cheap; keep an answer only if it costs no version."""
    refused: tuple[Loss, ...] = ()
    for pins in step.attempts:
        if ascent.solves > solver.extra:
            break
        wanted = overlay(ascent.pins, pins)
        ascent = _count(ascent)
        try:
            solution = solver.solve(wanted)
        except UnsolvableError:
            continue  # the preference cannot be met: the former answer stands
        losses = find_losses(ascent.solution, solution, request, solver.is_newer)
        if not losses:
            return Ascent(solution, wanted, ascent.solves, ascent.refused)
        if any(pin.kind is Kind.PREFERENCE and pin.build for pin in pins):
            refused = refused or losses
    return Ascent(ascent.solution, ascent.pins, ascent.solves, ascent.refused or refused)


def _count(ascent: Ascent) -> Ascent:
    return Ascent(ascent.solution, ascent.pins, ascent.solves + 1, ascent.refused)


def find_losses(
    kept: Solution, offered: Solution, request: Request, is_newer: Callable[[str, str], bool]
) -> tuple[Loss, ...]:
    """Name the frameworks, requested packages and Python minor that would be older in the solution offered.

    A family for which the user demands CUDA is not guarded: a demand says more than a version.
    """
    frameworks = [c for c in read_components(kept.packages) if c.role is Role.FRAMEWORK and c.family]
    demanded = {c.name for c in frameworks if c.family and find_demand(request, c.family)}
    guarded = ({c.name for c in frameworks} | request.names | {"python"}) - demanded
    versions = {package.name: package.version for package in offered.packages}
    losses = []
    for package in kept.packages:
        if package.name not in guarded:
            continue
        before, after = package.version, versions.get(package.name)
        if package.name == "python" and after is not None:
            before, after = _minor(before), _minor(after)
        if after is None or is_newer(before, after):
            losses.append(Loss(package.name, before, after or "none"))
    return tuple(losses)


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
