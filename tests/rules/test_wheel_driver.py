"""CUP101 to CUP103 for wheels: the driver, the GPU, and what compiles on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.floors.fakes import RTX5090, V100, make_host, make_package, make_pip_request, make_wheel

from .cases import find, severities
from .wheels import CUPY_13X, JAX_PLUGIN, TENSORFLOW, TORCH_12, TORCH_13, XGBOOST, linux

if TYPE_CHECKING:
    from conda_cuda_pin.package import Package

TORCH_211 = make_wheel("torch 2.11.0", *linux("cuda-toolkit[cudart]==13.0.2"))
TOO_NEW = [
    (TORCH_211, "12.2", "torch==2.11.0+cu126"),
    (TORCH_211, "12.8", "torch==2.11.0+cu128"),
    (make_wheel("torch 2.15.0", *linux("cuda-toolkit==13.2.2")), "12.8", "torch==2.14.1+cu126"),
    (CUPY_13X, "12.4", "cupy-cuda12x"),
    (make_wheel("jax-cuda13-plugin 0.10.2"), "12.4", "jax[cuda12]"),
    (make_wheel("torch-tensorrt 2.9.0+cu130"), "12.8", None),
    (make_wheel("unheard-of-cu14 1.0"), "13.2", "unheard-of-cu13"),
]


@pytest.mark.parametrize(("wheel", "driver", "remedy"), TOO_NEW, ids=[str(wheel) for wheel, *_ in TOO_NEW])
def test_a_wheel_of_a_newer_major_than_the_driver_is_refused(wheel: Package, driver: str, remedy: str | None) -> None:
    (finding,) = find("driver-too-old", make_host(driver, "8.0"), wheel)
    assert finding.severity == "block"
    assert f"the driver runs CUDA {driver}" in finding.message
    assert finding.remedy == ((remedy,) if remedy else ())


def test_what_falls_back_to_the_cpu_is_no_more_than_a_warning() -> None:
    host = make_host("11.4", "8.0")
    assert severities(find("driver-too-old", host, TENSORFLOW)) == ["warn"]
    assert severities(find("driver-too-old", host, XGBOOST)) == ["info"]


def test_wheels_that_the_driver_runs_pass() -> None:
    assert find("driver-too-old", make_host("12.2", "8.0"), TORCH_12, JAX_PLUGIN, XGBOOST) == []
    assert find("driver-too-old", make_host("15.0", "8.9"), TORCH_13, CUPY_13X) == []
    assert find("driver-too-old", make_host(None), TORCH_13) == []


def test_a_library_too_new_for_the_driver_counts_when_it_is_asked_for_or_compiled_with() -> None:
    host = make_host("12.4", "8.0")
    nvcc = make_wheel("nvidia-cuda-nvcc 13.0.88")
    asked = make_pip_request("nvidia-cuda-nvcc")
    assert find("driver-too-old", host, nvcc) == []
    assert severities(find("driver-too-old", host, nvcc, request=asked)) == ["warn"]
    assert severities(find("driver-too-old", host, nvcc, make_wheel("numba-cuda 0.30.4"))) == ["block"]


NO_KERNELS = [
    (make_wheel("torch 2.0.1+cu118"), RTX5090, "12.8", "torch>=2.7.0"),
    (make_wheel("torch 2.8.0+cu128"), "6.1", "12.8", "torch==2.8.0+cu126"),
    (make_wheel("torch 2.15.0", *linux("cuda-toolkit==13.2.2")), V100, "13.0", "torch==2.14.1+cu126"),
    (make_wheel("torch 2.14.1", *linux("cuda-toolkit==13.0.3")), "6.1", "13.0", "torch==2.14.1+cu126"),
    (CUPY_13X, V100, "13.0", None),
]


@pytest.mark.parametrize(("wheel", "gpu", "driver", "remedy"), NO_KERNELS, ids=[str(row[0]) for row in NO_KERNELS])
def test_a_wheel_without_kernels_for_the_gpu_is_refused(
    wheel: Package, gpu: str, driver: str, remedy: str | None
) -> None:
    (finding,) = find("arch-unsupported", make_host(driver, gpu), wheel)
    assert finding.severity == "block"
    assert finding.remedy == ((remedy,) if remedy else ())


def test_wheels_with_kernels_and_wheels_that_do_not_say_pass() -> None:
    assert find("arch-unsupported", make_host("12.8", RTX5090), make_wheel("torch 2.7.1+cu128")) == []
    assert find("arch-unsupported", make_host("12.8", "6.1"), make_wheel("torch 2.8.0+cu126")) == []
    assert find("arch-unsupported", make_host("13.0", "10.0"), CUPY_13X, JAX_PLUGIN) == []
    assert find("arch-unsupported", make_host("12.8", RTX5090), JAX_PLUGIN, TENSORFLOW, XGBOOST) == []


def test_the_kernels_of_x86_say_nothing_about_arm() -> None:
    host = make_host("13.0", "11.0")
    arm = type(host)("linux-aarch64", host.verdict, host.driver_cuda, None, host.gpus)
    torch = make_wheel("torch 2.14.1+cu130")
    assert find("arch-unsupported", arm, torch) == []


def test_a_torch_that_no_table_knows_is_a_warning() -> None:
    host = make_host("12.8", RTX5090)
    assert severities(find("arch-unsupported", host, make_wheel("torch 2.99.0+cu126"))) == ["warn"]


def test_what_compiles_with_a_newer_minor_is_a_warning_and_names_the_wheel() -> None:
    numba, nvrtc = make_wheel("numba-cuda 0.30.4"), make_wheel("nvidia-cuda-nvrtc-cu12 12.9.86")
    (finding,) = find("ptx-too-new", make_host("12.4", "8.0"), numba, nvrtc)
    assert finding.severity == "warn"
    assert finding.remedy == ("nvidia-cuda-nvrtc-cu12<12.5",)


def test_compilers_that_the_driver_reads_or_nobody_uses_pass() -> None:
    numba, nvrtc = make_wheel("numba-cuda 0.30.4"), make_wheel("nvidia-cuda-nvrtc-cu12 12.9.86")
    assert find("ptx-too-new", make_host("12.9", "8.0"), numba, nvrtc) == []
    assert find("ptx-too-new", make_host("12.4", "8.0"), TORCH_12, nvrtc) == []
    assert find("ptx-too-new", make_host("12.4", "8.0"), numba, make_wheel("nvidia-cublas-cu12 12.9.1.4")) == []
    assert find("ptx-too-new", make_host("12.4", "8.0"), make_package("numba 0.60 py312_0", "numpy"), nvrtc) == []
