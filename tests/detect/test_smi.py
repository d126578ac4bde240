"""nvidia-smi, the last source: asked by the names of its fields, and never waited for longer than its deadline."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conda_cuda_pin.detect import Machine, detect_host
from conda_cuda_pin.detect.smi import parse_banner
from conda_cuda_pin.host import Outcome
from conda_cuda_pin.versions import ComputeCapability, CudaVersion

from .stub_machine import HASTE, PATIENCE, write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for nvidia-smi is a shell script")

KNOWS_ALL = """\
case "$1" in
  --query-gpu=name,driver_version,memory.total,mig.mode.current,compute_cap)
    printf 'NVIDIA L40S, 610.57.04, 46068, [N/A], 8.9\\nNVIDIA L40S, 610.57.04, 46068, [N/A], 8.9\\n' ;;
  *) printf '| NVIDIA-SMI 610.57.04   KMD Version: 610.57.04   CUDA UMD Version: 99.9 |\\n' ;;
esac
"""
KNOWS_LESS = """\
case "$1" in
  *compute_cap*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2 ;;
  *) echo 'Tesla K80, 470.82.01, 11441' ;;
esac
"""
FAILS = "echo 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.'; exit 9"
HANGS = "exec sleep 600"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with a kernel driver, on which no Python can be started."""
    write(tmp_path, "/sys/module/nvidia/version", "470.82.01")
    return Machine(root=str(tmp_path), python=None, environ={"PATH": "/usr/bin:/bin"}, deadlines=PATIENCE)


def install(machine: Machine, code: str) -> None:
    write(Path(machine.root), "/usr/bin/nvidia-smi", f"#!/bin/sh\n{code}\n")
    Path(machine.root, "usr/bin/nvidia-smi").chmod(0o755)


def smi_outcomes(machine: Machine) -> list[Outcome]:
    return [piece.outcome for piece in detect_host(machine=machine).evidence if piece.source == "nvidia-smi"]


def test_release_610_by_its_fields(machine: Machine) -> None:
    install(machine, KNOWS_ALL)
    (Path(machine.root) / "sys/module/nvidia/version").unlink()
    write(Path(machine.root), "/usr/lib64/libnvidia-ml.so.1", "")
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == ("degraded:spawn-failed", CudaVersion(13, 3))
    assert [(gpu.name, gpu.compute_capability) for gpu in host.gpus] == [("NVIDIA L40S", ComputeCapability(8, 9))] * 2


def test_an_old_release_is_asked_again_for_less(machine: Machine) -> None:
    install(machine, KNOWS_LESS)
    host = detect_host(machine=machine)
    assert [(gpu.name, gpu.memory_mib, gpu.compute_capability) for gpu in host.gpus] == [("Tesla K80", 11441, None)]
    assert host.driver_cuda == CudaVersion(11, 4)


def test_one_that_fails(machine: Machine) -> None:
    install(machine, FAILS)
    assert smi_outcomes(machine) == [Outcome.FAILED]


def test_one_that_hangs(machine: Machine) -> None:
    install(machine, HANGS)
    assert smi_outcomes(replace(machine, deadlines=HASTE)) == [Outcome.FAILED]


def test_one_that_is_not_installed(machine: Machine) -> None:
    assert smi_outcomes(machine) == [Outcome.ABSENT]


def test_one_in_the_path_of_the_user_is_not_run(machine: Machine, tmp_path: Path) -> None:
    install(replace(machine, root=str(tmp_path / "other")), KNOWS_ALL)
    path = str(tmp_path / "other/usr/bin")
    assert smi_outcomes(replace(machine, environ={"PATH": path})) == [Outcome.ABSENT]


BANNER = """\
+-----------------------------------------------------------------------------+
| NVIDIA-SMI 550.54.15    Driver Version: 537.58       CUDA Version: 12.2     |
|-------------------------------+----------------------+----------------------+
|   0  NVIDIA GeForce RTX 3090  |
|   1  NVIDIA GeForce RTX 208...  Off  | 00000000:02:00.0 Off |                  N/A |
+-----------------------------------------------------------------------------+
"""
NEWER = "| NVIDIA-SMI 610.57.04   KMD Version: 610.57.04   CUDA UMD Version: 13.3 |\n"


@pytest.mark.parametrize(
    ("text", "release", "cuda", "names"),
    [
        (BANNER, "537.58", 12020, ["NVIDIA GeForce RTX 3090", "NVIDIA GeForce RTX 208..."]),
        (NEWER, "610.57.04", 13030, []),
        ("572.60\n572.60\n", "572.60", None, []),
        ("Driver Version         : 550.54.14\nCUDA Version           : 12.4\n", "550.54.14", 12040, []),
        ("<driver_version>535.129.03</driver_version>\n<cuda_version>12.2</cuda_version>", "535.129.03", 12020, []),
        ("| Driver Version: 535.86.05    CUDA Version: N/A |", "535.86.05", None, []),
    ],
)
def test_a_banner(text: str, release: str, cuda: int | None, names: list[str]) -> None:
    told, *gpus = parse_banner(text.encode())
    assert (told.release, told.cuda, [gpu.name for gpu in gpus]) == (release, cuda, names)


@pytest.mark.parametrize(
    "text", ["", "No devices were found", "NVIDIA-SMI has failed because it could not communicate", "v1.2.3", "12.4"]
)
def test_what_is_no_banner(text: str) -> None:
    assert parse_banner(text.encode()) == ()


def test_one_that_prints_its_banner_whatever_is_asked(machine: Machine) -> None:
    (Path(machine.root) / "sys/module/nvidia/version").unlink()
    write(Path(machine.root), "/dev/dxg", "")
    install(machine, f"cat <<'END'\n{BANNER}END")
    host = detect_host(machine=replace(machine, python=sys.executable))
    assert (str(host.driver_cuda), str(host.driver_release), host.source) == ("12.2", "537.58", "nvidia-smi")
    assert str(host.verdict) == "degraded:no-libcuda"
