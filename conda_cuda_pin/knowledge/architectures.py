"""Which toolkits can build for a GPU: an outer bound, since each package is built for fewer generations still."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..versions import ComputeCapability, CudaVersion
from .table import load_table


@dataclass(frozen=True)
class _Row:
    capability: ComputeCapability
    family: str
    first: CudaVersion
    last: CudaVersion | None
    tegra: bool


def first_toolkit(cc: ComputeCapability) -> CudaVersion | None:
    """Return the first toolkit that builds for ``cc``; None where that is not known.

    A capability that has no row counts as the nearest lower one of its major, whose binaries it runs
    (https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#binary-compatibility).
    """
    row = _find_row(cc)
    return row.first if row else None


def last_toolkit(cc: ComputeCapability) -> CudaVersion | None:
    """Return the last toolkit that builds for ``cc``; None where toolkits still do, and for GPUs yet unknown.

    For a capability older than every row it is the lowest known bound, which is above the true one.
    """
    row = _find_row(cc)
    if row is not None:
        return row.last
    if cc < _load_rows()[0].capability:
        return min(row.last for row in _load_rows() if row.last is not None)
    return None


def family(cc: ComputeCapability) -> str | None:
    """Return NVIDIA's name of the generation, ``Ampere``; None where it is not known."""
    row = _find_row(cc)
    return row.family if row else None


def _find_row(cc: ComputeCapability) -> _Row | None:
    """Return the row of ``cc``, else that of the nearest lower minor of the same major, Tegra apart."""
    rows = [row for row in _load_rows() if row.capability.major == cc.major and row.capability <= cc]
    if rows and rows[-1].capability == cc:
        return rows[-1]
    return next((row for row in reversed(rows) if not row.tegra), None)


@cache
def _load_rows() -> tuple[_Row, ...]:
    """Return the rows, the lowest capability first."""
    read = (
        _Row(
            ComputeCapability.parse(row["capability"]),
            row["family"],
            CudaVersion.parse(row["first_toolkit"]),
            CudaVersion.parse(row["last_toolkit"]) if row["last_toolkit"] else None,
            row["tegra"],
        )
        for row in load_table("architectures")["rows"]
    )
    return tuple(sorted(read, key=lambda row: row.capability))
