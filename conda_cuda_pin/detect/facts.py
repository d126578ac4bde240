"""What can be read from files alone, in a fraction of a millisecond, without loading or starting anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .libraries import LIBCUDA, NVML, Library, find_libraries
from .programs import find_smi
from .surroundings import is_tegra, is_wsl, list_kinds

if TYPE_CHECKING:
    from .machine import Machine

FOREIGN_DRIVERS = frozenset({"nouveau", "nova_core", "vfio-pci", "pci-stub"})
"""Kernel drivers that hold an NVIDIA GPU and let no CUDA program use it."""

_NVIDIA = "0x10de"
_DISPLAY_CLASS = "0x03"
_NUMBERED_NODE = re.compile(r"nvidia[0-9]+")
# "Kernel Module  550.54.14" and, of the open modules, "Kernel Module for x86_64  570.153.02".
_MODULE = re.compile(r"Module(?: for \S+)?\s+([0-9]+\.[0-9]+(?:\.[0-9]+)*)")


@dataclass(frozen=True)
class PciGpu:
    """A display controller of NVIDIA on the PCI bus."""

    address: str
    driver: str
    """The kernel driver that holds it; "" for none."""


@dataclass(frozen=True)
class Facts:
    """What files say about the driver and the GPUs."""

    system: str = "linux"
    kernel_release: str = ""
    """The release of the NVIDIA kernel module that is loaded; "" where none is."""
    kernel_source: str = ""
    device_nodes: tuple[str, ...] = ()
    """``nvidia0``, ``nvidia1``... in /dev."""
    usable_nodes: bool = True
    """Whether this user may open all of them."""
    proc_gpus: tuple[str, ...] = ()
    pci: tuple[PciGpu, ...] = ()
    tegra: bool = False
    wsl: bool = False
    cuda_libraries: tuple[Library, ...] = ()
    nvml_libraries: tuple[Library, ...] = ()
    smi: bool = False
    """Whether nvidia-smi is in one of its places."""
    kinds: frozenset[str] = frozenset()

    @property
    def has_hardware(self) -> bool:
        """Whether any file says that an NVIDIA GPU is here. Windows says nothing in files."""
        return bool(self.pci or self.proc_gpus or self.device_nodes or self.tegra)

    @property
    def has_driver(self) -> bool:
        """Whether any file of the driver is here, loaded or not."""
        return bool(self.kernel_release or self.genuine_cuda or self.nvml_libraries or self.smi)

    @property
    def genuine_cuda(self) -> tuple[Library, ...]:
        """The libcuda files that are no stubs."""
        return tuple(library for library in self.cuda_libraries if not library.is_stub)

    @property
    def is_held_by_others(self) -> bool:
        """Whether every GPU is held by a driver under which CUDA cannot run."""
        foreign = all(gpu.driver in FOREIGN_DRIVERS for gpu in self.pci)
        return bool(self.pci) and foreign and not self.kernel_release

    @property
    def gpu_estimate(self) -> int:
        """How many GPUs there seem to be, for the deadline."""
        return max(len(self.proc_gpus), len(self.device_nodes), len(self.pci), 1)

    @property
    def has_windows_driver(self) -> bool:
        """Whether driver releases are those of Windows, as they are in WSL too."""
        return self.wsl or self.system == "win32"


def read_facts(machine: Machine) -> Facts:
    """Read what files say; unreadable files count as absent."""
    if machine.system not in ("linux", "win32"):
        return Facts(system=machine.system)
    wsl = machine.system == "linux" and is_wsl(machine)
    cuda = find_libraries(machine, LIBCUDA, wsl=wsl)
    nvml = find_libraries(machine, NVML, wsl=wsl)
    if machine.system == "win32":
        smi = find_smi(machine) is not None
        return Facts(system="win32", cuda_libraries=cuda, nvml_libraries=nvml, smi=smi)
    release, source = read_kernel_release(machine)
    nodes = tuple(name for name in machine.list_names("/dev") if _NUMBERED_NODE.fullmatch(name))
    facts = Facts(
        kernel_release=release,
        kernel_source=source,
        device_nodes=nodes,
        usable_nodes=all(machine.is_usable(f"/dev/{node}") for node in nodes),
        proc_gpus=machine.list_names("/proc/driver/nvidia/gpus"),
        pci=scan_pci(machine),
        tegra=is_tegra(machine),
        wsl=wsl,
        cuda_libraries=cuda,
        nvml_libraries=nvml,
        smi=find_smi(machine) is not None,
    )
    return _replace_kinds(facts, list_kinds(machine, wsl=wsl, tegra=facts.tegra, gpu=facts.has_hardware))


def read_kernel_release(machine: Machine) -> tuple[str, str]:
    """Return the release of the loaded kernel module and the file that says so; ("", "") where none is loaded."""
    path = "/sys/module/nvidia/version"
    text = machine.read_text(path) or ""
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)+", text):
        return text, path
    path = "/proc/driver/nvidia/version"
    match = _MODULE.search(machine.read_text(path) or "")
    return (match[1], path) if match else ("", "")


def scan_pci(machine: Machine) -> tuple[PciGpu, ...]:
    """Return NVIDIA's display controllers. ``vendor`` and ``class`` alone are read: they wake no sleeping GPU."""
    found = []
    for address in machine.list_names("/sys/bus/pci/devices"):
        directory = f"/sys/bus/pci/devices/{address}"
        if machine.read_text(f"{directory}/vendor") != _NVIDIA:
            continue
        if (machine.read_text(f"{directory}/class") or "").startswith(_DISPLAY_CLASS):
            driver = machine.read_link(f"{directory}/driver") or ""
            found.append(PciGpu(address, driver.rpartition("/")[2]))
    return tuple(found)


def _replace_kinds(facts: Facts, kinds: frozenset[str]) -> Facts:
    from dataclasses import replace

    return replace(facts, kinds=kinds)
