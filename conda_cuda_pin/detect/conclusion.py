"""What follows from the replies: the CUDA version, the release and the GPUs, each from the best source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import VersionError
from ..host import Evidence, Gpu, Outcome
from ..versions import ComputeCapability, CudaVersion, DriverRelease

if TYPE_CHECKING:
    from .answer import Answer, Reply
    from .facts import Facts
    from .libraries import Library

NOT_SUPPORTED = 804
"""CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE."""
_VGPU_GUEST = 2
_PLAUSIBLE = range(1000, 99_910)


@dataclass(frozen=True)
class CudaFinding:
    """A CUDA version and who said it."""

    version: CudaVersion
    evidence: Evidence
    at_least: bool = False


def find_release(facts: Facts, answer: Answer) -> DriverRelease | None:
    """Return the release of the driver: of the kernel module, else as NVML or nvidia-smi or the library's name say."""
    named = [reply.release for reply in answer.replies if reply.release]
    libraries = [library.release for library in (*facts.genuine_cuda, *facts.nvml_libraries)]
    text = next((text for text in (facts.kernel_release, *named, *libraries) if text), "")
    try:
        return DriverRelease.parse(text)
    except VersionError:
        return None


def find_cuda(facts: Facts, answer: Answer) -> CudaFinding | None:
    """Return the CUDA version: from libcuda, else from NVML, nvidia-smi, or the table by the release."""
    refused = any(reply.code == NOT_SUPPORTED for reply in answer.pick("cuInit"))
    for source in () if refused else ("libcuda", "NVML", "nvidia-smi"):
        for reply in answer.pick(source):
            if reply.cuda is not None and not reply.code and reply.cuda in _PLAUSIBLE:
                version = CudaVersion.from_api(reply.cuda)
                words = f"driver CUDA {version}"
                return CudaFinding(version, Evidence(source, Outcome.FOUND, words, reply.ms))
    return _look_up(facts, answer)


def _look_up(facts: Facts, answer: Answer) -> CudaFinding | None:
    """Use the table by the release.

    Not for Tegra, where the release does not give the CUDA version, nor where another driver holds every GPU.
    """
    release = find_release(facts, answer)
    if release is None or facts.tegra or facts.is_held_by_others:
        return None
    from ..knowledge.drivers import cuda_of_release

    found = cuda_of_release(release, facts.has_windows_driver)
    if found is None:
        return None
    version, at_least = found
    words = f"driver {release} offers CUDA {version}{' at least' if at_least else ''}"
    return CudaFinding(version, Evidence("table of driver releases", Outcome.FOUND, words), at_least)


def list_gpus(answer: Answer) -> tuple[Gpu, ...]:
    """Return the GPUs: NVML's list where it is complete, else CUDA's, else nvidia-smi's, else what there is."""
    lists = [_list_gpus_of(answer, source) for source in ("NVML", "cuInit", "nvidia-smi")]
    complete = [gpus for gpus in lists if gpus and all(gpu.compute_capability for gpu in gpus)]
    return next(iter(complete or [gpus for gpus in lists if gpus]), ())


def is_vgpu(answer: Answer) -> bool:
    """Whether a hypervisor shares the GPU out, by NVML's virtualisation mode or the name of the GPU."""
    gpus = [reply for reply in answer.replies if reply.gpu is not None]
    return any(reply.virtual == _VGPU_GUEST or reply.name.startswith("GRID ") for reply in gpus)


def find_loaded(facts: Facts, answer: Answer) -> Library | None:
    """Return the libcuda that answered, where it is one whose file was found."""
    answered = [reply.path for reply in answer.pick("libcuda") if reply.code == 0]
    return next((library for library in facts.genuine_cuda if library.path in answered), None)


def _list_gpus_of(answer: Answer, source: str) -> tuple[Gpu, ...]:
    replies = [reply for reply in answer.pick(source) if reply.gpu is not None and not reply.code]
    return tuple(_make_gpu(reply) for reply in replies)


def _make_gpu(reply: Reply) -> Gpu:
    try:
        capability: ComputeCapability | None = ComputeCapability.parse(reply.capability)
    except VersionError:
        capability = None
    return Gpu(reply.name, capability, reply.memory_mib, reply.mig)
