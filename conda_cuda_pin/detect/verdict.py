"""The verdict: what the look at the machine came to, as a state and, where something is wrong, why.

``degraded`` means that the CUDA version is known and something is wrong; ``unknown`` that it could not be found out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..host import State, Verdict
from .answer import End
from .conclusion import NOT_SUPPORTED, find_loaded

if TYPE_CHECKING:
    from ..host import Gpu
    from .answer import Answer
    from .conclusion import CudaFinding
    from .facts import Facts

_NVML_NO_PERMISSION, _NVML_MISMATCH = 4, 18
"""NVML_ERROR_NO_PERMISSION and NVML_ERROR_LIB_RM_VERSION_MISMATCH.

https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html
"""
_NO_DEVICE, _MISMATCH, _STUB = 100, 803, 34
_BROKEN = {End.TIMEOUT: "timeout", End.CRASH: "crash", End.SPAWN_FAILED: "spawn-failed"}


def reach_verdict(facts: Facts, answer: Answer, cuda: CudaFinding | None, gpus: tuple[Gpu, ...]) -> Verdict:
    """Judge what was found."""
    if cuda is None:
        return _judge_without_cuda(facts, answer)
    why = find_fault(facts, answer, gpus)
    if why:
        return Verdict(State.DEGRADED, why)
    if gpus or (not answer.asked_gpus and (facts.has_hardware or facts.has_windows_driver)):
        return Verdict(State.OK)
    return Verdict(State.DRIVER_NO_GPU)


def find_fault(facts: Facts, answer: Answer, gpus: tuple[Gpu, ...]) -> str:
    """Return why a machine with a CUDA version is degraded, the gravest reason first; "" where nothing is wrong."""
    return (
        _find_mismatch(facts, answer, gpus)
        or _find_interruption(answer)
        or _find_missing_library(facts, answer)
        or _find_device_fault(facts, answer, gpus)
    )


def _judge_without_cuda(facts: Facts, answer: Answer) -> Verdict:
    if answer.end in _BROKEN:
        return Verdict(State.UNKNOWN, _BROKEN[answer.end])
    if facts.is_held_by_others:
        return Verdict(State.GPU_NO_DRIVER)
    if _lacks_permission(facts, answer):
        return Verdict(State.UNKNOWN, "permission")
    if facts.genuine_cuda and any(reply.code != _STUB for reply in answer.pick("libcuda")):
        return Verdict(State.UNKNOWN, "libcuda-failed")
    if facts.kernel_release or facts.tegra or facts.device_nodes:  # NVIDIA's module alone makes the nodes
        return Verdict(State.UNKNOWN, "no-libcuda")
    return Verdict(State.GPU_NO_DRIVER if facts.has_hardware else State.NONE)


def _find_mismatch(facts: Facts, answer: Answer, gpus: tuple[Gpu, ...]) -> str:
    """Library and kernel driver do not belong together."""
    codes = {reply.code for reply in answer.pick("cuInit")}
    loaded = find_loaded(facts, answer)
    compat = loaded is not None and loaded.is_compat
    if NOT_SUPPORTED in codes or (compat and any("GeForce" in gpu.name for gpu in gpus)):
        return "forward-compat"
    if _MISMATCH in codes or any(reply.code == _NVML_MISMATCH for reply in answer.pick("NVML")):
        return "reboot-pending"
    differs = loaded is not None and facts.kernel_release and loaded.release not in ("", facts.kernel_release)
    works = any(reply.count for reply in answer.pick("cuInit"))
    return "reboot-pending" if differs and not compat and not works else ""


def _find_interruption(answer: Answer) -> str:
    if answer.end not in _BROKEN:
        return ""
    late = bool(answer.pick("devices")) and any(reply.code == 0 for reply in answer.pick("libcuda"))
    return ("device-" if late else "") + _BROKEN[answer.end]


def _find_missing_library(facts: Facts, answer: Answer) -> str:
    replies = answer.pick("libcuda")
    if any(reply.code == 0 for reply in replies):
        return ""
    if any(reply.code == _STUB for reply in replies) or (facts.cuda_libraries and not facts.genuine_cuda):
        return "stub"
    return "libcuda-failed" if facts.genuine_cuda else "no-libcuda"


def _find_device_fault(facts: Facts, answer: Answer, gpus: tuple[Gpu, ...]) -> str:
    if not gpus and _lacks_permission(facts, answer):
        return "permission"
    unbound = bool(facts.pci) and not facts.kernel_release and not facts.device_nodes
    if unbound and not gpus:
        return "no-kernel-module"
    evident = facts.has_hardware or facts.has_windows_driver or facts.kernel_release
    if gpus and not evident:
        return "suspicious-libcuda"
    failed = [reply.code for reply in answer.pick("cuInit") if reply.code not in (None, 0, _NO_DEVICE)]
    return "device-error" if failed and not gpus else ""


def _lacks_permission(facts: Facts, answer: Answer) -> bool:
    refused = any(reply.code == _NVML_NO_PERMISSION for reply in answer.pick("NVML"))
    return refused or not facts.usable_nodes
