"""What kind of environment this is: WSL, a container, a virtual machine, a Jetson, a login node."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .machine import Machine

_CONTAINER_FILES = ("/.dockerenv", "/run/.containerenv", "/run/systemd/container")
_CONTAINER_VARIABLES = ("container", "APPTAINER_NAME", "SINGULARITY_NAME", "KUBERNETES_SERVICE_HOST")
_SCHEDULER_FILES = ("/etc/slurm/slurm.conf", "/etc/slurm-llnl/slurm.conf", "/etc/pbs.conf", "/etc/lsf.conf")
_SCHEDULER_VARIABLES = ("SLURM_CONF", "LSF_ENVDIR", "PBS_SERVER")
_JOB_VARIABLES = ("SLURM_JOB_ID", "LSB_JOBID", "PBS_JOBID", "JOB_ID", "FLUX_JOB_ID")
_IMAGE_VARIABLE = "NVIDIA_REQUIRE_CUDA"
"""Set in every image made from one of nvidia/cuda, driver or not.

https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html
"""
_VM_WORDS = ("qemu", "kvm", "vmware", "virtualbox", "xen", "virtual machine", "google compute engine", "openstack")


def is_wsl(machine: Machine) -> bool:
    """Whether this is Linux under Windows: the graphics device of WSL, or Microsoft's kernel."""
    release = machine.read_text("/proc/sys/kernel/osrelease") or ""
    return machine.exists("/dev/dxg") or "microsoft" in release.lower()


def is_tegra(machine: Machine) -> bool:
    """Whether this is a Jetson or another board with a Tegra processor."""
    if machine.exists("/etc/nv_tegra_release") or machine.exists("/dev/nvmap"):  # the latter in containers too
        return True
    return "nvidia,tegra" in (machine.read_text("/proc/device-tree/compatible") or "")


def list_kinds(machine: Machine, *, wsl: bool, tegra: bool, gpu: bool) -> frozenset[str]:
    """Return the kinds that hold, of those that files and variables tell."""
    kinds = {
        "wsl": wsl,
        "tegra": tegra,
        "container": _is_container(machine),
        "cuda-image": bool(machine.environ.get(_IMAGE_VARIABLE)),
        "vm": not wsl and _is_vm(machine),
        "login-node": not gpu and _is_login_node(machine),
    }
    return frozenset(kind for kind, holds in kinds.items() if holds)


def _is_container(machine: Machine) -> bool:
    inside = any(machine.environ.get(variable) for variable in _CONTAINER_VARIABLES)
    return inside or any(machine.exists(path) for path in _CONTAINER_FILES)


def _is_vm(machine: Machine) -> bool:
    """By the names in the firmware; /proc/cpuinfo would take milliseconds on a machine with many cores."""
    vendor = (machine.read_text("/sys/class/dmi/id/sys_vendor") or "").lower()
    product = (machine.read_text("/sys/class/dmi/id/product_name") or "").lower()
    if vendor == "amazon ec2":
        return ".metal" not in product
    return any(word in f"{vendor} {product}" for word in _VM_WORDS)


def _is_login_node(machine: Machine) -> bool:
    """A batch system is set up here, and this is no job of it."""
    if any(machine.environ.get(variable) for variable in _JOB_VARIABLES):
        return False
    named = any(machine.environ.get(variable) for variable in _SCHEDULER_VARIABLES)
    return named or any(machine.exists(path) for path in _SCHEDULER_FILES)
