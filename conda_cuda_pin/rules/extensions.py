"""Is a wheel built against the torch, or the jaxlib, that it will meet? Part of CUP301."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..component import Role, Variant
from ..knowledge.wheels import has_new_abi
from ..limit import MINOR_COMPATIBLE_SINCE
from ..tag import read_local
from ..versions import read_numbers
from .remedy import minor_of, relabel
from .rule import Observation, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..component import Component

_NVIDIA_BUILD = re.compile(r"\+.*\bnv\d")
"""How the torch of NVIDIA's containers names itself: https://docs.nvidia.com/deeplearning/frameworks/pytorch-release-notes/"""


_BUILT_HERE = "built-here"


@dataclass(frozen=True)
class Base:
    """A torch, as its extensions see it."""

    torch: Component
    minor: str
    provider: str
    """Who built it, if that was not the PyTorch project."""
    new_abi: bool | None
    """Whether it has the C++11 ABI of GCC's library; None where that is not known, or where there is only one."""
    is_built_here: bool = False
    """Its local version is of no index: ``2.9.0a0+git1a2b3c4``, as a build from source names itself."""


def find_base(state: State) -> Base | None:
    """Return the torch that a program would load: pip's where there is one, else conda's."""
    torch = state.find_wheel("torch") or state.find("pytorch")
    if torch is None:
        return None
    minor = minor_of(torch.package.version)
    exact = torch.toolkit if torch.span.single_minor or not torch.is_wheel else None
    official = "+" not in torch.package.version or bool(read_local(torch.package.version))
    known = state.host.platform.startswith("linux") and official
    provider = _find_provider(torch)
    built_here = torch.is_wheel and not official and not provider
    return Base(torch, minor, provider, has_new_abi(minor, exact) if known else None, built_here)


def _find_provider(torch: Component) -> str:
    if torch.is_wheel:
        return "NVIDIA" if _NVIDIA_BUILD.search(torch.package.version) is not None else ""
    return "" if torch.from_pytorch else torch.package.channel


def find_extension_mismatch(state: State) -> Iterable[Observation]:
    """Find compiled extensions of torch that are for another torch, CUDA, ABI or provider than is there."""
    base = find_base(state)
    for component in state.only_wheels if base is not None else ():
        found = _find_reason(component, base) if base is not None and component.built_for is not None else None
        if base is None or found is None:
            continue
        kind, reason = found
        named = (str(component), str(base.torch))
        if kind == _BUILT_HERE:
            yield Observation(Severity.WARN, (component.name, kind), reason, named)
        else:
            yield Observation(Severity.BLOCK, (component.name, kind), reason, named, _mend(component, base, state))


def _find_reason(component: Component, base: Base) -> tuple[str, str] | None:
    """Say why an extension does not load, by a word and a sentence; None where nothing is known against it."""
    built, torch = component.built_for, base.torch
    assert built is not None
    if base.provider:
        what = f"{component} is compiled for PyTorch's own builds"
        return "provider", f"{what}; {torch} is {base.provider}'s, with another ABI"
    if built.torch and built.torch != base.minor:
        return "torch", f"{component} is compiled for torch {built.torch}, and {torch} is there: it cannot load"
    if (cuda := _find_other_cuda(component, torch)) is not None:
        return "cuda", f"{component} is built for CUDA {cuda[0]}, and {torch} for {cuda[1]}"
    if None not in (built.new_abi, base.new_abi) and built.new_abi is not base.new_abi:
        has, lacks = (component, torch) if built.new_abi else (torch, component)
        return "abi", f"{component} does not load beside {torch}: {has.name} has the new C++ ABI, {lacks.name} has not"
    if base.is_built_here:
        what = f"{component} is compiled for PyTorch's own builds; {torch} was built here"
        return _BUILT_HERE, f"{what}, and nothing says that they fit: build {component.name} here too"
    return None


def _find_other_cuda(component: Component, torch: Component) -> tuple[str, str] | None:
    """Return the CUDA of both where they do not fit: another major, and before CUDA 11 another minor.

    torchvision and torch-scatter refuse another major themselves, torchaudio another minor too.
    https://github.com/pytorch/vision/blob/main/torchvision/extension.py
    """
    own, there = component.toolkit, torch.toolkit
    if own is None or component.variant is not Variant.CUDA:
        return None
    if torch.variant in (Variant.ROCM, Variant.XPU):
        return str(own), torch.variant.value.upper()
    if there is None:
        return None
    exact = component.span.single_minor and (torch.span.single_minor or not torch.is_wheel)
    before = component.known.exact_cuda_before if component.known is not None else ""
    strict = own.major < MINOR_COMPATIBLE_SINCE or (
        bool(before) and read_numbers(component.package.version.partition("+")[0]) < read_numbers(before)
    )
    if own.major != there.major or (strict and exact and own != there):
        return str(own) if component.span.single_minor else str(own.major), f"CUDA {there}"
    return None


def _mend(component: Component, base: Base, state: State) -> tuple[str, ...]:
    """Keep the torch that was there, if the change is about torch; else take the extension's build for this torch."""
    before = next((c for c in state.previous if c.is_wheel and c.name == "torch"), None)
    if base.torch.is_wheel and before is not None and state.is_new(base.torch) and not state.is_new(component):
        return (f"torch=={before.package.version}",)
    return relabel(component, base.torch, base.new_abi) if base.torch.is_wheel and not base.provider else ()


def find_plugin_mismatch(state: State) -> Iterable[Observation]:
    """Find jax's CUDA plugins of another release than jaxlib: the interface between them changes with each.

    https://github.com/jax-ml/jax/issues/22416
    """
    plugins = [wheel for wheel in state.only_wheels if wheel.role is Role.PLUGIN]
    jaxlib = state.find_wheel("jaxlib") or state.find("jaxlib")
    apart = [p for p in plugins if jaxlib is not None and _release_of(p) != _release_of(jaxlib)]
    if apart and jaxlib is not None:
        base = jaxlib.package.version.partition("+")[0]
        message = f"{apart[0]} is not of the release of {jaxlib}: it fails, or is not used and jax runs on the CPU"
        subject = (*sorted(plugin.name for plugin in apart), "jaxlib")
        remedy = tuple(f"{plugin.name}=={base}" for plugin in apart)
        yield Observation(Severity.BLOCK, subject, message, (*map(str, apart), str(jaxlib)), remedy)
    majors = sorted({plugin.toolkit.major for plugin in plugins if plugin.toolkit is not None})
    if len(majors) > 1:
        message = f"jax's plugins for CUDA {' and '.join(map(str, majors))} both claim the platform cuda"
        yield Observation(Severity.BLOCK, ("jax", "plugins"), message, tuple(map(str, plugins)))


def _release_of(component: Component) -> tuple[int, ...]:
    return read_numbers(component.package.version.partition("+")[0])[:3]
