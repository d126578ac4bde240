"""CUP2xx: are there two toolkits in one prefix?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..caps import wished_toolkit
from ..component import Component, Role
from ..knowledge.packages import toolkit_parts
from .rule import Observation, Rule, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..versions import CudaVersion


def find_mixed_toolkits(state: State) -> Iterable[Observation]:
    """Find parts of two toolkits that write or load the same libraries."""
    remedy, drops = _mend_selector(state)
    for seen in _find_mixtures(state):
        yield replace(seen, remedy=remedy, drops=drops) if seen.severity is Severity.BLOCK else seen


def _find_mixtures(state: State) -> Iterable[Observation]:
    carriers = [c for c in state.components if c.carries_toolkit and c.toolkit and not _is_meta(c)]
    libraries = [c for c in carriers if _is_library(c)]
    stable = [c for c in libraries if _is_soname_stable(c)]
    firm = [c for c in libraries if c not in stable]
    yield from _observe(_by_major(firm), Severity.BLOCK, "majors", "libraries of CUDA {} side by side")
    yield from _observe_monoliths(carriers)
    majors = set(_by_major(firm))
    strays = [c for c in stable if c.toolkit and majors and str(c.toolkit.major) not in majors]
    if strays and len(majors) == 1:
        yield _observation(Severity.WARN, "kept names", [*strays, *firm], "libraries of CUDA {} side by side")
    yield from _observe_minors(carriers, majors)


def _mend_selector(state: State) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the selector that works in place of a cudatoolkit that was asked for, and what it replaces.

    cudatoolkit chooses builds of the pytorch channel up to 1.12 only; from 1.13 on pytorch-cuda does.
    """
    asked = next((spec for spec in state.request.specs if spec.name == "cudatoolkit"), None)
    toolkit = wished_toolkit(asked) if asked is not None else None
    if toolkit is None or not any(component.needs_own_selector for component in state.components):
        return (), ()
    return (f"pytorch-cuda={toolkit}",), ("cudatoolkit",)


def _is_meta(component: Component) -> bool:
    part = toolkit_parts().get(component.name)
    return part is not None and part.kind == "meta"


def _is_library(component: Component) -> bool:
    part = toolkit_parts().get(component.name)
    return component.role is Role.MONOLITH or (part is not None and part.kind == "library")


def _is_soname_stable(component: Component) -> bool:
    part = toolkit_parts().get(component.name)
    return part is not None and part.soname_stable


def _by_major(components: Iterable[Component]) -> dict[str, list[Component]]:
    groups: dict[str, list[Component]] = {}
    for component in components:
        if component.toolkit is not None:
            groups.setdefault(str(component.toolkit.major), []).append(component)
    return groups


def _observe(groups: dict[str, list[Component]], severity: Severity, kind: str, text: str) -> Iterable[Observation]:
    if len(groups) > 1:
        yield _observation(severity, kind, [c for group in groups.values() for c in group], text)


def _observe_monoliths(carriers: list[Component]) -> Iterable[Observation]:
    """A whole toolkit beside parts of another minor of the same major: both write libcudart.so.11.0 and more."""
    monolith = next((c for c in carriers if c.role is Role.MONOLITH), None)
    if monolith is None or monolith.toolkit is None:
        return
    parts = [c for c in carriers if c.role is Role.PART and c.toolkit and _is_library(c)]
    clashing = [c for c in parts if _same_major(c.toolkit, monolith.toolkit) and c.toolkit != monolith.toolkit]
    if clashing:
        yield _observation(
            Severity.BLOCK, "monolith", [monolith, *clashing], "two toolkits, CUDA {}, write the same files"
        )


def _same_major(one: CudaVersion | None, other: CudaVersion | None) -> bool:
    return one is not None and other is not None and one.major == other.major


def _observe_minors(carriers: list[Component], majors: set[str]) -> Iterable[Observation]:
    """Parts of several minors of one major: they load, but nobody has tested them together."""
    parts = [c for c in carriers if c.role is Role.PART and _has_known_minor(c)]
    minors = {c.toolkit for c in parts if c.toolkit}
    if len(minors) > 1 and len({minor.major for minor in minors}) == 1 and len(majors) <= 1:
        severity = Severity.WARN if _is_unbound(parts) else Severity.INFO
        yield _observation(severity, "minors", parts, "parts of CUDA {} side by side")


def _has_known_minor(component: Component) -> bool:
    """Whether the minor is certain: a library newer than the last row of its floors may be of any newer toolkit."""
    part = toolkit_parts().get(component.name)
    if part is None or not part.floors or component.span.single_minor:
        return True
    return component.toolkit is not None and component.toolkit < max(part.floors)


def _is_unbound(parts: list[Component]) -> bool:
    """Whether runtime libraries that belong together (cudart, nvrtc, cuBLAS) are apart."""
    core = ("cuda-cudart", "cuda-nvrtc", "libcublas")
    return len({c.toolkit for c in parts if c.name in core}) > 1


def _observation(severity: Severity, kind: str, components: list[Component], text: str) -> Observation:
    versions = sorted({c.toolkit for c in components if c.toolkit})
    listed = " and ".join(str(version) for version in versions)
    samples = [next(c for c in components if c.toolkit == version) for version in versions]
    named = "; ".join(f"{c.name} {c.package.version} is of CUDA {c.toolkit}" for c in samples)
    subject = (kind, *sorted({str(version.major) for version in versions}))
    return Observation(severity, subject, f"{text.format(listed)}: {named}", tuple(str(c) for c in components))


RULES = (
    Rule(
        "CUP201",
        "mixed-toolkits",
        "two CUDA toolkits in one environment",
        "One environment would hold libraries of two CUDA toolkits. It comes about where channels leave dependencies "
        "open above (pytorch and nvidia before CUDA 12.5), or where the whole toolkit (cudatoolkit) meets its parts "
        "(cuda-cudart, libcublas). Libraries that kept their name from CUDA 11 to 12 (libcurand, libcusolver, "
        "libcufile) are a warning, and different minors that only compilers and tools bring are just noted.",
        "Which one a program loads depends on the order in which libraries happen to be opened: crashes, wrong "
        "results, 'symbol not found'.",
        "Name one toolkit for all of them: add 'cuda-version=X.Y'.",
        "https://github.com/pytorch/pytorch/issues/90673",
        find_mixed_toolkits,
    ),
)
"""The rules of this family."""
