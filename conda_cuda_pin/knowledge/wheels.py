"""What is known of wheels by name. A wheel that has no row is read by what it says of itself."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..tag import read_span, split_name
from ..versions import CudaVersion, read_numbers
from .table import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..span import Span


@dataclass(frozen=True)
class Wheel:
    """What is known of a wheel."""

    stem: str
    """Its name without the part that says the CUDA: ``cupy`` for cupy-cuda12x."""
    family: str
    role: str
    """framework, plugin (what makes a framework run CUDA) or user."""
    core: bool
    """It is what the family is named by."""
    cheap: bool
    """A CPU build of it costs little: never worth a warning."""
    falls_back: bool
    """Without CUDA libraries it runs on the CPU and says nothing."""
    borrows: bool
    """It loads its CUDA libraries by name, from wherever they are."""
    extends: str
    """The framework that it is compiled against, empty where there is none."""
    imports: str
    """The import package that it owns; two wheels that own one overwrite each other."""
    conda: tuple[str, ...]
    """conda's names for the same thing."""
    untagged: str
    """What a wheel is that says nothing of CUDA: ``cpu``, ``default`` (see default_cuda), ``torch`` (built with PyPI's
    torch of the version that it pins), empty where that is not known."""
    gpu: str
    """The requirement that brings CUDA in place of a CPU build."""
    declares_since: str
    """The first release whose wheels name their CUDA libraries; before it PyPI's are as ``default_cuda`` says."""
    exact_cuda_before: str
    """Releases before this one refuse a torch of another CUDA minor, not only of another major."""


@dataclass(frozen=True)
class Library:
    """A wheel of NVIDIA's that carries a library or a tool of CUDA."""

    stem: str
    part: str
    """conda's name of the same library, whose versions are known by toolkit."""
    own_version: bool
    """Its version is the toolkit's."""
    shared: str
    """The directory that the wheels of every CUDA major write to; empty where each has its own."""
    makes_ptx: bool


@functools.cache
def wheels() -> Mapping[str, Wheel]:
    """All wheels that are known, by stem."""
    return {
        row["stem"]: Wheel(**_without_source(row, conda=tuple(row["conda"]))) for row in load_table("wheels")["rows"]
    }


@functools.cache
def libraries() -> Mapping[str, Library]:
    """NVIDIA's wheels, by stem."""
    return {row["stem"]: Library(**_without_source(row)) for row in load_table("wheels")["libraries"]}


def makes_ptx(name: str) -> bool:
    """Whether a wheel is one of NVIDIA's compilers."""
    library = libraries().get(split_name(name)[0])
    return library is not None and library.makes_ptx


def _without_source(row: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    return {name: value for name, value in {**row, **changed}.items() if name != "source"}


@functools.cache
def default_cuda(stem: str, version: str) -> Span | None:
    """Return the CUDA that PyPI's Linux wheel of a release is built with; None where that is not known."""
    own = read_numbers(version.partition("+")[0])
    fitting = [(since, cuda) for since, cuda in _defaults().get(stem, ()) if since <= own]
    return max(fitting)[1] if fitting else None


def first_default(stem: str, major: int) -> str | None:
    """Return the first release whose wheel on PyPI is built with a CUDA above a major, None if there is none."""
    rows = [row for row in load_table("wheels")["defaults"] if row["stem"] == stem]
    newer = [row["since"] for row in rows if int(row["cuda"].partition(".")[0]) > major]
    return min(newer, key=read_numbers, default=None)


@functools.cache
def _defaults() -> Mapping[str, list[tuple[tuple[int, ...], Span]]]:
    found: dict[str, list[tuple[tuple[int, ...], Span]]] = {}
    for row in load_table("wheels")["defaults"]:
        span = read_span(*row["cuda"].split("."))
        if span is not None:
            found.setdefault(row["stem"], []).append((read_numbers(row["since"]), span))
    return found


@functools.cache
def has_new_abi(torch: str, cuda: CudaVersion | None) -> bool | None:
    """Whether Linux wheels of a torch release have the C++11 ABI; None where its CUDA decides and is not known.

    https://pytorch.org/blog/pytorch2-6/
    """
    rows = load_table("wheels")["new_abi"]
    fitting = [row for row in rows if read_numbers(row["since"]) <= read_numbers(torch)]
    if not fitting or any(not row["cuda"] for row in fitting):
        return bool(fitting)
    return None if cuda is None else any(cuda >= CudaVersion.parse(row["cuda"]) for row in fitting)
