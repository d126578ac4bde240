"""What an answer depends on, as one text: where any of it changes, the driver is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .facts import Facts
    from .machine import Machine

_VARIABLES = ("LD_LIBRARY_PATH", "LD_PRELOAD", "NVIDIA_VISIBLE_DEVICES")
"""Not CUDA_VISIBLE_DEVICES: the probe removes it."""


def make_key(machine: Machine, facts: Facts) -> str:
    """Return all that an answer depends on.

    Not in it: the clock, and the identity of the mount name space, which every start of a container changes.
    """
    loader = machine.describe_file("/etc/ld.so.cache")
    parts = (
        machine.platform,
        machine.read_boot_id(),
        facts.kernel_release,
        [library.identity for library in (*facts.cuda_libraries, *facts.nvml_libraries)],
        [library.path for library in (*facts.cuda_libraries, *facts.nvml_libraries)],
        loader[1] if loader else (),
        [machine.environ.get(variable, "") for variable in _VARIABLES],
        facts.device_nodes,
        facts.usable_nodes,
        facts.proc_gpus,
        facts.smi,
        [(gpu.address, gpu.driver) for gpu in facts.pci],
        _list_capabilities(machine),
    )
    return repr(parts)


def name_key(key: str) -> str:
    """Return a file name for a key."""
    from hashlib import sha256

    return sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _list_capabilities(machine: Machine) -> list[tuple[str, ...]]:
    """Return the files by which the driver shares GPUs out: switching MIG changes them."""
    root = "/proc/driver/nvidia/capabilities"
    gpus = machine.list_names(root)
    return [
        machine.list_names("/dev/nvidia-caps"),
        gpus,
        *(machine.list_names(f"{root}/{gpu}/mig") for gpu in gpus if gpu.startswith("gpu")),
    ]
