"""CUP301 for wheels: extensions of torch, and the plugins of jax."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.floors.fakes import L4, make_host, make_package, make_pip_request, make_wheel

from .cases import find, severities
from .wheels import (
    HOST,
    JAX_PJRT,
    JAX_PLUGIN,
    JAXLIB,
    TORCH_12,
    TORCH_13,
    TORCH_26_NEW,
    TORCH_26_OLD,
    TORCH_ROCM,
)

if TYPE_CHECKING:
    from conda_cuda_pin.package import Package

OFFICIAL = make_package("pytorch 2.3.1 py3.11_cuda12.1_cudnn8.9.2_0", "pytorch-cuda >=12.1,<12.2", channel="pytorch")
FORGE = make_package("pytorch 2.4.1 cuda120_py311h_301", "cuda-version >=12.0,<13")
FLASH = "flash-attn 2.7.4.post1+cu12torch2.6cxx11abi"
TORCH_25 = make_wheel("torch 2.5.1+cu121")
TORCH_117 = make_wheel("torch 1.7.1+cu110", index="download.pytorch.org/whl/torch_stable.html")

FIRES = [
    (TORCH_26_NEW, f"{FLASH}FALSE", (), "C++ ABI", "flash-attn==2.7.4.post1+cu12torch2.6cxx11abiTRUE"),
    (TORCH_26_OLD, f"{FLASH}TRUE", (), "C++ ABI", "flash-attn==2.7.4.post1+cu12torch2.6cxx11abiFALSE"),
    (TORCH_26_OLD, "torchvision 0.21.0+cu126", ("torch==2.6.0",), "C++ ABI", "torchvision==0.21.0+cu124"),
    (TORCH_26_NEW, "torch-scatter 2.1.2+pt26cu124", (), "C++ ABI", "torch-scatter==2.1.2+pt26cu126"),
    (TORCH_12, f"{FLASH}TRUE", (), "torch 2.6", "flash-attn==2.7.4.post1+cu12torch2.8cxx11abiTRUE"),
    (TORCH_12, "torch-scatter 2.1.2+pt27cu128", (), "torch 2.7", "torch-scatter==2.1.2+pt28cu128"),
    (TORCH_13, "torch-scatter 2.1.2+pt214cu126", (), "CUDA 13.0", "torch-scatter==2.1.2+pt214cu130"),
    (TORCH_13, "torch-tensorrt 2.14.0+cu126", (), "CUDA 13.0", "torch-tensorrt==2.14.0+cu130"),
    (TORCH_117, "torch-sparse 0.6.9+cu101", (), "CUDA 11.0", "torch-sparse==0.6.9+cu110"),
    (make_wheel("torch 1.7.1+cu101"), "torch-sparse 0.6.9+cu102", (), "CUDA 10.1", "torch-sparse==0.6.9+cu101"),
    (make_wheel("torch 2.7.1+cu118"), "torchvision 0.22.1", ("torch==2.7.1",), "CUDA 11.8", None),
    (
        make_wheel("torch 2.5.1+cu121"),
        "torchaudio 2.5.1+cu124",
        ("torch==2.5.1",),
        "CUDA 12.1",
        "torchaudio==2.5.1+cu121",
    ),
    (TORCH_12, "vllm 0.10.0", ("torch==2.7.1",), "torch 2.7", None),
    (TORCH_12, "own-ops 1.0+cu118", ("torch",), "CUDA 12.8", "own-ops==1.0+cu128"),
    (TORCH_ROCM, "torch-scatter 2.1.2+pt28cu126", (), "ROCM", None),
    (FORGE, "torch-scatter 2.1.2+pt24cu121", (), "conda-forge", None),
    (FORGE, "torchvision 0.19.1", ("torch==2.4.1",), "conda-forge", None),
    (OFFICIAL, "torch-scatter 2.1.2+pt24cu121", (), "torch 2.4", None),
]


def test_beside_a_torch_that_was_built_here_nothing_is_known_to_fit() -> None:
    built = make_wheel("torch 2.8.0a0+git0123abc")
    (finding,) = find("abi-mismatch", HOST, built, make_wheel("torch-scatter 2.1.2+pt28cu126"))
    assert finding.severity == "warn"
    assert "torch 2.8.0a0+git0123abc was built here" in finding.message
    (other,) = find("abi-mismatch", HOST, built, make_wheel("torch-scatter 2.1.2+pt27cu126"))
    assert other.severity == "block"


@pytest.mark.parametrize(("torch", "text", "depends", "says", "remedy"), FIRES, ids=[f"{r[0]} {r[1]}" for r in FIRES])
def test_what_does_not_fit_its_torch_is_refused(
    torch: Package, text: str, depends: tuple[str, ...], says: str, remedy: str | None
) -> None:
    (finding,) = find("abi-mismatch", HOST, torch, make_wheel(text, *depends))
    assert finding.severity == "block"
    assert says in finding.message
    assert text in finding.message
    assert finding.remedy == ((remedy,) if remedy else ())


SILENT = [
    (TORCH_26_OLD, f"{FLASH}FALSE", ()),
    (TORCH_26_NEW, f"{FLASH}TRUE", ()),
    (TORCH_26_NEW, "torchvision 0.21.0+cu126", ("torch==2.6.0",)),
    (TORCH_12, "torch-scatter 2.1.2+pt28cu126", ()),
    (TORCH_13, "torch-scatter 2.1.2+pt214cu130", ()),
    (TORCH_13, "torch-scatter 2.1.2", ()),
    (TORCH_13, "torchvision 0.29.2", ("torch>=2.14.0",)),
    (TORCH_117, "torch-scatter 2.0.5+cu112", ()),
    (TORCH_12, "torchao 0.13.0+cu126", ()),
    (TORCH_12, "cupy-cuda11x 13.6.0", ()),
    (make_wheel("torch 2.8.0+cu126"), "torchaudio 2.8.0+cu128", ("torch==2.8.0",)),
    (OFFICIAL, "torch-scatter 2.1.2+pt23cu121", ()),
    (OFFICIAL, "torch-sparse 0.6.18+pt23cu121", ()),
    (FORGE, "flash-attn 2.8.3", ("torch",)),
    (FORGE, "lightning 2.5.0", ("torch>=2.1",)),
    (make_package("numpy 2.1 0"), "torch-scatter 2.1.2+pt28cu126", ()),
]


@pytest.mark.parametrize(("torch", "text", "depends"), SILENT, ids=[f"{row[0]} {row[1]}" for row in SILENT])
def test_what_fits_its_torch_passes(torch: Package, text: str, depends: tuple[str, ...]) -> None:
    assert find("abi-mismatch", HOST, torch, make_wheel(text, *depends)) == []


def test_the_new_abi_is_a_matter_of_linux_alone() -> None:
    host = make_host("12.6", "8.9")
    windows = type(host)("win-64", host.verdict, host.driver_cuda, None, host.gpus)
    assert find("abi-mismatch", windows, TORCH_26_OLD, make_wheel("torchvision 0.21.0+cu126", "torch==2.6.0")) == []


def test_a_torch_of_nvidias_containers_is_another_providers() -> None:
    torch = make_wheel("torch 2.7.0a0+ecf3bae40a.nv25.03")
    (finding,) = find("abi-mismatch", HOST, torch, make_wheel(f"{FLASH.replace('2.6', '2.7')}TRUE"))
    assert finding.severity == "block"
    assert "NVIDIA's" in finding.message
    assert find("abi-mismatch", HOST, torch, make_wheel("flash-attn 2.7.3", "torch")) == []


def test_a_change_of_torch_is_mended_by_the_torch_that_was_there() -> None:
    before = make_wheel("torch 2.7.1+cu128")
    vision = make_wheel("torchvision 0.22.1+cu128", "torch==2.7.1")
    (finding,) = find("abi-mismatch", HOST, TORCH_12, vision, before=[before, vision])
    assert finding.remedy == ("torch==2.7.1+cu128",)


def test_plugins_of_another_release_than_jaxlib_are_refused() -> None:
    jaxlib = make_wheel("jaxlib 0.10.1")
    (finding,) = find("abi-mismatch", HOST, jaxlib, JAX_PLUGIN, JAX_PJRT, request=make_pip_request("jaxlib"))
    assert finding.severity == "block"
    assert finding.remedy == ("jax-cuda12-plugin==0.10.1", "jax-cuda12-pjrt==0.10.1")


def test_plugins_of_the_release_of_jaxlib_pass() -> None:
    local = make_wheel("jaxlib 0.10.2.post1+cuda12")
    assert find("abi-mismatch", HOST, JAXLIB, JAX_PLUGIN, JAX_PJRT) == []
    assert find("abi-mismatch", HOST, local, JAX_PLUGIN, JAX_PJRT) == []
    assert find("abi-mismatch", HOST, JAX_PLUGIN, JAX_PJRT) == []


def test_plugins_for_two_majors_are_refused() -> None:
    other = make_wheel("jax-cuda13-plugin 0.10.2")
    (finding,) = find("abi-mismatch", HOST, JAXLIB, JAX_PLUGIN, other)
    assert "12 and 13" in finding.message


CONDA_FIRES = [
    (OFFICIAL, make_package("pytorch3d 0.7.2 py39_cu116_pyt1121", "pytorch", channel="pytorch3d")),
    (OFFICIAL, make_package("pytorch-cluster 1.6.3 py311_torch_2.2.0_cu121", "pytorch", channel="pyg")),
    (OFFICIAL, make_package("pytorch-cluster 1.6.3 py311_torch_2.3.0_cu118", "pytorch", channel="pyg")),
    (FORGE, make_package("torchvision 0.19.0 py311_cu121", "pytorch 2.4.1", channel="pytorch")),
    (FORGE, make_package("torchvision 0.19.0 py311_cpu", "pytorch 2.4.1", channel="pytorch")),
]
CONDA_SILENT = [
    (OFFICIAL, make_package("pytorch3d 0.7.7 py39_cu121_pyt231", "pytorch", channel="pytorch3d")),
    (OFFICIAL, make_package("pytorch-cluster 1.6.3 py311_torch_2.3.0_cu124", "pytorch", channel="pyg")),
    (OFFICIAL, make_package("torchvision 0.18.1 py311_cu121", "pytorch 2.3.1", channel="pytorch")),
    (FORGE, make_package("torchvision 0.19.1 cuda120_py311_0", "pytorch * cuda*")),
    (FORGE, make_package("pytorch-lightning 2.4.0 pyhd8ed1ab_0", "pytorch")),
]


@pytest.mark.parametrize(("torch", "extension"), CONDA_FIRES, ids=[e.build for _, e in CONDA_FIRES])
def test_an_extension_of_conda_for_another_torch_is_refused(torch: Package, extension: Package) -> None:
    found = find("abi-mismatch", make_host("12.4", L4), torch, extension)
    assert severities(found) == ["block"]
    assert str(extension) in found[0].packages


@pytest.mark.parametrize(("torch", "extension"), CONDA_SILENT, ids=[e.build for _, e in CONDA_SILENT])
def test_an_extension_of_conda_for_this_torch_passes(torch: Package, extension: Package) -> None:
    assert find("abi-mismatch", make_host("12.4", L4), torch, extension) == []
