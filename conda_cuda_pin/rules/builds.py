"""Does conda's extension of torch fit the torch by what its build string says? Part of CUP301.

Most say so in their dependencies too, and solvers keep to those; pytorch3d and others leave it to the build string.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..component import Role, Variant
from .remedy import minor_of
from .rule import Observation, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..component import Component

_TORCH = re.compile(r"(?:^|_)(?:torch|pyt)_?(?:(\d+)\.(\d+)|(\d)(\d{1,2})\d(?!\d))")
"""``py39_torch_1.12.0_cu113`` (pyg), ``py39_cu11.6.2_pyt1.12.1`` (xformers), ``py39_cu117_pyt201`` (pytorch3d)."""


def find_other_build(state: State) -> Iterable[Observation]:
    """Find compiled extensions of conda for another minor of torch, or for another CUDA major than torch's."""
    torch = state.find("pytorch")
    for other in state.of_role(Role.FRAMEWORK, Role.USER) if torch is not None else ():
        if torch is None or other.is_wheel or other.is_core or other.family != torch.family:
            continue
        kind, reason = _find_reason(other, torch)
        if kind:
            named = (str(other), str(torch))
            yield Observation(Severity.BLOCK, (other.name, kind), f"{other} {reason}", named)


def _find_reason(other: Component, torch: Component) -> tuple[str, str]:
    """Say why an extension does not load, by a word and a sentence; both empty where nothing is known against it."""
    built, there = read_torch(other.package.build), minor_of(torch.package.version)
    if built and built != there:
        return "torch", f"is compiled for torch {built}, and {torch} is there: it cannot load"
    both = other.variant is torch.variant is Variant.CUDA and other.name != "libtorch"
    if both and other.toolkit and torch.toolkit and other.toolkit.major != torch.toolkit.major:
        return "cuda", f"is built for CUDA {other.toolkit}, and {torch} for CUDA {torch.toolkit}"
    return "", ""


def read_torch(build: str) -> str:
    """Return the minor release of torch that a build string names: ``1.12``; empty where it names none."""
    match = _TORCH.search(build)
    if match is None:
        return ""
    return f"{match[1] or match[3]}.{match[2] or match[4]}"
