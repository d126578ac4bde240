"""The user's word: which families a request decides about, and whether it demands CUDA."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .component import Role, Variant
from .knowledge.packages import members, selectors, toolkit_parts
from .knowledge.wheels import wheels
from .tag import read_local, read_page, split_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .component import Component
    from .request import Request, Spec
    from .settings import Settings

_OLD_SELECTOR = re.compile(r"cuda\d{2,3}")
_GPU_PATTERN = re.compile(r"cu|gpu")


def is_cuda_selector(name: str) -> bool:
    """Whether the name chooses a CUDA version: cuda-version, cudatoolkit, pytorch-cuda, cuda90..."""
    row = selectors().get(name)
    return (row is not None and row.kind == "cuda") or _OLD_SELECTOR.fullmatch(name) is not None


def decided_families(request: Request, installed: Iterable[Component] = ()) -> dict[str, str]:
    """Name the families about which the user has decided, with the variant chosen (``cpu``, ``cuda``, ``other``).

    A build pattern for a member decides, and so does a package whose name is the choice (``cpuonly``,
    ``pytorch-gpu``), a local version (``torch==2.9.1+cpu``), or an index of wheels without CUDA. What was chosen
    earlier stands: an environment that lives with a CPU build is left with it.
    """
    decided: dict[str, str] = {}
    for component in installed:
        if component.role is Role.FRAMEWORK and component.family and component.variant is not None:
            chosen = component.variant.value
            decided[component.family] = "cuda" if "cuda" in (chosen, decided.get(component.family)) else chosen
    decided = {family: chosen for family, chosen in decided.items() if chosen != "cuda"}
    decided.update(_decided_by_pages(request))
    for spec in request.specs:
        decided.update(_decided_by(spec))
    return decided


def decide_families(settings: Settings, request: Request, installed: Iterable[Component] = ()) -> dict[str, str]:
    """Name the decided families as ``decided_families`` does; ``cuda_pin_variant: cpu`` decides about all others."""
    decided = decided_families(request, installed)
    if settings.variant != Variant.CPU.value:
        return decided
    everything = dict.fromkeys((member.family for member in members().values()), Variant.CPU.value)
    return {**everything, **decided}


def _decided_by(spec: Spec) -> dict[str, str]:
    row = selectors().get(spec.name)
    if row is not None and row.variant is not None:
        return dict.fromkeys(row.families, row.variant)
    if row is not None and row.kind == "mutex" and spec.build:
        return dict.fromkeys(row.families, _variant_of_pattern(spec.build))
    member = members().get(spec.name)
    if member is not None and spec.build:
        return {member.family: _variant_of_pattern(spec.build)}
    local = read_local(spec.version).variant
    wheel = wheels().get(split_name(spec.name)[0]) if local else None
    return {wheel.family: _name_choice(local)} if wheel is not None else {}


def _decided_by_pages(request: Request) -> dict[str, str]:
    """Name what the first index that is of one variant decides, if that is not CUDA: ``--index-url .../whl/cpu``."""
    first = next((tag.variant for tag in map(read_page, request.channels) if tag.variant), Variant.CUDA.value)
    if first == Variant.CUDA.value:
        return {}
    return dict.fromkeys((wheel.family for wheel in wheels().values()), _name_choice(first))


def _name_choice(variant: str) -> str:
    return variant if variant in (Variant.CPU.value, Variant.CUDA.value) else "other"


def find_wheel_demand(request: Request, component: Component) -> str | None:
    """Return the word by which the user demands CUDA of a wheel: a local version, or an index of CUDA wheels.

    An index counts where it is about the wheel: by its address, or because nothing else is asked for.
    """
    for spec in request.specs:
        if read_local(spec.version).variant == Variant.CUDA.value and _is_of_family(spec.name, component):
            return str(spec)
    pages = (page for page in request.channels if read_page(page).variant)
    first = next(pages, "")
    return first if read_page(first).variant == Variant.CUDA.value and is_about(first, request, component) else None


def is_about(address: str, request: Request, component: Component) -> bool:
    """Whether an index or page speaks for a wheel: its address names the family, or the request names nothing else."""
    names = {component.family or component.name, split_name(component.name)[0]}
    alone = bool(request.names) and all(_is_of_family(name, component) for name in request.names)
    return alone or any(name in address.lower() for name in names)


def _is_of_family(name: str, component: Component) -> bool:
    wheel = wheels().get(split_name(name)[0])
    return name == component.name or (wheel is not None and wheel.family == component.family)


def _variant_of_pattern(pattern: str) -> str:
    if "cpu" in pattern or "nogpu" in pattern:
        return Variant.CPU.value
    return Variant.CUDA.value if _GPU_PATTERN.search(pattern) else "other"


def find_demand(request: Request, family: str) -> Spec | None:
    """Return the spec by which the user demands CUDA for a family, None if nothing does.

    A selector demands it (``pytorch-cuda=12.1``, ``cudatoolkit=10.2``), or a build (``pytorch=*=*cuda*``) or a name
    (``pytorch-gpu``) of the family itself. An explicit word for CPU in the same request wins.
    """
    chosen = decided_families(request).get(family)
    if chosen is not None and chosen != Variant.CUDA.value:
        return None
    for spec in request.specs:
        row = selectors().get(spec.name)
        if is_cuda_selector(spec.name) and (row is None or not row.families or family in row.families):
            return spec
        if _decided_by(spec).get(family) == Variant.CUDA.value:
            return spec
    return None


def asks_about_cuda(request: Request) -> bool:
    """Whether the request names anything of CUDA: a family, a selector or a part of a toolkit."""
    known = members().keys() | selectors().keys() | toolkit_parts().keys()
    return any(name in known or is_cuda_selector(name) for name in request.names)
