"""CUP502 and CUP503: wheels over conda's packages, and wheels from another index than was named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.floors.fakes import make_host, make_package, make_pip_request, make_wheel

from .cases import find, severities
from .wheels import CUPY_12X, CUPY_13X, HOST, JAXLIB, ORT_GPU, PYTORCH, TORCH_12, TORCH_13, TORCH_NONE, XGBOOST

if TYPE_CHECKING:
    from conda_cuda_pin.package import Package

PYTORCH_CONDA = make_package("pytorch 2.3.1 cuda126_0", "cuda-version >=12.6,<13")
CUPY_CONDA = make_package("cupy 13.3.0 py312_0", "cuda-version >=12.0,<13", "python")
TOOLKIT_11 = make_package("cudatoolkit 11.8.0 h0")
CUDART_12 = make_package("cuda-cudart 12.6.77 h0", "cuda-version >=12.6,<12.7.0a0")
JAXLIB_CONDA = make_package("jaxlib 0.5.2 cuda126_0", "cuda-version >=12.6,<13")
XGBOOST_CONDA = make_package("libxgboost 2.1 cpu_0")

OVER = [
    (PYTORCH_CONDA, TORCH_12, "block", "torch==2.3.1"),
    (CUPY_CONDA, CUPY_12X, "block", "cupy-cuda12x==13.3.0"),
    (JAXLIB_CONDA, JAXLIB, "block", "jaxlib==0.5.2"),
    (XGBOOST_CONDA, XGBOOST, "warn", "xgboost==2.1"),
]


@pytest.mark.parametrize(("conda", "wheel", "severity", "remedy"), OVER, ids=[str(wheel) for _, wheel, *_ in OVER])
def test_a_wheel_over_condas_package_is_found(conda: Package, wheel: Package, severity: str, remedy: str) -> None:
    (finding,) = find("pip-over-conda", HOST, conda, wheel, before=[conda])
    assert (finding.severity, finding.remedy) == (severity, (remedy,))
    assert finding.message.startswith(f"{wheel} from pip would be written over conda's {conda}")


def test_a_conda_package_over_a_wheel_is_said_the_other_way_round() -> None:
    (finding,) = find("pip-over-conda", HOST, PYTORCH_CONDA, TORCH_12, before=[TORCH_12])
    assert finding.message.startswith("pytorch 2.3.1 cuda126_0 from conda would be written over pip's torch 2.8.0")


def test_a_wheel_that_looks_for_another_cuda_than_condas_is_a_warning() -> None:
    (finding,) = find("pip-over-conda", HOST, TOOLKIT_11, CUPY_12X)
    assert finding.severity == "warn"
    assert "conda install cupy" in finding.message
    assert severities(find("pip-over-conda", HOST, CUDART_12, CUPY_13X)) == ["warn"]


BESIDE = [
    (TOOLKIT_11, TORCH_12),
    (CUDART_12, CUPY_12X),
    (TOOLKIT_11, make_wheel("tensorflow 2.14.0")),
    (make_package("cuda-nvcc-tools 11.8.89 0"), CUPY_12X),
    (PYTORCH_CONDA, make_wheel("lightning 2.5.0", "torch>=2.1")),
    (PYTORCH_CONDA, make_wheel("cupy-cuda12x 14.2.0")),
    (make_package("numpy 2.1 0"), TORCH_12),
]


@pytest.mark.parametrize(("conda", "wheel"), BESIDE, ids=[f"{conda} {wheel}" for conda, wheel in BESIDE])
def test_a_wheel_beside_condas_packages_passes(conda: Package, wheel: Package) -> None:
    assert find("pip-over-conda", HOST, conda, wheel, before=[conda]) == []


def test_libraries_of_its_own_major_beside_it_settle_the_matter() -> None:
    assert find("pip-over-conda", HOST, TOOLKIT_11, CUPY_12X, make_wheel("nvidia-cuda-runtime-cu12 12.9.79")) == []


FEED = "https://example.org/_packaging/onnxruntime-cuda-12/pypi/simple/"
ORT_11 = make_wheel("onnxruntime-gpu 1.18.0")
CU126 = f"{PYTORCH}/cu126"


def test_a_wheel_for_another_cuda_than_the_named_index_is_found() -> None:
    feed = make_pip_request("onnxruntime-gpu", indexes=[FEED])
    (finding,) = find("wrong-index", HOST, ORT_11, TORCH_12, request=feed, before=[TORCH_12])
    assert finding.severity == "block"
    assert FEED in finding.message
    asked = make_pip_request("torch", indexes=[CU126])
    assert severities(find("wrong-index", HOST, TORCH_13, request=asked)) == ["warn"]
    vision = make_wheel("torchvision 0.28.0+cu126")
    assert severities(find("wrong-index", HOST, TORCH_13, vision, before=[vision], request=asked)) == ["block"]


def test_a_cuda_wheel_where_the_cpu_index_was_named_is_a_warning() -> None:
    request = make_pip_request("torch", indexes=[f"{PYTORCH}/cpu"])
    assert severities(find("wrong-index", make_host(None), TORCH_13, request=request)) == ["warn"]


NAMED_AND_MET: list[tuple[tuple[str, ...], list[str], tuple[Package, ...]]] = [
    (("torch",), [CU126], (TORCH_12,)),
    (("torch",), [CU126, f"{PYTORCH}/cu130"], (TORCH_13,)),
    (("torch",), [], (TORCH_13,)),
    (("torch",), ["https://pypi.example.org/simple"], (TORCH_13,)),
    (("torch", "xgboost"), [f"{PYTORCH}/cu130"], (TORCH_13, XGBOOST)),
    (("torch", "onnxruntime-gpu"), [CU126], (TORCH_12, ORT_GPU)),
    (("torch", "cupy-cuda13x"), [CU126], (TORCH_12, CUPY_13X)),
    (("jax[cuda13]", "torch"), [CU126], (TORCH_12, JAXLIB, make_wheel("jax-cuda13-plugin 0.10.2"))),
    (("torch",), [f"{PYTORCH}/cpu"], (TORCH_NONE,)),
]


@pytest.mark.parametrize(("names", "indexes", "wheels"), NAMED_AND_MET, ids=[str(row[:2]) for row in NAMED_AND_MET])
def test_wheels_of_the_index_that_was_named_and_wheels_it_is_not_about_pass(
    names: tuple[str, ...], indexes: list[str], wheels: tuple[Package, ...]
) -> None:
    assert find("wrong-index", HOST, *wheels, request=make_pip_request(*names, indexes=indexes)) == []


def test_what_was_there_before_is_not_the_indexs_fault() -> None:
    request = make_pip_request("tqdm", indexes=[CU126])
    assert find("wrong-index", HOST, TORCH_13, before=[TORCH_13], request=request) == []
