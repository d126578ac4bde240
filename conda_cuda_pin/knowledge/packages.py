"""What is known of single packages: families, selectors, parts of a toolkit, PTX users, kernels, defects."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from ..versions import ComputeCapability, CudaVersion, read_numbers
from .table import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Member:
    """A package of a family: packages that come in CPU and CUDA builds and must agree."""

    family: str
    name: str
    cheap: bool
    """A CPU build of it costs little: never worth a warning."""
    core: bool
    """It is what the family is named by; the others extend it or are parts of it."""


@dataclass(frozen=True)
class Selector:
    """A package that carries no code and by which a user or a recipe chooses a variant."""

    name: str
    kind: str
    """``cuda``: its version is the CUDA version. ``choice``: its name is the choice. ``mutex``: its build is.
    ``compat``: it holds a user-mode driver of its version."""
    families: tuple[str, ...]
    variant: str | None
    """``cpu`` or ``cuda`` where the name is the choice."""


@dataclass(frozen=True)
class ToolkitPart:
    """A package that carries a part of a CUDA toolkit."""

    name: str
    kind: str
    """library, tool or meta."""
    soname_stable: bool
    """The library keeps one SONAME across CUDA majors: two of them do not exclude each other."""
    floors: Mapping[CudaVersion, str]
    """First version of the library in each toolkit; empty where its version is the toolkit's."""


@dataclass(frozen=True)
class PtxUser:
    """A package that loads PTX made by the installed toolkit."""

    also_cpu: bool
    """It is as often used without a GPU."""


@dataclass(frozen=True)
class Kernels:
    """The GPUs that the builds of one release hold kernels for."""

    capabilities: tuple[ComputeCapability, ...]
    ptx: bool
    """Whether GPUs newer than all of them can compile the code that is inside."""

    def run_on(self, gpu: ComputeCapability) -> bool:
        """Whether the GPU can run them: same major and not older, or through PTX.

        https://docs.nvidia.com/cuda/ada-compatibility-guide/
        """
        if any(own.major == gpu.major and own.minor <= gpu.minor for own in self.capabilities):
            return True
        return self.ptx and gpu >= max(self.capabilities)


@dataclass(frozen=True)
class Defect:
    """A build that is known not to do what it says."""

    word: str
    severity: str
    message: str
    instead: str
    source: str


@functools.cache
def members() -> Mapping[str, Member]:
    """All members of families, by name."""
    rows = load_table("families")["rows"]
    return {row["name"]: Member(row["family"], row["name"], row["cheap"], row["core"]) for row in rows}


def names_of_family(family: str) -> tuple[str, ...]:
    """Return the names of one family, the framework itself first."""
    return tuple(member.name for member in members().values() if member.family == family)


@functools.cache
def core_names() -> frozenset[str]:
    """The names by which families are known: pytorch, jaxlib, tensorflow..."""
    return frozenset(member.name for member in members().values() if member.core)


@functools.cache
def selectors() -> Mapping[str, Selector]:
    """All selectors, by name."""
    rows = load_table("families")["selectors"]
    return {r["name"]: Selector(r["name"], r["kind"], tuple(r["families"]), r["variant"]) for r in rows}


@functools.cache
def toolkit_parts() -> Mapping[str, ToolkitPart]:
    """All parts of toolkits, by name."""
    parts = {}
    for row in load_table("toolkit")["rows"]:
        floors = {CudaVersion.parse(cuda): first for cuda, first in row.get("floors", {}).items()}
        parts[row["name"]] = ToolkitPart(row["name"], row["kind"], row["soname_stable"], floors)
    return parts


@functools.cache
def find_ptx_user(name: str, version: str) -> PtxUser | None:
    """Return what is known of a release that loads PTX made by the installed toolkit, None for all others."""
    row = next((row for row in load_table("ptx")["rows"] if row["name"] == name), None)
    until = row.get("until", "") if row is not None else ""
    if row is None or (until and read_numbers(version) >= read_numbers(until)):
        return None
    return PtxUser(row["also_cpu"])


@functools.cache
def kernels_of(name: str, version: str, toolkit: CudaVersion, platform: str = "") -> Kernels | None:
    """Return the kernels in a build of the PyTorch project, None where the table does not know them.

    Args:
        name: conda's name of the package.
        version: of the release, in full.
        toolkit: what the build was made with.
        platform: conda's name of a platform whose builds may differ; the others hold what Linux x86_64 has.
    """
    rows = [row for row in _rows_of_kernels(name, toolkit, platform) if version in row["versions"]]
    return _read_kernels(rows[0]) if rows else None


@functools.cache
def nearest_kernels(name: str, version: str, toolkit: CudaVersion, platform: str) -> Kernels | None:
    """Return the kernels as ``kernels_of`` does; of a release that has no row, those of the one next to it.

    The newest older release with the same toolkit counts, else the oldest newer one: a variant loses generations
    from release to release and gains none.
    """
    rows = _rows_of_kernels(name, toolkit, platform)
    known = {read_numbers(listed): row for row in reversed(rows) for listed in row["versions"]}
    if not known:
        return None
    own = read_numbers(version)
    older = [numbers for numbers in known if numbers <= own]
    return _read_kernels(known[max(older) if older else min(known)])


def _rows_of_kernels(name: str, toolkit: CudaVersion, platform: str) -> list[dict[str, Any]]:
    """Return the rows of one variant, those that are the platform's own first."""
    tag = f"cu{toolkit.major}{toolkit.minor}"
    rows = [row for row in load_table("kernels")["rows"] if row["name"] == name and row["tag"] == tag]
    own = [row for row in rows if row.get("platform", "") == platform]
    return own + [row for row in rows if platform and "platform" not in row]


def _read_kernels(row: dict[str, Any]) -> Kernels:
    return Kernels(tuple(map(ComputeCapability.parse, row["capabilities"])), row["ptx"])


@functools.cache
def oldest_gpu(name: str, version: str) -> ComputeCapability | None:
    """Return the lowest compute capability that a release of a package runs on, None where that is not known."""
    rows = (row for row in load_table("kernels")["oldest"] if name in row["names"])
    fitting = [row for row in rows if read_numbers(row["since"]) <= read_numbers(version)]
    newest = max(fitting, key=lambda row: read_numbers(row["since"]), default=None)
    return ComputeCapability.parse(newest["capability"]) if newest else None


@functools.cache
def releases_with_kernels(
    name: str, gpus: tuple[ComputeCapability, ...], platform: str = ""
) -> tuple[tuple[str, CudaVersion], ...]:
    """Return the known releases of the PyTorch project that hold kernels for every GPU, each with its CUDA."""
    tags = dict.fromkeys(row["tag"] for row in load_table("kernels")["rows"] if row["name"] == name)
    found = []
    for cuda in (CudaVersion.from_tag(tag) for tag in tags):
        rows = _rows_of_kernels(name, cuda, platform) if cuda is not None else []
        first = {version: row for row in reversed(rows) for version in row["versions"]}
        holds = (version for version, row in first.items() if all(map(_read_kernels(row).run_on, gpus)))
        found += [(version, cuda) for version in holds if cuda is not None]
    return tuple(found)


def find_defect(name: str, version: str, build: str) -> Defect | None:
    """Return the known defect of one build, or None."""
    for row in load_table("defects")["rows"]:
        if row["name"] == name and row["version"] == version and fnmatchcase(build, f"*{row['build']}*"):
            return Defect(row["word"], row["severity"], row["message"], row["instead"], row["source"])
    return None
