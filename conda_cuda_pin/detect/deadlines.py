"""How long the driver is given to answer. No deadline means a wait: a driver that answers is never made to wait."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Deadlines:
    """All in seconds."""

    start: float = 3.0
    """For Python itself to start, which on a slow network file system takes its time."""
    cuda: float = 2.0
    """For the CUDA version, from the first call on."""
    devices: float = 5.0
    """For the GPUs, from the CUDA version on; and for nvidia-smi."""
    devices_per_gpu: float = 3.0
    """Added for each GPU: one without persistence takes 1 to 3 s to wake.

    https://docs.nvidia.com/deploy/driver-persistence/overview.html
    """
    devices_most: float = 30.0

    def allow_devices(self, gpus: int) -> float:
        """Return what is given for so many GPUs."""
        return min(self.devices + self.devices_per_gpu * gpus, self.devices_most)

    def in_brief(self) -> Deadlines:
        """Return what is given where the answer is a nicety: a second in all."""
        short = min(self.cuda, 0.5)
        return replace(
            self, start=min(self.start, 1.0), cuda=short, devices=min(self.devices, short), devices_per_gpu=0.0
        )

    def for_nvml(self) -> Deadlines:
        """Return what NVML is given after libcuda has failed: as long as that was, so that the wait at most doubles."""
        return replace(self, devices=min(self.devices, self.cuda), devices_per_gpu=0.0)
