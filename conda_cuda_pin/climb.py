"""What a first solution leaves to be wished for, and the pins that ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .caps import cap_parts
from .component import Component, Role, Variant, read_components
from .intent import find_demand
from .knowledge.packages import members, names_of_family
from .limit import Limit
from .pin import Kind, Pin, overlay
from .plan import CUDA_BUILD, prefer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .package import Package
    from .plan import Plan
    from .request import Request


@dataclass(frozen=True)
class Step:
    """Pins to add in a further solve; later attempts ask for less."""

    attempts: tuple[tuple[Pin, ...], ...]


def find_step(plan: Plan, request: Request, installed: Sequence[Package], solution: Sequence[Package]) -> Step | None:
    """Return what to ask for beyond a first solution, None where it is right as it is.

    Four things call for another solve: a variant that nobody asked for, a toolkit without kernels for the GPU, parts
    of two toolkits side by side, and builds for servers on a Jetson.
    """
    known = set(installed)
    components = read_components(solution)
    new = [component for component in components if component.package not in known]
    coherent = _cohere(components, new, request)
    floor = (plan.floor,) if plan.floor is not None and _below_floor(plan, new) else ()
    board = (plan.board,) if plan.board is not None and _misses(plan.board, set(solution) - known) else ()
    wishes = _wish_variants(plan, request, new)
    if not (wishes or floor or coherent or board):
        return None
    dear = [pin for pin, is_cheap in wishes if not is_cheap]
    every = [pin for pin, _ in wishes]
    attempts = (every, dear) if 0 < len(dear) < len(every) else (every,)
    return Step(tuple((*pins, *floor, *coherent, *board) for pins in attempts))


def align_minor(plan: Plan, _: Request, installed: Sequence[Package], solution: Sequence[Package]) -> Step | None:
    """Return the step that brings the toolkit to the driver's own minor with what uses it frozen, or None."""
    known = set(installed)
    new = [c for c in read_components(solution) if c.package not in known]
    built = [c for c in read_components(solution) if c.role in (Role.FRAMEWORK, Role.USER)]
    above = any(c.name == "cuda-version" and _breaks(c, plan) for c in new)
    if not above or any(_breaks(c, plan) for c in built):
        return None
    frozen = map(_freeze, built)
    python = [Pin("python", f"=={p.version}", kind=Kind.FREEZE) for p in solution if p.name == "python"]
    board = [Pin(p.name, build=p.build, kind=Kind.FREEZE) for p in solution if p.name == "arm-variant"]
    within = overlay(frozen, python, board, plan.minor_caps)
    exact = [Pin("cuda-version", f"=={plan.driver_minor}", reason=f"the driver is of CUDA {plan.driver_minor}")]
    return Step((overlay(within, exact), within))


def _breaks(component: Component, plan: Plan) -> bool:
    minor = plan.minor_below
    return component.toolkit is not None and minor is not None and component.toolkit >= minor


def _freeze(component: Component) -> Pin:
    is_marked = component.variant is Variant.CUDA and "cu" in component.package.build
    build = CUDA_BUILD if is_marked else ""
    return Pin(component.name, f"=={component.package.version}", build, Kind.FREEZE, "already chosen")


def _wish_variants(plan: Plan, request: Request, new: Sequence[Component]) -> list[tuple[Pin, bool]]:
    """Wish another variant for what is new and comes in a wrong one; the second value says whether it is cheap.

    A member of a family wishes for its whole family, an extension for itself. Held packages are left out: a hold
    says more than a preference, and solvers keep one pin a name.
    """
    held = {pin.name for pin in plan.holds}
    wishes: dict[str, tuple[Pin, bool]] = {}
    for component in new:
        wanted = _wanted_variant(plan, request, component.family)
        if (
            component.family is None
            or wanted is None
            or component.variant not in {Variant.CPU, Variant.CUDA} - {wanted}
        ):
            continue
        names = names_of_family(component.family) if component.role is Role.FRAMEWORK else (component.name,)
        for pin in prefer(names, wanted):
            if pin.name not in held:
                wishes.setdefault(pin.name, (pin, component.cheap))
    return list(wishes.values())


def _wanted_variant(plan: Plan, request: Request, family: str | None) -> Variant | None:
    """Return the variant that a family should come in; None where there is no ground for either."""
    if family is None:
        return None
    if family in plan.decided:
        chosen = plan.decided[family]
        return Variant(chosen) if chosen in (Variant.CPU.value, Variant.CUDA.value) else None
    if family in {members()[pin.name].family for pin in plan.holds}:
        return Variant.CUDA
    if plan.prefers is Variant.CPU and find_demand(request, family) is not None:
        return None
    return plan.prefers


def _misses(pin: Pin, packages: Iterable[Package]) -> bool:
    return any(package.name == pin.name and not pin.admits(package) for package in packages)


def _below_floor(plan: Plan, new: Sequence[Component]) -> bool:
    if plan.floor is None or plan.floor_version is None:
        return False
    return any(c.name == "cuda-version" and c.toolkit and c.toolkit < plan.floor_version for c in new)


def _cohere(components: Sequence[Component], new: Sequence[Component], request: Request) -> tuple[Pin, ...]:
    """Ask for parts of one toolkit where new parts are newer than the selector beside them."""
    selector = next((c for c in components if c.name == "pytorch-cuda" and c.toolkit), None)
    if selector is None or selector.toolkit is None:
        return ()
    limit = Limit(selector.toolkit.next_minor(), f"{selector.name} is of CUDA {selector.toolkit}")
    apart = any(c.role is Role.PART and c.toolkit and c.toolkit >= limit.below for c in new)
    return cap_parts(limit, request, Kind.COHERENCE) if apart else ()
