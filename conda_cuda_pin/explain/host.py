"""A host in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..host import State
from ..knowledge.architectures import family

if TYPE_CHECKING:
    from ..host import Evidence, Gpu, Host
    from ..versions import ComputeCapability

_WITHOUT_CUDA = {
    State.NONE: "no NVIDIA driver and no NVIDIA GPU",
    State.DECLARED: "no NVIDIA driver, by declaration",
    State.GPU_NO_DRIVER: "an NVIDIA GPU, but no NVIDIA driver",
    State.DRIVER_NO_GPU: "an NVIDIA driver that names no CUDA version",
    State.UNKNOWN: "unknown: the NVIDIA driver could not be asked",
}


def describe_host(host: Host) -> str:
    """Say in one line what a host can run and how that is known."""
    if host.driver_cuda is None:
        words = _WITHOUT_CUDA.get(host.verdict.state)
        if words is None:
            return str(host.verdict)
        return f"{words} ({host.verdict.why})" if host.verdict.why else words
    least = "at least " if host.at_least else ""
    release = f", release {host.driver_release}" if host.driver_release else ""
    gpus = "; " + describe_gpus(host.gpus) if host.gpus else ""
    return f"the driver runs CUDA {least}{host.driver_cuda}{release} (says {host.source}){gpus}"


def describe_status(host: Host) -> list[str]:
    """Say line by line what a host can run, the verdict, and what every source said."""
    return [
        f"host:     {describe_host(host)}",
        f"verdict:  {host.verdict}",
        *(f"  asked:  {describe_evidence(piece)}" for piece in host.evidence),
        "The CUDA version is what the driver can run; no system-wide CUDA toolkit is needed.",
    ]


def describe_gpus(gpus: tuple[Gpu, ...]) -> str:
    """Name GPUs, equal ones once with their number."""
    counts: dict[str, int] = {}
    for gpu in gpus:
        capability = f" ({_describe_capability(gpu.compute_capability)})" if gpu.compute_capability else ""
        counts[gpu.name + capability] = counts.get(gpu.name + capability, 0) + 1
    return ", ".join(f"{number} x {name}" if number > 1 else name for name, number in counts.items())


def _describe_capability(capability: ComputeCapability) -> str:
    generation = family(capability)
    return f"compute capability {capability}" + (f", {generation}" if generation else "")


def describe_evidence(evidence: Evidence) -> str:
    """Say in one line what one source said and how long that took."""
    took = f"  [{evidence.milliseconds:.1f} ms]" if evidence.milliseconds is not None else ""
    return f"{evidence.source}: {evidence.outcome.value}: {evidence.detail}{took}"
