"""What one package says about CUDA: its role, its variant, the toolkit it is part of or was built with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from .knowledge.packages import core_names, find_ptx_user, members, selectors, toolkit_parts
from .span import ANY, Span
from .versions import CudaVersion, read_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .knowledge.wheels import Wheel
    from .package import Package


class Role(str, Enum):
    """What a package is in the world of CUDA."""

    SELECTOR = "selector"
    MONOLITH = "monolith"
    """``cudatoolkit``: a whole toolkit in one package."""
    PART = "part"
    """A part of a split toolkit, such as ``cuda-cudart`` or ``libcublas``."""
    FRAMEWORK = "framework"
    """A member of a family: pytorch, torchvision, jaxlib..."""
    PLUGIN = "plugin"
    """What makes a CPU build of a framework run CUDA: jax-cuda12-plugin."""
    USER = "user"
    """Anything else that was built with a toolkit."""


class Variant(str, Enum):
    """For which accelerator a build was made."""

    CUDA = "cuda"
    CPU = "cpu"
    ROCM = "rocm"
    XPU = "xpu"


@dataclass(frozen=True)
class BuiltFor:
    """What a wheel was compiled against, as far as that is known. Its CUDA is the component's own."""

    torch: str = ""
    """A minor release of torch, ``2.8``; empty where it is not known."""
    new_abi: bool | None = None
    """Whether with the C++11 ABI of GCC's library."""


@dataclass(frozen=True)
class Component:
    """One package, read."""

    package: Package
    role: Role
    toolkit: CudaVersion | None = None
    """Of a monolith, a part or a selector: the CUDA version that it is. Of the others: the lowest they need."""
    span: Span = ANY
    """The CUDA versions that it accepts beside it; of a wheel those that it may be built with."""
    variant: Variant | None = None
    family: str | None = None
    cheap: bool = False
    built_for: BuiltFor | None = None
    """Of a wheel that extends torch: what it was compiled against."""
    known: Wheel | None = None
    """Of a wheel: its row in the tables."""

    @property
    def name(self) -> str:
        """The package's name."""
        return self.package.name

    @property
    def is_wheel(self) -> bool:
        """Whether pip installs it."""
        return self.package.is_wheel

    @property
    def is_core(self) -> bool:
        """Whether its family is named by it: pytorch, jaxlib, tensorflow."""
        return self.known.core if self.known is not None else not self.is_wheel and self.name in core_names()

    @property
    def falls_back(self) -> bool:
        """Whether it runs on the CPU, in silence, where it cannot have CUDA."""
        return self.known is not None and self.known.falls_back

    @property
    def carries_toolkit(self) -> bool:
        """Whether it brings libraries or tools of a toolkit to where all packages look: wheels have their own place."""
        return self.role in (Role.MONOLITH, Role.PART) and not self.is_wheel

    @property
    def is_tool(self) -> bool:
        """Whether it is a compiler, a header or a metapackage: nothing that runs on a GPU by itself.

        A wheel of NVIDIA's counts as one: whatever loads it says itself what it needs.
        """
        if self.is_wheel:
            return self.role is Role.PART
        part = toolkit_parts().get(self.name)
        kind = (
            part.kind if part is not None else "tool" if any(word in self.name for word in _DEVELOPMENT) else "library"
        )
        return self.role is Role.PART and kind != "library"

    @property
    def runs_on_gpu(self) -> bool:
        """Whether it holds code for the GPU, or a library that such code loads."""
        return self.role is not Role.SELECTOR and not self.is_tool

    @property
    def from_pytorch(self) -> bool:
        """Whether the PyTorch project built it for its former channel (nightly and test channels included)."""
        if self.is_wheel:
            return False
        return self.package.provider == "pytorch" or self.package.provider.startswith("pytorch-")

    @property
    def needs_own_selector(self) -> bool:
        """Whether its CUDA is chosen by pytorch-cuda and by nothing else: the pytorch channel from 1.13 on."""
        return self.from_pytorch and self.package.requirement("pytorch-cuda") is not None

    def __str__(self) -> str:
        return str(self.package)


_DEVELOPMENT = ("-dev", "-static", "cuda-cccl", "cuda-crt", "cuda-nvcc", "cuda-nvvm")
"""What the names of packages hold that only compilers need."""
_SELECTOR_NAME = re.compile(r"cuda(\d{2,3})")
_BY_DEPENDENCY = ("cuda-version", "cudatoolkit", "pytorch-cuda", "cuda-cudart", "cuda-nvrtc")
_CPU_BUILD = re.compile(r"(^|_)(cpu|mkl|eigen|openblas|nogpu)(_|$|py)")
_GPU_BUILD = re.compile(r"(^|_|py\d+)(gpu(_|$)|cu(da)?_?\d)|_cuda$|^cuda(_|$)")


def read_components(packages: Iterable[Package], platform: str = "linux-64") -> tuple[Component, ...]:
    """Read packages and keep those that have to do with CUDA, in the order given."""
    read = (read_component(package, platform) for package in packages)
    return tuple(component for component in read if component is not None)


