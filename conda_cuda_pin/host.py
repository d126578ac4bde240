"""A host: one machine, what its driver can run, which GPUs it has, and how all that is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .versions import ComputeCapability, CudaVersion, DriverRelease


class State(str, Enum):
    """What a look at the machine came to. "Could not find out" is never the same as "there is none"."""

    OK = "ok"
    DRIVER_NO_GPU = "driver-no-gpu"
    DEGRADED = "degraded"
    GPU_NO_DRIVER = "gpu-no-driver"
    NONE = "none"
    UNKNOWN = "unknown"
    DECLARED = "declared"


@dataclass(frozen=True)
class Verdict:
    """A state, and for ``degraded`` and ``unknown`` why."""

    state: State
    why: str = ""

    def __str__(self) -> str:
        return f"{self.state.value}:{self.why}" if self.why else self.state.value


class Outcome(str, Enum):
    """What one source did when it was asked."""

    FOUND = "found"
    ABSENT = "absent"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Evidence:
    """What one source said."""

    source: str
    """Who was asked: ``CONDA_OVERRIDE_CUDA``, ``libcuda``, ``NVML``, ``/proc/driver/nvidia/version``..."""
    outcome: Outcome
    detail: str
    """What it said, in words a user can read."""
    milliseconds: float | None = None
    """How long the answer took, where it was measured."""


@dataclass(frozen=True)
class Gpu:
    """One GPU, as far as a source could tell."""

    name: str
    compute_capability: ComputeCapability | None = None
    memory_mib: int | None = None
    mig: bool = False
    """Whether Multi-Instance GPU mode is on."""


@dataclass(frozen=True)
class Host:
    """One machine, real or declared. There is always one: a machine without a driver is a host too."""

    platform: str
    """conda's name of the platform: ``linux-64``, ``osx-arm64``."""
    verdict: Verdict
    driver_cuda: CudaVersion | None = None
    """The highest CUDA version that the driver can run: conda's ``__cuda``. Not an installed toolkit."""
    driver_release: DriverRelease | None = None
    gpus: tuple[Gpu, ...] = ()
    at_least: bool = False
    """The driver is newer than every row of the tables: it runs at least ``driver_cuda``."""
    kinds: frozenset[str] = frozenset()
    """Kinds of environment, any of: wsl, container, tegra, vm, vgpu, login-node, cuda-compat,
    cuda-image (made from an image with a CUDA toolkit)."""
    evidence: tuple[Evidence, ...] = ()

    @property
    def capabilities(self) -> tuple[ComputeCapability, ...]:
        """The known compute capabilities, lowest first, each once."""
        return tuple(sorted({gpu.compute_capability for gpu in self.gpus if gpu.compute_capability}))

    @property
    def has_no_nvidia(self) -> bool:
        """Whether it is certain that nothing here runs CUDA; False when detection failed."""
        return self.driver_cuda is None and self.verdict.state in (State.NONE, State.DECLARED)

    @property
    def source(self) -> str:
        """The source that gave the CUDA version, for messages."""
        found = (piece.source for piece in self.evidence if piece.outcome is Outcome.FOUND)
        return next(found, "no source")
