"""CUP4xx: CPU where CUDA was meant, and CPU and CUDA mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..caps import wished_toolkit
from ..component import Component, Role, Variant
from ..intent import find_demand, is_cuda_selector
from ..knowledge.packages import find_defect, selectors
from .cpu_wheels import find_without_libraries, observe_lost_wheel, weigh_wheel
from .remedy import label
from .rule import Observation, Rule, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..request import Spec


def find_cpu_on_gpu(state: State) -> Iterable[Observation]:
    """Find CPU builds that nobody asked for on a host that runs CUDA, or where CUDA was demanded."""
    yield from _find_defects(state)
    yield from find_without_libraries(state)
    for family, component in _cpu_members(state).items():
        if state.decided.get(family, Variant.CUDA.value) != Variant.CUDA.value:
            continue
        if component.is_wheel:
            yield from weigh_wheel(state, component)
            continue
        demand = find_demand(state.request, family)
        named = demand is not None and not is_cuda_selector(demand.name)
        demanded = demand is not None and _is_demand(demand, component, state) and _is_requested(state, family)
        if named or (not component.cheap and (state.wants_cuda or demanded)):
            asked = f"{demand} asks for CUDA" if demand else "cuda_pin_variant asks for CUDA"
            text = f"{component} is a CPU build, and {asked}{_name_holder(state, family)}"
            yield _observe(Severity.BLOCK, component, text, demand)
        elif state.host.driver_cuda is not None:
            severity = Severity.INFO if component.cheap else Severity.WARN
            text = f"{component} is a CPU build; this host runs CUDA {state.host.driver_cuda}"
            yield _observe(severity, component, text)


def _cpu_members(state: State) -> dict[str, Component]:
    """Return one CPU member of each family that has no CUDA member, the framework itself first."""
    cpu: dict[str, Component] = {}
    cuda = {c.family for c in state.of_role(Role.FRAMEWORK, Role.PLUGIN) if c.variant is Variant.CUDA}
    for component in state.of_role(Role.FRAMEWORK):
        if component.variant is Variant.CPU and component.family and component.family not in cuda:
            if component.is_core:
                cpu[component.family] = component
            cpu.setdefault(component.family, component)
    return cpu


def _name_holder(state: State, family: str) -> str:
    """Name the package that holds a family on CPU builds, which an earlier request may have left: cpuonly."""
    for held in state.of_role(Role.SELECTOR):
        row = selectors().get(held.name)
        if row is not None and row.kind == "choice" and row.variant == Variant.CPU.value and family in row.families:
            return f"; {held.name} holds it there: conda remove {held.name}" if not state.is_new(held) else ""
    return ""


def _is_demand(spec: Spec, component: Component, state: State) -> bool:
    """Whether a spec demands CUDA of a component, so that a CPU build is a failure.

    conda-forge's cuda-version bounds CUDA where there is any, and is no demand (https://conda-forge.org/docs/user/cuda/).
    cudatoolkit is one beside builds of the pytorch channel, which are chosen by it, and for torch on a host with CUDA.
    """
    if spec.name == "cudatoolkit":
        return component.from_pytorch or (component.family == "torch" and state.host.driver_cuda is not None)
    return spec.name != "cuda-version"


def _is_requested(state: State, family: str) -> bool:
    """Whether a member of the family is named; an unnamed one may come as a CPU build beside a CUDA toolkit."""
    return any(c.name in state.request.names for c in state.of_role(Role.FRAMEWORK) if c.family == family)


def _observe(severity: Severity, component: Component, message: str, demand: Spec | None = None) -> Observation:
    remedy, drops = _find_remedy(component, demand)
    subject = (component.family or component.name,)
    return Observation(severity, subject, message, (str(component),), (remedy,), drops)


def _find_remedy(component: Component, demand: Spec | None) -> tuple[str, tuple[str, ...]]:
    """Return the spec that brings a CUDA build, and the names that must leave the request for it.

    A selector works only on builds of its own channel: pytorch-cuda on those of the pytorch channel, cudatoolkit on
    those of before pytorch-cuda (1.13) and before conda-forge's cuda-version.
    """
    toolkit = wished_toolkit(demand) if demand is not None else None
    if demand is not None and demand.name == "pytorch-cuda" and not component.from_pytorch:
        return f"pytorch::{component.name}", ()
    if demand is not None and demand.name == "cudatoolkit" and toolkit is not None and component.family == "torch":
        return (f"pytorch-cuda={toolkit}" if component.from_pytorch else f"cuda-version={toolkit}"), ("cudatoolkit",)
    return f"{component.name}=*=*cu*", ()


def _find_defects(state: State) -> Iterable[Observation]:
    for component in state.components:
        package = component.package
        defect = find_defect(package.name, package.version, package.build)
        if defect is not None and defect.word == "cpu-on-gpu":
            message = f"{component}: {defect.message} ({defect.source})"
            subject = (package.name, package.version)
            yield Observation(Severity(defect.severity), subject, message, (str(component),), (defect.instead,))


def find_gpu_lost(state: State) -> Iterable[Observation]:
    """Find installed CUDA builds that a change would replace by builds without CUDA, unasked."""
    for before in state.previous:
        was_cuda = before.role is Role.FRAMEWORK and before.variant is Variant.CUDA
        after = _find_successor(before, state) if was_cuda else None
        if after is None or after.variant is Variant.CUDA:
            continue
        if after.is_wheel:
            yield from observe_lost_wheel(before, after, state)
            continue
        if state.decided.get(before.family or "", Variant.CUDA.value) != Variant.CUDA.value:
            continue
        proven = after.variant is not None and not before.cheap
        message = f"{before} would be replaced by {after.package.version} {after.package.build}, a build without CUDA"
        remedy = (f"{before.name}>={before.package.version}=*cu*",)
        severity = Severity.BLOCK if proven else Severity.WARN
        yield Observation(severity, (before.name,), message, (str(before), str(after)), remedy)


def _find_successor(before: Component, state: State) -> Component | None:
    """Return what stands in a package's place: of its own kind, or a wheel that is written over conda's package."""
    same = (c for c in state.components if c.name == before.name and c.is_wheel == before.is_wheel)
    over = (w for w in state.only_wheels if w.known is not None and before.name in w.known.conda)
    found = next(same, None)
    return found if before.is_wheel or found is None else next(over, found)


def find_mixed_variants(state: State) -> Iterable[Observation]:
    """Find CUDA extensions on a CPU framework, and CPU extensions beside a CUDA framework."""
    cores = {c.name: c for c in state.of_role(Role.FRAMEWORK) if c.is_core}
    for other in state.of_role(Role.FRAMEWORK, Role.USER):
        beside = [core for core in cores.values() if core is not other and _builds_on(other, core)]
        variants = {core.variant for core in beside}
        if len(variants) == 1 and other.variant is not beside[0].variant and variants < {Variant.CPU, Variant.CUDA}:
            yield from _observe_pair(beside[0], other)
    yield from _find_selector_clash(state)


def _builds_on(other: Component, core: Component) -> bool:
    """Whether a component extends a framework: by family, or because it depends on it."""
    if other.is_wheel:
        return other.family == core.family and not other.is_core
    return not core.is_wheel and (other.family == core.family or other.package.requirement(core.name) is not None)


def _observe_pair(core: Component, other: Component) -> Iterable[Observation]:
    subject = (core.name, other.name)
    packages = (str(core), str(other))
    if other.variant is Variant.CUDA:
        message = f"{other} is built for CUDA, and {core} is a CPU build: it cannot load"
        yield Observation(Severity.BLOCK, subject, message, packages, _match_variant(core, other, "cpu"))
    elif other.variant is Variant.CPU:
        message = f"{other} is a CPU build beside {core}: its operators do not run on the GPU"
        yield Observation(Severity.WARN, subject, message, packages, _match_variant(core, other, "cu"))


def _match_variant(core: Component, other: Component, build: str) -> tuple[str, ...]:
    """Return the spec for a build of the other variant: of a wheel the same release with that label."""
    if not other.is_wheel:
        return (f"{other.name}=*=*{build}*",)
    named = "cpu" if build == "cpu" else label(core.toolkit) if core.toolkit and core.span.single_minor else ""
    return (f"{other.name}=={other.package.version.partition('+')[0]}+{named}",) if named else ()


def _find_selector_clash(state: State) -> Iterable[Observation]:
    """Two of the old one-name-a-version selectors: the older one still holds the variant."""
    old = [c for c in state.of_role(Role.SELECTOR) if c.name.removeprefix("cuda").isdigit()]
    if len(old) > 1:
        names = tuple(sorted(c.name for c in old))
        yield Observation(Severity.WARN, names, f"{' and '.join(names)} select two CUDA versions at once", names)


RULES = (
    Rule(
        "CUP401",
        "cpu-on-gpu",
        "a CPU build that nobody asked for",
        "A framework comes as a CPU build although this host runs CUDA, or although the request demands CUDA (a "
        "selector such as pytorch-cuda=12.1, or a build pattern).",
        "It would run, slowly, and say nothing. Usually no CUDA build fits the other wishes in the request.",
        "Ask for a CUDA build ('pytorch=*=*cu*'), and the solver says what stands in the way. If CPU is what you "
        "want, say so: 'pytorch=*=*cpu*', or cuda_pin_variant: cpu.",
        "https://github.com/conda/conda/issues/14761",
        find_cpu_on_gpu,
    ),
    Rule(
        "CUP402",
        "gpu-lost",
        "a CUDA build would become a CPU build",
        "An installed CUDA build would be replaced by a build without CUDA, though nobody asked for that: typically "
        "an update finds a newer CPU build, or the driver is invisible where the command runs (a login node, a "
        "container).",
        "The environment would run on the CPU from then on, slowly, and say nothing.",
        "Hold the build ('pytorch>=2.5=*cu*'), or say that CPU is meant ('pytorch=*=*cpu*').",
        "https://github.com/ContinuumIO/anaconda-issues/issues/12302",
        find_gpu_lost,
    ),
    Rule(
        "CUP403",
        "mixed-variants",
        "CPU and CUDA builds that must agree do not",
        "A framework and its extensions come in different variants, CPU and CUDA.",
        "A CUDA extension on a CPU framework fails at import; a CPU torchvision beside a CUDA pytorch imports, and "
        "its operators (nms, roi_align) then fail on GPU tensors.",
        "Take both in one variant, from one channel or one index.",
        "https://github.com/conda/conda-libmamba-solver/issues/131",
        find_mixed_variants,
    ),
)
"""The rules of this family."""
