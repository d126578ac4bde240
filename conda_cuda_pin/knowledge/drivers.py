"""Which CUDA version a driver release offers: the fall-back for when the driver itself cannot be asked.

Releases of Linux and of Windows are numbered apart. In WSL the release is the Windows one, so the Windows table counts.
Jetson boards are not covered: there the board's software decides, and only libcuda knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..versions import CudaVersion, DriverRelease
from .table import load_table


@dataclass(frozen=True)
class _Row:
    branch: int
    cuda: CudaVersion
    lowest: DriverRelease


def cuda_of_release(release: DriverRelease, windows: bool) -> tuple[CudaVersion, bool] | None:
    """Return the CUDA version that a release offers, and whether that is only a lower bound.

    It is a lower bound where the branch is newer than every row: drivers are backward compatible
    (https://docs.nvidia.com/deploy/cuda-compatibility/). None where the branch is older than every row.
    The result is without any forward-compatibility package in front.
    """
    rows = _load_rows(windows)
    if release.branch < rows[0].branch:
        return None
    row = max((row for row in rows if row.branch <= release.branch), key=lambda row: row.branch)
    newest = rows[-1]
    # A branch keeps its number on Linux; on Windows it spans some (580 to 582), so only a wide gap is a new one.
    beyond = release.branch > newest.branch + (_WINDOWS_SPAN if windows else 0)
    return row.cuda, beyond


_WINDOWS_SPAN = 3
"""How many first numbers one branch takes on Windows: 591.59 to 591.86 are of branch 590, 581 and 582 of 580."""


def branch_for_cuda(cuda: CudaVersion, windows: bool = False) -> DriverRelease | None:
    """Return the lowest driver release known to offer ``cuda``; None where no known release does."""
    return next((row.lowest for row in _load_rows(windows) if row.cuda >= cuda), None)


def newest_cuda() -> CudaVersion:
    """Return the newest CUDA version that a known driver offers."""
    return max(row.cuda for row in _load_rows(windows=False))


def floor_of_major(major: int, windows: bool = False) -> DriverRelease | None:
    """Return the lowest release on which all toolkits of a CUDA major run (minor-version compatibility).

    None where NVIDIA promises no such thing: before CUDA 11, and for majors yet unknown.
    https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
    """
    return _load_floors(windows).get(major)


@cache
def _load_rows(windows: bool) -> tuple[_Row, ...]:
    """Return the rows of one system, the oldest branch first."""
    system = _name_system(windows)
    rows = [row for row in load_table("drivers")["rows"] if row["system"] == system]
    read = (_Row(row["branch"], CudaVersion.parse(row["cuda"]), DriverRelease.parse(row["lowest"])) for row in rows)
    return tuple(sorted(read, key=lambda row: row.branch))


@cache
def _load_floors(windows: bool) -> dict[int, DriverRelease]:
    system = _name_system(windows)
    floors = [row for row in load_table("drivers")["floors"] if row["system"] == system]
    return {row["major"]: DriverRelease.parse(row["lowest"]) for row in floors}


def _name_system(windows: bool) -> str:
    return "windows" if windows else "linux"
