"""Wheels that run on the CPU where CUDA was meant. Part of CUP401 and CUP402."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import Component, Role, Variant
from ..intent import find_wheel_demand
from .remedy import fit_wheel
from .rule import Observation, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable


def weigh_wheel(state: State, component: Component) -> Iterable[Observation]:
    """A CPU wheel breaks a demand where the user named CUDA for it; else it is a remark, on a host that runs CUDA."""
    demand = find_wheel_demand(state.request, component)
    demanded = demand is not None and (not component.cheap or component.name in state.request.names)
    driver = state.host.driver_cuda
    if state.host.platform.startswith("osx") or (not demanded and driver is None and not state.wants_cuda):
        return
    message = f"{component} is a CPU build; this host runs CUDA {driver}"
    severity = Severity.INFO if component.cheap else Severity.WARN
    if demanded or (state.wants_cuda and not component.cheap):
        asked = f"{demand} asks for CUDA" if demand else "cuda_pin_variant asks for CUDA"
        severity, message = Severity.BLOCK, f"{component} is a CPU build, and {asked}"
    subject = (component.family or component.name,)
    yield Observation(severity, subject, message, (str(component),), fit_wheel(component, state.host, driver))


def find_without_libraries(state: State) -> Iterable[Observation]:
    """Find wheels that run on the CPU, and say nothing, because no CUDA libraries of their major are beside them."""
    driver = state.host.driver_cuda
    for component in state.only_wheels if driver is not None else ():
        if not (component.falls_back and component.toolkit and component.known and component.known.borrows):
            continue
        major = component.toolkit.major
        if state.decided.get(component.family or "", Variant.CUDA.value) != Variant.CUDA.value:
            continue
        if not any(_has_libraries(other, major) for other in state.components):
            message = f"{component} needs libraries of CUDA {major} and none are here: it may run on the CPU"
            severity = Severity.WARN if "gpu" in component.name else Severity.INFO
            remedy = (component.known.gpu,) if component.known.gpu else ()
            yield Observation(severity, (component.name, str(major)), message, (str(component),), remedy)


def _has_libraries(component: Component, major: int) -> bool:
    """Whether a package brings, or is sure to have beside it, the libraries of a CUDA major."""
    carries = component.role in (Role.PART, Role.MONOLITH) or (component.is_wheel and component.name == "torch")
    return carries and component.toolkit is not None and component.toolkit.major == major


def observe_lost_wheel(before: Component, after: Component, state: State) -> Iterable[Observation]:
    """A wheel without CUDA in place of a build with it. A plugin beside it, as jax has, brings CUDA back."""
    plugged = any(c.family == after.family for c in state.of_role(Role.PLUGIN))
    decided = state.decided.get(after.family or "", Variant.CUDA.value) != Variant.CUDA.value
    if after.variant is not Variant.CPU or plugged or decided or not state.is_new(after):
        return
    message = f"{before} would be replaced by {after}, a build without CUDA"
    remedy = (f"{before.name}=={before.package.version}",) if before.is_wheel else ()
    severity = Severity.WARN if before.cheap else Severity.BLOCK
    yield Observation(severity, (after.name,), message, (str(before), str(after)), remedy)
