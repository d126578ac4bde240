"""Turns what was read and what was answered into evidence that a user can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..host import Evidence, Outcome
from .answer import Answer, End, Reply

if TYPE_CHECKING:
    from .facts import Facts
    from .machine import Machine

_DRIVER_ERRORS = {
    34: "it is a toolkit's stand-in for linking, not a driver",
    100: "no GPU is visible to CUDA",
    101: "an invalid device",
    304: "an error of the operating system",
    802: "the system is not ready (on NVSwitch machines: the fabric manager does not run)",
    803: "library and kernel driver do not belong together: a reboot is due",
    804: "forward compatibility is not supported on this GPU",
    999: "an unknown error",
}
"""https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html (CUresult)"""


def describe_facts(facts: Facts) -> tuple[Evidence, ...]:
    """Return what the files said, present or absent."""
    if facts.system not in ("linux", "win32"):
        return (Evidence("platform", Outcome.ABSENT, f"no driver for CUDA exists for {facts.system}"),)
    pieces = [_describe_libraries(facts)]
    if facts.system == "linux":
        pieces = [_describe_kernel(facts), *pieces, _describe_hardware(facts)]
    return tuple(pieces)


def describe_environ(machine: Machine) -> tuple[Evidence, ...]:
    """Return that GPUs are hidden from programs, where they are: the look at the machine takes no notice of it."""
    name = "CUDA_VISIBLE_DEVICES"
    if name not in machine.environ:
        return ()
    words = f"it is {machine.environ[name]!r}; programs see these GPUs alone, here all are asked"
    return (Evidence(name, Outcome.SKIPPED, words),)


def describe_answer(answer: Answer) -> tuple[Evidence, ...]:
    """Return what the libraries said, one piece a reply, and how the asking ended."""
    pieces = [piece for reply in answer.replies if (piece := _describe_reply(reply)) is not None]
    if answer.end in (End.FINISHED, End.NOT_ASKED):
        return tuple(pieces)
    during = f" in {answer.interrupted_call}" if answer.interrupted_call else ""
    words = f"{answer.end.value}{during}: {answer.detail}"
    return (*pieces, Evidence("probe", Outcome.FAILED, words, answer.milliseconds))


def _describe_kernel(facts: Facts) -> Evidence:
    if facts.kernel_release:
        return Evidence(facts.kernel_source, Outcome.FOUND, f"kernel driver {facts.kernel_release}")
    return Evidence("/proc/driver/nvidia/version", Outcome.ABSENT, "no NVIDIA kernel driver is loaded")


def _describe_libraries(facts: Facts) -> Evidence:
    genuine = facts.genuine_cuda
    if genuine:
        release = f", release {genuine[0].release}" if genuine[0].release else ""
        return Evidence("libcuda file", Outcome.FOUND, f"{genuine[0].path}{release}")
    if facts.cuda_libraries:
        return Evidence("libcuda file", Outcome.ABSENT, f"only a stub for linking: {facts.cuda_libraries[0].path}")
    return Evidence("libcuda file", Outcome.ABSENT, "the driver's library is not in any of its places")


def _describe_hardware(facts: Facts) -> Evidence:
    held = [f"{gpu.address} ({gpu.driver or 'no driver'})" for gpu in facts.pci]
    found = [
        f"PCI {', '.join(held)}" if held else "",
        f"/dev: {', '.join(facts.device_nodes)}" if facts.device_nodes else "",
        "/dev/dxg or Microsoft's kernel" if facts.wsl else "",
        "a Tegra processor" if facts.tegra else "",
        "this user may not open the device nodes" if not facts.usable_nodes else "",
    ]
    if not any(found):
        return Evidence("sysfs and /dev", Outcome.ABSENT, "no GPU of NVIDIA")
    return Evidence("sysfs and /dev", Outcome.FOUND, "; ".join(part for part in found if part))


def _describe_reply(reply: Reply) -> Evidence | None:
    """Return the evidence of one reply; None for those that only mark a stage."""
    if reply.source in ("asking", "devices", "end"):
        return None
    if reply.source == "noise":
        return Evidence("probe", Outcome.FAILED, f"a damaged reply: {reply.text}")
    where = f" ({reply.path})" if reply.path else ""
    if reply.code:
        words = reply.text or _DRIVER_ERRORS.get(reply.code, "see NVIDIA's list of errors")
        return Evidence(reply.source, Outcome.FAILED, f"error {reply.code}: {words}{where}", reply.ms)
    if reply.text:
        outcome = Outcome.SKIPPED if "not installed" in reply.text else Outcome.FAILED
        return Evidence(reply.source, outcome, f"{reply.text}{where}", reply.ms)
    return Evidence(reply.source, Outcome.FOUND, f"{_list_values(reply)}{where}", reply.ms)


def _list_values(reply: Reply) -> str:
    values = [
        f"GPU {reply.gpu}: {reply.name or 'unnamed'}" if reply.gpu is not None else "",
        f"compute capability {reply.capability}" if reply.capability else "",
        f"{reply.memory_mib} MiB" if reply.memory_mib is not None else "",
        "MIG" if reply.mig else "",
        f"driver {reply.release}" if reply.release else "",
        f"driver CUDA {reply.cuda // 1000}.{reply.cuda % 1000 // 10}" if reply.cuda is not None else "",
        f"{reply.count} GPUs" if reply.count is not None else "",
    ]
    return ", ".join(value for value in values if value) or "it answers"
