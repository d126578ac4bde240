"""Kinds of environment, by files and variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conda_cuda_pin.detect import Machine, detect_host

from .stub_machine import write

if TYPE_CHECKING:
    from pathlib import Path

SLURM = {"/etc/slurm/slurm.conf": ""}
GPU = {"/sys/bus/pci/devices/a/vendor": "0x10de", "/sys/bus/pci/devices/a/class": "0x030200"}


def dmi(vendor: str, product: str) -> dict[str, str]:
    return {"/sys/class/dmi/id/sys_vendor": vendor, "/sys/class/dmi/id/product_name": product}


@pytest.mark.parametrize(
    ("files", "environ", "kinds"),
    [
        ({}, {}, set()),
        (dmi("Dell Inc.", "PowerEdge XE9680"), {}, set()),
        (dmi("Amazon EC2", "p5.48xlarge"), {}, {"vm"}),
        (dmi("Amazon EC2", "g4dn.metal"), {}, set()),
        (dmi("QEMU", "Standard PC (Q35 + ICH9, 2009)"), {}, {"vm"}),
        (dmi("Microsoft Corporation", "Virtual Machine"), {}, {"vm"}),
        (dmi("Microsoft Corporation", "Surface Book 3"), {}, set()),
        ({"/run/.containerenv": ""}, {}, {"container"}),
        ({}, {"NVIDIA_REQUIRE_CUDA": "cuda>=10.2 brand=tesla,driver>=418,driver<419"}, {"cuda-image"}),
        ({}, {"APPTAINER_NAME": "x.sif"}, {"container"}),
        ({}, {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, {"container"}),
        ({"/proc/sys/kernel/osrelease": "5.15.153.1-microsoft-standard-WSL2"}, {}, {"wsl"}),
        (SLURM, {}, {"login-node"}),
        (SLURM, {"SLURM_JOB_ID": "7"}, set()),
        ({}, {"SLURM_CONF": "/opt/slurm.conf"}, {"login-node"}),
        ({**SLURM, **GPU}, {}, set()),
        ({"/etc/nv_tegra_release": "# R36"}, {}, {"tegra"}),
        ({"/proc/device-tree/compatible": "nvidia,p3737\0nvidia,tegra234"}, {}, {"tegra"}),
    ],
)
def test_kinds(tmp_path: Path, files: dict[str, str], environ: dict[str, str], kinds: set[str]) -> None:
    for path, text in files.items():
        write(tmp_path, path, text)
    host = detect_host(machine=Machine(root=str(tmp_path), environ=environ, library_directories=()))
    assert host.kinds == kinds


@pytest.mark.parametrize("system", ["darwin", "freebsd14", "aix"])
def test_systems_without_an_nvidia_driver_are_not_looked_at(tmp_path: Path, system: str) -> None:
    for path, text in GPU.items():
        write(tmp_path, path, text)
    host = detect_host(machine=Machine(root=str(tmp_path), system=system))
    assert (str(host.verdict), host.has_no_nvidia) == ("none", True)
