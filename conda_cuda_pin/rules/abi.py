"""CUP3xx: was it built against what it will meet?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..component import Role, Variant
from ..limit import MINOR_COMPATIBLE_SINCE
from ..versions import CudaVersion
from .builds import find_other_build
from .extensions import find_extension_mismatch, find_plugin_mismatch
from .pins import RULE as BROKEN_PINS
from .rule import Observation, Rule, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..component import Component


def find_abi_mismatch(state: State) -> Iterable[Observation]:
    """Find what was built against another toolkit, another torch or another jaxlib than the one that is there."""
    yield from _find_other_minor(state)
    yield from _find_other_torch(state)
    yield from find_other_build(state)
    yield from find_extension_mismatch(state)
    yield from find_plugin_mismatch(state)


def _find_other_torch(state: State) -> Iterable[Observation]:
    """Find builds for conda-forge's torch beside one of the pytorch channel, and the reverse: their C++ ABIs differ.

    https://dev-discuss.pytorch.org/t/pytorch-linux-wheels-switching-to-new-wheel-build-platform-manylinux-2-28-on-november-12-2024/2581
    """
    torch, selector = state.find("pytorch"), state.find("pytorch-cuda")
    if torch is None or not state.host.platform.startswith("linux-"):
        return
    held = f"; {selector.name} {selector.package.version} holds it there" if selector and torch.from_pytorch else ""
    for other in state.of_role(Role.FRAMEWORK, Role.USER):
        compiled = other.family == torch.family and other.variant in (Variant.CUDA, Variant.CPU)
        if compiled and other.name not in ("pytorch", "libtorch") and _is_for_other(other, torch):
            of, there = _name_provider(other), _name_provider(torch)
            message = (
                f"{other} from {of} is built against {of}'s pytorch; {torch.package.version} here is of "
                f"{there}, with another C++ ABI{held}"
            )
            yield Observation(Severity.BLOCK, (torch.name, other.name), message, (str(other), str(torch)))


def _is_for_other(other: Component, torch: Component) -> bool:
    """Whether one is of the pytorch channel and the other of conda-forge, which are known to differ."""
    apart = other.from_pytorch is not torch.from_pytorch
    return apart and "conda-forge" in (other.package.provider, torch.package.provider)


def _name_provider(component: Component) -> str:
    return "the pytorch channel" if component.from_pytorch else component.package.provider


def _find_other_minor(state: State) -> Iterable[Observation]:
    """Find components built for another minor of a toolkit before CUDA 11, whose libraries carry the minor."""
    toolkit = state.find("cudatoolkit")
    if toolkit is None or toolkit.toolkit is None or toolkit.toolkit.major >= MINOR_COMPATIBLE_SINCE:
        return
    for component in state.of_role(Role.FRAMEWORK, Role.USER, Role.SELECTOR):
        needed = component.toolkit
        if needed is None or needed == toolkit.toolkit or component.package.requirement("cudatoolkit") is None:
            continue
        exact = _is_exact(component)
        if exact or needed.major == toolkit.toolkit.major:
            yield Observation(
                Severity.BLOCK if exact else Severity.WARN,
                (component.name, str(needed)),
                f"{component} links libraries of CUDA {needed}; {toolkit.package.version} is beside it",
                (str(component), str(toolkit)),
                (f"cudatoolkit={needed}",),
            )


def _is_exact(component: Component) -> bool:
    """Whether a build says which toolkit it was built with: one minor, or a bound with its patch (``>=10.0.130``).

    An open range (``>=10.0``) is what a recipe's author wrote down, not what the build links.
    """
    needed = component.package.requirement("cudatoolkit") or ""
    tagged = CudaVersion.from_tag(component.package.build) == component.toolkit
    return tagged or component.span.single_minor or re.match(r">=\d+\.\d+\.\d+", needed) is not None


RULES = (
    Rule(
        "CUP301",
        "abi-mismatch",
        "built against another toolkit, torch or jaxlib",
        "A compiled package meets another base than it was built against. An extension of torch fits one minor "
        "release of torch, one CUDA major, one C++ ABI (torch 2.6 has both) and one provider. A CUDA plugin of jax "
        "fits the jaxlib of its own release. Before CUDA 11 a build fits one toolkit. Beside a torch that was built "
        "from source here (2.9.0a0+git1a2b3c4) nothing says that it fits: a warning.",
        "It does not load: a wheel for PyTorch's builds or a build of the pytorch channel fails in conda-forge's "
        "torch, as conda-forge's own does on one of the pytorch channel, with an undefined symbol. Before CUDA 11 the "
        "names of the libraries carry the minor (libcudart.so.10.1).",
        "Take the build that is made for what is there: its local version or its page names it (+pt28cu126, "
        "torch-2.8.0+cu126.html).",
        "https://github.com/facebookresearch/faiss/issues/1295",
        find_abi_mismatch,
    ),
    BROKEN_PINS,
)
"""The rules of this family."""
