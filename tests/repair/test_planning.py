"""Which commands mend what: each rule's steps, and what is left to be done by hand."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conda_cuda_pin.repair import Place, Repair, plan_repair
from conda_cuda_pin.request import Request
from conda_cuda_pin.settings import Settings
from tests.floors.fakes import make_host, make_package, make_wheel
from tests.rules.cases import CUPY_12, FORGE_12, TOOLKIT_118, TORCH_126, TORCH_130, TORCH_CPU, VISION_CPU
from tests.rules.wheels import (
    CUDNN_13,
    CUPY_12X,
    CUPY_13X,
    NCCL_12_NEW,
    NCCL_12_OLD,
    NCCL_13,
    ORT,
    ORT_GPU,
    TORCH_13,
    TORCH_NONE,
    XGBOOST,
)

if TYPE_CHECKING:
    from conda_cuda_pin.package import Package

OLD, NEW, NONE = make_host("12.4", "8.9"), make_host("13.0", "8.9"), make_host(None)
PLACE = Place(("--python", "env"), ("-n", "work"))
CHECK = Request("check", where="-n work")


def seen(wheel: Package, actual: str) -> Package:
    """Return a wheel whose libraries were looked at."""
    return replace(wheel, files=tuple(replace(file, actual=actual) for file in wheel.files))


def plan(*packages: Package, host: object = OLD, settings: Settings | None = None) -> Repair:
    return plan_repair(host, settings or Settings(), CHECK, packages)  # type: ignore[arg-type]


def commands(repair: Repair) -> list[str]:
    return [shlex.join(step.command(PLACE)) for step in repair.steps]


def left(repair: Repair) -> list[str]:
    return [f"{one.finding.code} {one.finding.severity.value}" for one in repair.left]


PIP, CONDA = "pip-cuda --python env", "conda install -n work"
VISION_13 = make_wheel("torchvision 0.29.1", "torch==2.14.1")
SCATTER = make_wheel("torch-scatter 2.1.2+pt213cu126")
TORCH_CU126 = make_wheel("torch 2.14.1+cu126")
CUDART_118, CUDART_117 = (make_package(f"cuda-cudart {v} 0", channel="nvidia") for v in ("11.8.89", "11.7.99"))
CUBLAS_121 = make_package("libcublas 12.1.0.26 0", channel="nvidia")
OWN_TORCH = make_package("pytorch 2.4.0 py3.12_cuda12.1_cudnn9_0", channel="pytorch")
PLUGIN_13 = make_wheel("jax-cuda13-plugin 0.10.2")

CASES = {
    "torch with its family": (
        OLD,
        (TORCH_13, VISION_13),
        [f"{PIP} install --upgrade torch==2.14.1+cu126 torchvision==0.29.1+cu126"],
    ),
    "what stands on torch without a build of that name": (
        OLD,
        (TORCH_13, make_wheel("flash-attn 2.8.3+cu13torch2.14cxx11abitrue")),
        [f"{PIP} install --upgrade torch==2.14.1+cu126 flash-attn"],
    ),
    "an older release": (OLD, (ORT_GPU,), [f"{PIP} install --upgrade 'onnxruntime-gpu<1.27'"]),
    "another name": (OLD, (CUPY_13X,), [f"{PIP} uninstall cupy-cuda13x", f"{PIP} install --upgrade cupy-cuda12x"]),
    "a clobbered library": (
        NEW,
        (TORCH_13, CUDNN_13, seen(NCCL_13, "12"), seen(NCCL_12_OLD, "12"), XGBOOST),
        [f"{PIP} install --force-reinstall --no-deps nvidia-nccl-cu13==2.30.7"],
    ),
    "a library that is gone": (
        NEW,
        (TORCH_13, CUDNN_13, seen(NCCL_13, "")),
        [f"{PIP} install --force-reinstall --no-deps nvidia-nccl-cu13==2.30.7"],
    ),
    "two owners, of which the driver runs one": (
        OLD,
        (CUPY_12X, CUPY_13X),
        [f"{PIP} uninstall cupy-cuda12x cupy-cuda13x", f"{PIP} install --upgrade cupy-cuda12x==14.2.0"],
    ),
    "two owners, of which one has CUDA": (
        NEW,
        (ORT, ORT_GPU),
        [
            f"{PIP} uninstall onnxruntime-gpu onnxruntime",
            f"{PIP} install --upgrade onnxruntime-gpu==1.27.0",
            f"{PIP} install --upgrade 'onnxruntime-gpu[cuda,cudnn]'",
        ],
    ),
    "an extension of another torch": (
        OLD,
        (TORCH_CU126, SCATTER),
        [f"{PIP} install --force-reinstall --no-deps torch-scatter"],
    ),
    "an extension whose requirement is broken": (
        OLD,
        (TORCH_CU126, make_wheel("torchvision 0.29.0+cu126", "torch==2.13.0")),
        [f"{PIP} install --force-reinstall --no-deps torchvision"],
    ),
    "a library that torch pins": (
        NEW,
        (TORCH_13, make_wheel("nvidia-cudnn-cu13 9.20.0.1")),
        [f"{PIP} install --upgrade nvidia-cudnn-cu13==9.24.0.43"],
    ),
    "a plugin of another release": (
        NEW,
        (make_wheel("jaxlib 0.10.2"), make_wheel("jax-cuda13-plugin 0.9.0")),
        [f"{PIP} install --upgrade jax-cuda13-plugin==0.10.2"],
    ),
    "plugins that are too new": (
        OLD,
        (make_wheel("jaxlib 0.10.2"), PLUGIN_13, make_wheel("jax-cuda13-pjrt 0.10.2")),
        [f"{PIP} uninstall jax-cuda13-plugin jax-cuda13-pjrt", f"{PIP} install --upgrade 'jax[cuda12]'"],
    ),
    "two plugins": (
        NEW,
        (make_wheel("jaxlib 0.10.2"), make_wheel("jax-cuda12-plugin 0.10.2"), PLUGIN_13),
        [f"{PIP} uninstall jax-cuda12-plugin"],
    ),
    "a CPU wheel": (OLD, (TORCH_NONE,), [f"{PIP} install --upgrade torch==2.8.0+cu126"]),
    "a CPU build of conda's": (OLD, (TORCH_CPU,), [f"{CONDA} 'pytorch=*=*cu*'"]),
    "a CPU build and its library": (
        OLD,
        (TORCH_CPU, make_package("libtorch 2.7.0 cpu_mkl_h0_100")),
        [f"{CONDA} 'pytorch=*=*cu*'"],
    ),
    "a build of conda's that is too new": (OLD, (TORCH_130,), [f"{CONDA} 'cuda-version<13'"]),
    "two toolkits": (NEW, (CUDART_118, CUBLAS_121, TORCH_126), [f"{CONDA} cuda-version=12"]),
    "two toolkits, of which the driver runs one": (
        make_host("11.8"),
        (CUDART_118, CUBLAS_121),
        [f"{CONDA} 'cuda-version<12'", f"{CONDA} cuda-version=11"],
    ),
    "a whole toolkit and a part": (NEW, (TOOLKIT_118, CUDART_117), [f"{CONDA} cuda-version=11.8"]),
    "an extension of conda-forge's torch": (
        OLD,
        (OWN_TORCH, make_package("pytorch_scatter 2.1.2 py311_cuda126_0", FORGE_12, "pytorch")),
        [f"{CONDA} conda-forge::pytorch"],
    ),
    "a CPU extension": (OLD, (TORCH_126, VISION_CPU), [f"{CONDA} 'torchvision=*=*cu*'"]),
    "a wheel over conda's package": (
        NEW,
        (TORCH_126, TORCH_13, CUDNN_13, NCCL_13),
        [f"{PIP} uninstall torch", f"{CONDA} --force-reinstall pytorch=2.7.0=cuda126_mkl_py312_300"],
    ),
}


@pytest.mark.parametrize(("host", "packages", "expected"), CASES.values(), ids=CASES)
def test_what_mends(host: object, packages: tuple[Package, ...], expected: list[str]) -> None:
    repair = plan(*packages, host=host)
    assert commands(repair) == expected
    assert repair.left == ()


FINE: list[tuple[object, tuple[Package, ...]]] = [
    (NEW, (TORCH_13, VISION_13)),
    (OLD, (CUPY_12X,)),
    (OLD, (CUPY_12,)),
    (NEW, (TORCH_13, CUDNN_13, seen(NCCL_13, "13"), seen(NCCL_12_OLD, "13"))),
    (NEW, (TORCH_13, CUDNN_13, NCCL_13, NCCL_12_NEW)),
    (OLD, (TORCH_CU126, make_wheel("torch-scatter 2.1.2+pt214cu126"))),
    (NONE, (TORCH_CPU,)),
    (NONE, (TORCH_NONE,)),
    (OLD, (TORCH_126,)),
    (OLD, ()),
]


@pytest.mark.parametrize(("host", "packages"), FINE)
def test_nothing_is_mended_where_nothing_is_wrong(host: object, packages: tuple[Package, ...]) -> None:
    assert plan(*packages, host=host) == Repair()


def test_what_no_command_mends_is_left_with_advice() -> None:
    unheard = (make_wheel("own-cu12 1.0", files=["own/k.so=12"]), make_wheel("own 1.0", files=["own/k.so=cpu"]))
    repair = plan(*unheard)
    assert (commands(repair), left(repair)) == ([], ["CUP202 block"])
    assert repair.left[0].advice == "uninstall one of the wheels, and reinstall the other"


def test_what_is_ignored_is_not_mended() -> None:
    assert plan(TORCH_13, settings=Settings(ignore=frozenset({"CUP101"}))).steps == ()


def test_a_step_that_would_break_something_else_is_not_proposed() -> None:
    """Without pip's torch, its extension would stand on conda's, which has another ABI."""
    repair = plan(TORCH_126, TORCH_CU126, make_wheel("torch-scatter 2.1.2+pt214cu126"))
    assert "CUP502 block" in left(repair)
