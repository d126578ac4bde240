"""Build strings of every era: variant and toolkit where the dependencies are silent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_cuda_pin.component import Variant, read_component

from .fakes import make_component, make_package

CUDA = [
    # conda-forge, from 2021 on
    ("pytorch", "cuda102py37hea737f4_2", "10.2"),
    ("pytorch", "cuda112py310h51fe464_200", "11.2"),
    ("pytorch", "cuda118_py311_h164cde0_302", "11.8"),
    ("pytorch", "cuda126_mkl_py310_h0990ab8_309", "12.6"),
    ("pytorch", "cuda129_mkl_py310_h0f2d8ab_300", "12.9"),
    ("pytorch", "cuda130_generic_py312_h1234abc_200", "13.0"),
    ("torchvision", "cuda120py312h00ec985_0", "12.0"),
    ("tensorflow-base", "cuda118py39h5ea9445_0", "11.8"),
    ("py-xgboost", "cuda128_pyh68bd8d9_0", "12.8"),
    ("onnxruntime", "py310h5f9d8c6_200_cuda", None),
    ("faiss", "py310cuda112h4f1a3a8_0_cuda", "11.2"),
    ("faiss", "cuda112py310h4f1a3a8_0_cuda", "11.2"),
    ("lightgbm", "cuda_py_1", None),
    # the pytorch channel
    ("pytorch", "py3.9_cuda11.7_cudnn8.5.0_0", "11.7"),
    ("pytorch", "py3.11_cuda12.1_cudnn8.9.2_0", "12.1"),
    ("pytorch", "py3.7_cuda10.0.130_cudnn7.6.3_0", "10.0"),
    ("torchvision", "py310_cu117", "11.7"),
    ("torchaudio", "py36_cu92", "9.2"),
    # defaults
    ("pytorch", "gpu_cuda118py39he342708_0", "11.8"),
    ("pytorch", "cuda100py36he554f03_0", "10.0"),
    ("tensorflow-base", "gpu_py39h29c2da4_0", None),
    ("tensorflow", "gpu_mkl_py38h1234567_0", None),
    # RAPIDS, PyG, pytorch3d, xformers: no family of ours
    ("cudf", "cuda_11_py39_g08e2d7c_0", "11.0"),
    ("cudf", "cuda12_py310_241009_g7b0adfa253_0", "12.0"),
    ("cudf", "cuda12_cp311_abi3_251009_7b0adfa2", "12.0"),
    ("pyg", "py39_torch_2.0.0_cu118", "11.8"),
    ("pytorch-geometric", "py38_torch_1.9.0_cu111", "11.1"),
    ("pytorch3d", "py39_cu117_pyt201", "11.7"),
    ("xformers", "py39_cu11.6.2_pyt1.12.1", "11.6"),
]
CPU = [
    ("pytorch", "cpu_generic_py312_h1234567_1"),
    ("pytorch", "cpu_mkl_py310_h0990ab8_109"),
    ("pytorch", "cpu_py310h7abe3c4_0"),
    ("pytorch", "py3.11_cpu_0"),
    ("torchvision", "py36_cpu"),
    ("torchvision", "cpu_py312h00ec985_0"),
    ("tensorflow-base", "mkl_py39h43e0292_0"),
    ("tensorflow", "eigen_py39h9b8ae4e_0"),
    ("jaxlib", "cpu_py312h7d5f655_0"),
    ("libxgboost", "cpu_h1234567_0"),
    ("faiss", "py310h5f9d8c6_0_cpu"),
    ("onnxruntime", "py310h5f9d8c6_0_cpu"),
]


@pytest.mark.parametrize(("name", "build", "toolkit"), CUDA, ids=[build for _, build, _ in CUDA])
def test_builds_for_cuda(name: str, build: str, toolkit: str | None) -> None:
    component = make_component(f"{name} 1.0 {build}")
    assert component.variant is Variant.CUDA
    assert (str(component.toolkit) if component.toolkit else None) == toolkit


@pytest.mark.parametrize(("name", "build"), CPU, ids=[build for _, build in CPU])
def test_builds_for_the_cpu(name: str, build: str) -> None:
    component = make_component(f"{name} 1.0 {build}")
    assert (component.variant, component.toolkit) == (Variant.CPU, None)


@pytest.mark.parametrize("build", ["py35_0", "0", "", "py310hff52083_5", "h1234567_0", "pyhd8ed1ab_0"])
def test_builds_that_say_nothing(build: str) -> None:
    component = make_component(f"catboost 1.2 {build}")
    assert (component.variant, component.toolkit) == (None, None)


def test_a_build_for_rocm_is_neither() -> None:
    component = make_component("pytorch 2.0.1 py3.10_rocm5.4.2_0")
    assert (component.variant, component.toolkit) == (Variant.ROCM, None)


def test_a_dependency_on_the_driver_makes_a_cuda_build() -> None:
    assert make_component("jaxlib 0.4.14 py310h_0", "__cuda").variant is Variant.CUDA


@pytest.mark.parametrize("build", ["py27_cuNone_1", "py37_cudnn7_0", "cupti_h0_0", "pycuda_0", "h1gpuless_0"])
def test_words_that_only_look_like_cuda_are_not(build: str) -> None:
    assert make_component(f"torchvision 0.3.0 {build}").variant is not Variant.CUDA


@given(st.text("0123456789abcdef", min_size=5, max_size=10), st.integers(0, 400))
def test_a_hash_is_never_read_as_a_variant(digits: str, number: int) -> None:
    for build in (f"h{digits}_{number}", f"py312h{digits}_{number}", f"py39h{digits}"):
        assert read_component(make_package(f"anything 1.0 {build}", "python")) is None
        assert make_component(f"pytorch 1.0 {build}").variant is None