def read_component(package: Package, platform: str = "linux-64") -> Component | None:
    """Read one package: its dependencies before its build string, because build strings lie.

    Returns None for a package that has nothing to do with CUDA. A package that no table knows is read by its
    dependencies alone. https://conda-forge.org/docs/maintainer/knowledge_base/#cuda-builds

    Args:
        package: a conda record or a wheel.
        platform: conda's name of the platform it is for: the requirements of a wheel differ by platform.
    """
    if package.is_wheel:
        from .wheel import read_wheel

        return read_wheel(package, platform)
    if package.name == "cudatoolkit":
        own = _leading(package.version)
        return Component(package, Role.MONOLITH, own, variant=Variant.CUDA) if own else None
    if package.name in selectors() or _SELECTOR_NAME.fullmatch(package.name):
        return _read_selector(package)
    if package.name in toolkit_parts():
        return _read_part(package)
    member = members().get(package.name)
    span, toolkit = _read_needs(package)
    variant = _read_variant(package, toolkit)
    if member is not None:
        return Component(package, Role.FRAMEWORK, toolkit, span, variant, member.family, member.cheap)
    if span.single_minor and package.requirement("cuda-version") and not package.requirement("python"):
        return Component(package, Role.PART, toolkit, span, Variant.CUDA)
    concerned = (
        variant is Variant.CUDA
        or find_ptx_user(package.name, package.version) is not None
        or _extends_framework(package, variant)
    )
    if toolkit is None and not concerned:
        return None
    return Component(package, Role.USER, toolkit, span, variant, _framework_family(package))


def _leading(version: str) -> CudaVersion | None:
    match = re.match(r"\d+\.\d+", version)
    return CudaVersion.parse(match[0]) if match else None


def _read_selector(package: Package) -> Component:
    old = _SELECTOR_NAME.fullmatch(package.name)
    row = selectors().get(package.name)
    if old is not None:
        return Component(package, Role.SELECTOR, CudaVersion.from_tag(package.name), variant=Variant.CUDA)
    assert row is not None
    if row.kind in ("cuda", "compat"):
        return Component(package, Role.SELECTOR, _leading(package.version), variant=Variant.CUDA)
    span, toolkit = _read_needs(package)
    variant = Variant(row.variant) if row.variant else _read_variant(package, None)
    return Component(package, Role.SELECTOR, toolkit if variant is Variant.CUDA else None, span, variant)


def _read_part(package: Package) -> Component | None:
    part = toolkit_parts()[package.name]
    needed = package.requirement("cuda-version")
    span = Span.parse(needed) if needed else ANY
    by_version = toolkit_by_floor(package.version, part.floors) if part.floors else _leading(package.version)
    own = span.low if span.single_minor else by_version
    return Component(package, Role.PART, own, span, Variant.CUDA) if own else None


def toolkit_by_floor(version: str, floors: Mapping[CudaVersion, str]) -> CudaVersion | None:
    """Return the newest toolkit that came with this version of a library or an older one, None if all are newer."""
    own = read_numbers(version)
    fitting = [cuda for cuda, first in floors.items() if read_numbers(first) <= own]
    return max(fitting, default=None)


def _read_needs(package: Package) -> tuple[Span, CudaVersion | None]:
    """Find what the dependencies demand of the toolkit; the build string only where they are silent."""
    for name in _BY_DEPENDENCY:
        needed = package.requirement(name)
        span = Span.parse(needed) if needed else ANY
        if span.bounded_below:
            linked = [cuda for cuda in _read_linked(package) if cuda in span]
            return span, max(span.low, *linked) if linked else span.low
    linked = _read_linked(package)
    if linked:
        return ANY, max(linked)
    for spec in package.depends:
        old = _SELECTOR_NAME.fullmatch(spec.split(" ")[0])
        if old is not None:
            return ANY, CudaVersion.from_tag(old[0])
    tag = CudaVersion.from_tag(package.build) if _GPU_BUILD.search(package.build) else None
    return ANY, tag


def _read_linked(package: Package) -> list[CudaVersion]:
    """Name the toolkits whose libraries the package links: ``libcublas >=12.6.3.3`` came with CUDA 12.6."""
    linked = []
    for name, part in toolkit_parts().items():
        lowest = re.match(r">=([\d.]+)", package.requirement(name) or "") if part.floors else None
        cuda = toolkit_by_floor(lowest[1], part.floors) if lowest is not None else None
        linked += [cuda] if cuda is not None else []
    return linked


def _read_variant(package: Package, toolkit: CudaVersion | None) -> Variant | None:
    if "rocm" in package.build:
        return Variant.ROCM
    if toolkit is not None or package.requirement("__cuda") or _GPU_BUILD.search(package.build):
        return Variant.CUDA
    return Variant.CPU if _CPU_BUILD.search(package.build) else None


def _framework_family(package: Package) -> str | None:
    """Name the family that the package builds on, for extensions such as pytorch-scatter."""
    names = (spec.split(" ")[0] for spec in package.depends)
    return next((members()[name].family for name in names if name in members()), None)


def _extends_framework(package: Package, variant: Variant | None) -> bool:
    return variant is not None and _framework_family(package) is not None
