"""CUP302: requirements of CUDA wheels that a change would break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conda_cuda_pin.component import read_components
from conda_cuda_pin.judge import judge_change, judge_state
from conda_cuda_pin.request import Request
from conda_cuda_pin.rules import State, apply, find_rules
from conda_cuda_pin.settings import Settings
from tests.floors.fakes import make_package, make_wheel

from .wheels import CUDNN_13, HOST, NCCL_13, TORCH_12, TORCH_13, XGBOOST, linux

if TYPE_CHECKING:
    from conda_cuda_pin.package import Package
    from conda_cuda_pin.rules import Finding

JAX = make_wheel("jax 0.10.2", "jaxlib<=0.10.2,>=0.10.2")
VISION = make_wheel("torchvision 0.29.1", "torch==2.14.1")
NUMBA = make_wheel("numba-cuda 0.30.4", "cuda-bindings<13")
TORCH_BINDINGS = make_wheel("torch 2.15.0", *linux("cuda-toolkit==13.2.2", "cuda-bindings<14,>=13.0.3"))


def find(*packages: Package) -> list[Finding]:
    (rule,) = find_rules("CUP302")
    return list(apply(rule, State(HOST, Request(), read_components(packages))))


BROKEN = [
    (make_wheel("torchvision 0.29.1+cu130", "torch>=2.14.0"), make_wheel("torch 2.13.0+cu130"), "block"),
    (make_wheel("torchvision 0.23.0+cu128", "torch==2.8.0"), make_wheel("torch 2.8.1+cu128"), "warn"),
    (make_wheel("lightning 2.5.0", "torch>=2.1"), make_wheel("torch 2.0.1+cu118"), "warn"),
    (TORCH_13, make_wheel("nvidia-cudnn-cu13 9.10.2.21"), "block"),
    (TORCH_13, make_wheel("nvidia-cudnn-cu13 9.26.0.51"), "warn"),
    (TORCH_13, make_wheel("nvidia-cudnn-cu13 10.0.0.1"), "block"),
    (TORCH_12, make_wheel("nvidia-cuda-runtime-cu12 12.6.77"), "block"),
    (TORCH_13, make_wheel("triton 3.9.0"), "warn"),
    (TORCH_BINDINGS, make_wheel("cuda-bindings 12.9.4"), "block"),
    (NUMBA, make_wheel("cuda-bindings 13.1.0"), "block"),
    (JAX, make_wheel("jaxlib 0.10.1"), "block"),
    (
        make_wheel("torchmetrics 1.8", "torch>=2.5"),
        make_package("pytorch 2.4.1 cuda126_0", "cuda-version >=12.6"),
        "warn",
    ),
]


@pytest.mark.parametrize(("owner", "target", "severity"), BROKEN, ids=[f"{o} {t}" for o, t, _ in BROKEN])
def test_a_requirement_that_is_not_met_is_named(owner: Package, target: Package, severity: str) -> None:
    (finding,) = find(owner, target)
    assert finding.severity == severity
    assert target.version in finding.message
    (remedy,) = finding.remedy
    assert remedy.startswith(target.name.replace("pytorch", "torch"))
    assert remedy in finding.message


MET = [
    (TORCH_13, CUDNN_13, NCCL_13),
    (VISION, TORCH_13),
    (make_wheel("torchvision 0.23.0+cu128", "torch==2.8.0"), make_wheel("torch 2.8.0+cu126")),
    (make_wheel("torchvision 0.23.0+cu128", "torch==2.8.0"), make_wheel("torch 2.9.0+cu128")),
    (XGBOOST, make_wheel("nvidia-nccl-cu12 2.20.5")),
    (make_wheel("cupy-cuda12x 12.1.0", "numpy<1.27"), make_wheel("numpy 2.4.0")),
    (TORCH_13,),
    (
        make_wheel("onnxruntime-gpu 1.31", 'nvidia-cuda-runtime~=13.0; extra == "cuda"'),
        make_wheel("nvidia-cuda-runtime 14.0.1"),
    ),
]


@pytest.mark.parametrize("packages", MET, ids=[" ".join(map(str, packages)) for packages in MET])
def test_what_is_met_or_not_of_cuda_or_another_rules_matter_passes(packages: tuple[Package, ...]) -> None:
    assert find(*packages) == []


SYMPY_USER = make_wheel("torch 2.14.1+cu126", *linux("sympy>=1.13.3", "nvidia-cuda-runtime-cu12==12.6.77"))


def judge(before: tuple[Package, ...], after: tuple[Package, ...]) -> list[str]:
    return [f"{f.code} {f.severity.value}" for f in judge_change(HOST, Settings(), Request(), before, after).new]


def test_a_helper_that_a_framework_does_not_accept_stops_the_change() -> None:
    old, new = make_wheel("sympy 1.10"), make_wheel("sympy 1.14.0")
    assert judge((SYMPY_USER, new), (SYMPY_USER, old)) == ["CUP302 block"]
    assert judge((SYMPY_USER, old), (SYMPY_USER, new)) == []
    assert judge((SYMPY_USER, old), (SYMPY_USER, old, make_wheel("requests 2.0"))) == []


def test_a_helper_is_no_matter_of_a_check() -> None:
    judged = judge_state(HOST, Settings(), Request("check"), (SYMPY_USER, make_wheel("sympy 1.10")))
    assert judged.new == ()


def test_a_helper_of_what_is_no_framework_is_pips_matter() -> None:
    user = make_wheel("flash-attn 2.7.4+cu12torch2.6cxx11abiFALSE", "einops>=0.8")
    assert judge((user, make_wheel("einops 0.8.0")), (user, make_wheel("einops 0.1"))) == []
