"""What must pass without a warning: mixes of wheels that look wrong and work. A false alarm costs a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conda_cuda_pin.judge import judge_change, judge_state
from conda_cuda_pin.settings import Settings
from tests.floors.fakes import make_host, make_package, make_pip_request, make_wheel

from .wheels import (
    CUDNN_13,
    CUPY_12X,
    CUPY_13X,
    HOST,
    JAX_PJRT,
    JAX_PLUGIN,
    JAXLIB,
    NCCL_12_NEW,
    NCCL_13,
    RUNTIME_12,
    SCATTER,
    TENSORFLOW,
    TOOLKIT_13,
    TORCH_12,
    TORCH_13,
    TORCH_ROCM,
    XGBOOST,
    linux,
)

if TYPE_CHECKING:
    from conda_cuda_pin.package import Package

ENV_13 = (TORCH_13, TOOLKIT_13, CUDNN_13, NCCL_13)
TENSORFLOW_LIBRARIES = (
    make_wheel("nvidia-cuda-runtime-cu12 12.8.90"),
    make_wheel("nvidia-cudnn-cu12 9.10.2.21"),
    make_wheel("nvidia-nccl-cu12 2.27.7"),
)
TORCH_12_ENV = (TORCH_12, *TENSORFLOW_LIBRARIES[:2], make_wheel("nvidia-nccl-cu12 2.27.3"))
SINGLE = ("warp-lang 1.9.1", "open3d 0.19.0", "catboost 1.2.8", "lightgbm 4.6.0", "bitsandbytes 0.50.2")

BENIGN = {
    "torch for 13 and xgboost with a newer NCCL": (ENV_13, (XGBOOST, NCCL_12_NEW)),
    "the same in one command": ((), (*ENV_13, XGBOOST, NCCL_12_NEW)),
    "torch for 12 and tensorflow[and-cuda]": (TORCH_12_ENV, (TENSORFLOW,)),
    "tensorflow[and-cuda] alone": ((), (TENSORFLOW, *TENSORFLOW_LIBRARIES)),
    "plain tensorflow beside torch for 13": (ENV_13, (TENSORFLOW,)),
    "plain tensorflow beside a torch for CPU": ((), (TENSORFLOW,)),
    "triton from another index": (TORCH_12_ENV, (make_wheel("triton 3.4.0", index="download.pytorch.org/whl/cu129"),)),
    "cupy for 12 beside torch for 13": (ENV_13, (CUPY_12X,)),
    "cupy for 13 alone": ((), (CUPY_13X,)),
    "an extension for another minor of CUDA": (TORCH_12_ENV, (SCATTER,)),
    "jax[cuda12] beside torch for 12": (TORCH_12_ENV, (JAXLIB, JAX_PLUGIN, JAX_PJRT)),
    "jax[cuda12] beside torch for 13": (ENV_13, (JAXLIB, JAX_PLUGIN, JAX_PJRT)),
    "a runtime of CUDA 12 beside torch for 13": (ENV_13, (RUNTIME_12,)),
    "CUDA 11 and 12 of one library": ((RUNTIME_12,), (make_wheel("nvidia-cuda-runtime-cu11 11.8.89"),)),
    "cuDNN 8 and 9": ((CUDNN_13,), (make_wheel("nvidia-cudnn-cu11 8.9.6.50"),)),
    "torch of pip beside conda's older toolkit": ((make_package("cudatoolkit 11.8.0 h0"),), TORCH_12_ENV),
    "cupy beside conda's toolkit of its major": (
        (make_package("cuda-cudart 12.6.77 0", "cuda-version >=12.6,<12.7.0a0"),),
        (CUPY_12X,),
    ),
    "ROCm chosen by hand": ((), (TORCH_ROCM,)),
    "a pure user of torch": (ENV_13, (make_wheel("lightning 2.5.0", "torch<4.0,>=2.1.0"),)),
    "flash-attn built here": (ENV_13, (make_wheel("flash-attn 2.8.3", "torch", "einops"),)),
    **{f"{wheel} beside torch for 13": (ENV_13, (make_wheel(wheel),)) for wheel in SINGLE},
    **{f"{wheel} beside torch for 12": (TORCH_12_ENV, (make_wheel(wheel),)) for wheel in SINGLE},
}


@pytest.mark.parametrize(("before", "added"), BENIGN.values(), ids=BENIGN)
def test_a_benign_mix_passes_in_silence(before: tuple[Package, ...], added: tuple[Package, ...]) -> None:
    request = make_pip_request(*(wheel.name for wheel in added[-1:]))
    judgement = judge_change(HOST, Settings(), request, before, (*before, *added))
    assert [str(finding) for finding in judgement.new if finding.severity != "info"] == []


@pytest.mark.parametrize(("before", "added"), BENIGN.values(), ids=BENIGN)
def test_a_benign_mix_is_not_found_by_a_check(before: tuple[Package, ...], added: tuple[Package, ...]) -> None:
    judgement = judge_state(HOST, Settings(), make_pip_request(verb="check"), (*before, *added))
    assert [str(finding) for finding in judgement.new if finding.severity != "info"] == []


def test_what_was_broken_before_does_not_stop_what_is_unrelated() -> None:
    broken = (TORCH_13, TORCH_12_ENV[1], CUPY_12X, CUPY_13X, make_wheel("torch-scatter 2.1.2+pt25cu118"))
    judgement = judge_change(HOST, Settings(), make_pip_request("tqdm"), broken, (*broken, make_wheel("tqdm 4.67")))
    assert judgement.new == ()


def test_without_a_driver_wheels_of_cuda_pass() -> None:
    wheels = (*ENV_13, CUPY_12X, make_wheel("onnxruntime-gpu 1.27.0"))
    assert judge_change(make_host(None), Settings(), make_pip_request("torch"), (), wheels).new == ()


def test_a_library_wheel_too_new_for_the_driver_is_nothing_by_itself() -> None:
    host = make_host("11.4", "8.0")
    wheels = (XGBOOST, make_wheel("nvidia-nccl-cu12 2.27.5", *linux("nvidia-cublas-cu12")))
    found = judge_change(host, Settings(), make_pip_request("xgboost"), (), wheels).new
    assert {finding.severity.value for finding in found} <= {"info"}
