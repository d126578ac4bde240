"""CUP401 to CUP403 for wheels: CPU where CUDA was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.floors.fakes import make_host, make_package, make_pip_request, make_wheel

from .cases import find, severities
from .wheels import (
    HOST,
    JAX_PJRT,
    JAX_PLUGIN,
    JAXLIB,
    ORT,
    ORT_GPU,
    PYTORCH,
    TENSORFLOW,
    TORCH_12,
    TORCH_13,
    TORCH_NONE,
    TORCH_ROCM,
)

if TYPE_CHECKING:
    from conda_cuda_pin.package import Package
    from conda_cuda_pin.request import Request

CPU_PAGE = f"{PYTORCH}/cpu"
CUDA_PAGE = f"{PYTORCH}/cu130"
DGL = make_wheel("dgl 2.1.0", "numpy")
DGL_PAGE = "https://data.dgl.ai/wheels-test/cu121/repo.html"

DEMANDS = [
    (TORCH_NONE, make_pip_request("torch", indexes=[CUDA_PAGE, CPU_PAGE])),
    (TORCH_NONE, make_pip_request("lightning", indexes=[CUDA_PAGE])),
    (TORCH_NONE, make_pip_request("torch==2.8.0+cu126")),
    (DGL, make_pip_request("dgl", indexes=[DGL_PAGE])),
]


@pytest.mark.parametrize(("wheel", "request_"), DEMANDS, ids=[request.typed for _, request in DEMANDS])
def test_a_cpu_wheel_where_cuda_was_named_is_refused(wheel: Package, request_: Request) -> None:
    assert severities(find("cpu-on-gpu", HOST, wheel, request=request_)) == ["block"]


CHOSEN = [
    make_pip_request("torch", indexes=[CPU_PAGE]),
    make_pip_request("sentence-transformers", indexes=[CPU_PAGE]),
    make_pip_request("torch==2.8.0+cpu"),
    make_pip_request("torch==2.8.0+cpu", indexes=[CUDA_PAGE]),
]


@pytest.mark.parametrize("request_", CHOSEN, ids=[request.typed for request in CHOSEN])
def test_a_cpu_wheel_that_was_chosen_passes(request_: Request) -> None:
    assert find("cpu-on-gpu", HOST, TORCH_NONE, request=request_) == []
    assert find("gpu-lost", HOST, TORCH_NONE, before=[TORCH_12], request=request_) == []


def test_a_cpu_wheel_that_nobody_asked_for_is_a_warning_where_cuda_runs() -> None:
    host = make_host("12.9", "7.5")
    windows = type(host)("win-64", host.verdict, host.driver_cuda, None, host.gpus)
    (finding,) = find("cpu-on-gpu", windows, make_wheel("torch 2.9.1"), request=make_pip_request("torch"))
    assert finding.severity == "warn"
    assert finding.remedy[0].startswith("torch==2.9.1+cu12")
    assert find("cpu-on-gpu", make_host(None), TORCH_NONE) == []
    assert severities(find("cpu-on-gpu", HOST, ORT)) == ["info"]
    assert severities(find("cpu-on-gpu", HOST, DGL, request=make_pip_request("dgl", "torch", indexes=[CUDA_PAGE]))) == [
        "info"
    ]


def test_jax_runs_cuda_through_its_plugin() -> None:
    (finding,) = find("cpu-on-gpu", HOST, JAXLIB)
    assert (finding.severity, finding.remedy) == ("warn", ("jax[cuda13]",))
    assert find("cpu-on-gpu", HOST, JAXLIB, JAX_PLUGIN, JAX_PJRT) == []
    assert find("mixed-variants", HOST, JAXLIB, JAX_PLUGIN, JAX_PJRT) == []


def test_a_gpu_wheel_without_libraries_of_its_major_is_a_warning() -> None:
    (finding,) = find("cpu-on-gpu", HOST, ORT_GPU)
    assert finding.severity == "warn"
    assert severities(find("cpu-on-gpu", HOST, ORT_GPU, TORCH_12)) == ["warn"]
    assert severities(find("cpu-on-gpu", HOST, TENSORFLOW)) == ["info"]


LIBRARIES = [
    make_wheel("nvidia-cuda-runtime 13.0.96"),
    TORCH_13,
    make_package("cuda-cudart 13.0.96 h0", "cuda-version >=13.0,<13.1.0a0"),
]


@pytest.mark.parametrize("library", LIBRARIES, ids=str)
def test_a_gpu_wheel_with_libraries_of_its_major_passes(library: Package) -> None:
    assert find("cpu-on-gpu", HOST, ORT_GPU, library) == []
    assert find("cpu-on-gpu", make_host(None), ORT_GPU) == []


def test_a_cuda_wheel_that_becomes_a_cpu_wheel_is_refused() -> None:
    (finding,) = find("gpu-lost", HOST, TORCH_NONE, before=[TORCH_12], request=make_pip_request("lightning"))
    assert (finding.severity, finding.remedy) == ("block", ("torch==2.8.0",))
    old = make_wheel("jaxlib 0.4.20+cuda12.cudnn89")
    assert severities(find("gpu-lost", HOST, JAXLIB, before=[old])) == ["block"]
    conda = make_package("pytorch 2.7.0 cuda126_0", "cuda-version >=12.6,<13")
    assert severities(find("gpu-lost", HOST, conda, TORCH_NONE, before=[conda])) == ["block"]


def test_a_cuda_wheel_that_stays_one_or_is_left_out_passes() -> None:
    old = make_wheel("jaxlib 0.4.20+cuda12.cudnn89")
    assert find("gpu-lost", HOST, JAXLIB, JAX_PLUGIN, before=[old]) == []
    assert find("gpu-lost", HOST, TORCH_13, before=[TORCH_12]) == []
    assert find("gpu-lost", HOST, before=[TORCH_12]) == []
    assert (
        find("gpu-lost", HOST, make_wheel("torchvision 0.29.2"), before=[make_wheel("torchvision 0.28.0+cu130")]) == []
    )
    rocm = make_pip_request("torch", indexes=[f"{PYTORCH}/rocm6.4"])
    assert find("gpu-lost", HOST, TORCH_ROCM, before=[TORCH_12], request=rocm) == []


def test_an_extension_of_the_other_variant_is_found() -> None:
    (finding,) = find("mixed-variants", HOST, TORCH_NONE, make_wheel("torchvision 0.23.0+cu126", "torch==2.8.0"))
    assert (finding.severity, finding.remedy) == ("block", ("torchvision==0.23.0+cpu",))
    assert severities(find("mixed-variants", HOST, TORCH_NONE, make_wheel("torchvision 0.23.0", "torch==2.8.0"))) == [
        "block"
    ]
    (finding,) = find("mixed-variants", HOST, TORCH_12, make_wheel("torchvision 0.23.0+cpu", "torch==2.8.0"))
    assert (finding.severity, finding.remedy) == ("warn", ("torchvision==0.23.0+cu128",))


def test_extensions_of_one_variant_and_frameworks_apart_pass() -> None:
    assert find("mixed-variants", HOST, TORCH_12, make_wheel("torchvision 0.23.0", "torch==2.8.0"), ORT, DGL) == []
    assert find("mixed-variants", HOST, TORCH_NONE, TENSORFLOW, ORT_GPU, make_wheel("cupy-cuda12x 14.2.0")) == []
