"""Which variants of torch a host can use, and which of them is the better one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..knowledge.architectures import last_toolkit
from ..knowledge.packages import nearest_kernels
from ..limit import find_limit, oldest_native_toolkit
from ..versions import CudaVersion

if TYPE_CHECKING:
    from ..host import Host
    from ..settings import Settings
    from ..versions import ComputeCapability


_UNKNOWN_REACH = 99
"""In place of the oldest GPU that a build holds kernels for, where nobody knows it."""


@dataclass(frozen=True)
class Fitness:
    """What a host and its settings admit."""

    host: Host
    settings: Settings
    platform: str

    def admits(self, tag: str) -> bool:
        """Whether the driver and the settings admit a variant at all."""
        cuda, limit = CudaVersion.from_tag(tag), find_limit(self.host, self.settings)
        return cuda is not None and (limit is None or cuda < limit.below)

    def runs(self, torch: str, tag: str) -> bool:
        """Whether every GPU here runs this variant of this release, as far as is known."""
        cuda = CudaVersion.from_tag(tag)
        if cuda is None or not self.admits(tag):
            return False
        return all(self._has_kernels(torch, cuda, gpu) for gpu in self.host.capabilities)

    def _has_kernels(self, torch: str, cuda: CudaVersion, gpu: ComputeCapability) -> bool:
        kernels = nearest_kernels("pytorch", torch, cuda, self.platform)
        if kernels is not None:
            return kernels.run_on(gpu)
        first, last = oldest_native_toolkit(gpu), last_toolkit(gpu)
        return (first is None or first <= cuda) and (last is None or cuda <= last)

    def rank(self, tag: str) -> tuple[int, int, int]:
        """Return what variants are compared by: the newest within the driver's minor, else the closest beyond it.

        https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
        """
        cuda = CudaVersion.from_tag(tag)
        assert cuda is not None
        return (0, -cuda.major, -cuda.minor) if self._is_beyond(cuda) else (1, cuda.major, cuda.minor)

    def reach(self, torch: str, tag: str) -> int:
        """Return how far down a variant of a release reaches, where a GPU is here whose capability nobody could read.

        The widest build is then the safest. Where all is known it is the same for all.
        https://github.com/RobThePCGuy/Claude-Patent-Creator/issues/29
        """
        cuda = CudaVersion.from_tag(tag)
        if cuda is None or all(gpu.compute_capability for gpu in self.host.gpus):
            return 0
        kernels = nearest_kernels("pytorch", torch, cuda, self.platform)
        return -min(kernels.capabilities).major if kernels is not None else -_UNKNOWN_REACH

    def describe_gap(self, tag: str) -> str:
        """Say what a build beyond the driver's own minor means; empty where it is within."""
        cuda = CudaVersion.from_tag(tag)
        driver = self.host.driver_cuda
        if cuda is None or driver is None or self.host.at_least or cuda <= driver:
            return ""
        return f"the driver is of CUDA {driver}, the build of {cuda}: fine for compiled kernels, PTX would not load"

    def knows(self, newest: str) -> bool:
        """Whether the driver is within what the tables know, ``newest`` being the newest variant there."""
        cuda, driver = CudaVersion.from_tag(newest), self.host.driver_cuda
        return driver is None or cuda is None or (driver <= cuda and not self.host.at_least)

    def _is_beyond(self, cuda: CudaVersion) -> bool:
        """Whether a variant is of a newer minor than the driver, where that counts."""
        driver = self.host.driver_cuda
        if driver is None or self.host.at_least or self.settings.level == "major":
            return False
        return cuda > driver

    def describe_limit(self) -> str:
        """Say what bounds the choice: the driver, a setting, the GPUs."""
        limit = find_limit(self.host, self.settings)
        words = [limit.reason] if limit else []
        if self.host.capabilities:
            words.append("GPUs of compute capability " + ", ".join(map(str, self.host.capabilities)))
        return "; ".join(words) or "nothing here bounds CUDA"
