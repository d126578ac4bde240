"""Up to which CUDA version packages may go on a host, and what sets that bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .host import State
from .knowledge.architectures import first_toolkit, last_toolkit
from .versions import ComputeCapability, CudaVersion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .host import Host
    from .settings import Settings

MINOR_COMPATIBLE_SINCE = 11
"""From this major on, a driver runs every minor of its major.

https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
"""
BOARDS_JOINED = 13
"""From this major on, Jetson boards run what is built for Arm servers.

https://github.com/NixOS/nixpkgs/issues/530931
"""


@dataclass(frozen=True)
class Limit:
    """An upper bound, exclusive, and what sets it."""

    below: CudaVersion
    reason: str
    is_firm: bool = False
    """It is a setting and not a fact about the host: a wish beyond it is refused by the solver."""

    @property
    def spec(self) -> str:
        """The bound as a conda version spec that pre-releases do not slip under: ``<13.0a0``."""
        return f"<{self.below}a0"


def find_limit(host: Host, settings: Settings) -> Limit | None:
    """Return the bound in force, the lowest of all that apply; None where nothing is known or declared."""
    return min(_limits(host, settings), key=lambda limit: limit.below, default=None)


def find_minor_limit(host: Host) -> Limit | None:
    """Return the bound that keeps packages within the driver's own minor, None without a driver."""
    if host.driver_cuda is None or host.at_least:
        return None
    return Limit(host.driver_cuda.next_minor(), f"the driver is of CUDA {host.driver_cuda}")


def _limits(host: Host, settings: Settings) -> Iterable[Limit]:
    driver = host.driver_cuda
    if driver is not None and not host.at_least:
        minor = driver.major < MINOR_COMPATIBLE_SINCE or settings.level == "minor"
        below = driver.next_minor() if minor else driver.next_major()
        yield Limit(below, f"the driver runs CUDA {driver}", is_firm=settings.level == "minor")
    if settings.max is not None:
        yield Limit(settings.max.next_minor(), f"cuda_pin_max is {settings.max}", is_firm=True)
    if driver is not None and host.capabilities:
        oldest = host.capabilities[0]
        last = last_toolkit(oldest)
        if last is not None:
            reason = f"CUDA {last.next_major()} has no kernels for compute capability {oldest}"
            yield Limit(last.next_major(), reason)


def runs_toolkit(driver: CudaVersion, toolkit: CudaVersion) -> bool:
    """Whether a driver runs what was built with a toolkit: any minor of its major, older majors, never newer ones.

    Before CUDA 11 every minor needed a driver of its own.
    https://docs.nvidia.com/deploy/cuda-compatibility/
    """
    if toolkit.major >= MINOR_COMPATIBLE_SINCE:
        return toolkit.major <= driver.major
    return toolkit <= driver


def oldest_native_toolkit(gpu: ComputeCapability) -> CudaVersion | None:
    """Return the first toolkit whose kernels a GPU runs without compiling PTX, None for an unknown generation.

    A kernel for 8.0 runs on 8.9: the first toolkit of the lowest capability of the same major counts.
    https://docs.nvidia.com/cuda/ampere-compatibility-guide/
    """
    known = (first_toolkit(ComputeCapability(gpu.major, minor)) for minor in range(gpu.minor + 1))
    return min((first for first in known if first is not None), default=None)


def advise_target(host: Host) -> str:
    """Say how to declare the host that an image of CUDA is for, where it is built without a driver; else nothing.

    Only there: a machine without a GPU is not to be bothered.
    """
    if "cuda-image" not in host.kinds or host.verdict.state is not State.NONE:
        return ""
    return (
        "this is a CUDA image, and no driver is seen: CPU builds were chosen. For a host with a GPU, say what its "
        "driver runs: CONDA_OVERRIDE_CUDA=12.6, or cuda_pin_target in .condarc"
    )
