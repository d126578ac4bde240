"""What a wheel says about CUDA: requirements, local version, name, page, and the tables for what it keeps to itself."""

from __future__ import annotations

import pytest

from conda_cuda_pin.component import Component, read_component, read_components
from conda_cuda_pin.package import Package
from tests.rules.wheels import CUPY_12X, TORCH_12, TORCH_13, WHEELS, linux

from .fakes import make_wheel


def show(component: Component | None) -> str:
    """Return role, variant and CUDA of a component in words."""
    if component is None:
        return "nothing"
    major = f"{component.toolkit.major}.x" if component.toolkit else ""
    cuda = str(component.toolkit) if component.span.single_minor else major
    return " ".join(filter(None, (component.role.value, component.variant.value if component.variant else "", cuda)))


def read(text: str, *depends: str, index: str = "pypi", platform: str = "linux-64") -> str:
    return show(read_component(make_wheel(text, *depends, index=index), platform))


PYTORCH = "download.pytorch.org/whl"
READ = [
    (TORCH_13, "framework cuda 13.0"),
    (TORCH_12, "framework cuda 12.8"),
    (CUPY_12X, "framework cuda 12.x"),
    (make_wheel("torch 2.9.1+cpu"), "framework cpu"),
    (make_wheel("torch 2.8.0+rocm6.4"), "framework rocm"),
    (make_wheel("torch 1.12.1"), "framework cuda 10.2"),
    (make_wheel("torch 2.14.1"), "framework cuda 13.0"),  # a line of a requirements file: nothing is known of its needs
    (make_wheel("torch 2.14.1", "sympy>=1.13.3"), "framework cuda 13.0"),  # of PyPI: a part of its needs is told
    (make_wheel("torch 2.14.1", "sympy>=1.13.3", index=""), "framework cpu"),
    (make_wheel("torch 2.6.0a0+ecf3bae40a.nv25.01"), "framework"),
    (make_wheel("torch 3.1.0", *linux("cuda-toolkit[cudart]==14.1.0")), "framework cuda 14.1"),
    (make_wheel("torch 2.14.0", *linux("nvidia-cudnn-cu13==9.24.0.43")), "framework cuda 13.0"),
    (make_wheel("torch 2.14.0+cu126", *linux("nvidia-cudnn-cu12==9.10.2.21")), "framework cuda 12.6"),
    (make_wheel("torch 2.8.0+cu126", *linux("nvidia-cuda-runtime-cu12==12.8.90")), "framework cuda 12.8"),
    (make_wheel("torchvision 0.23.0", "torch==2.8.0"), "framework cuda 12.8"),
    (make_wheel("torchvision 0.29.2", "torch>=2.14.0"), "framework"),
    (make_wheel("xformers 0.0.31", "torch==2.7.1"), "user cuda 12.6"),
    (make_wheel("tensorflow 2.21.0"), "framework cuda 12.5"),
    (make_wheel("onnxruntime-gpu 1.18.0"), "framework cuda 11.8"),
    (make_wheel("onnxruntime-gpu 1.22.0"), "framework cuda 12.x"),
    (make_wheel("onnxruntime-gpu 1.31.1"), "framework cuda 13.x"),
    (make_wheel("onnxruntime 1.31.1"), "framework cpu"),
    (make_wheel("jaxlib 0.10.2"), "framework cpu"),
    (make_wheel("jaxlib 0.4.20+cuda12.cudnn89"), "framework cuda 12.x"),
    (make_wheel("jax-cuda14-plugin 0.12.0"), "plugin cuda 14.x"),
    (make_wheel("nvidia-cuda-runtime-cu12 12.8.90"), "part cuda 12.8"),
    (make_wheel("nvidia-cublas-cu12 12.4.5.8"), "part cuda 12.4"),
    (make_wheel("nvidia-cublas 13.1.0.3"), "part cuda 13.0"),
    (make_wheel("nvidia-cudnn-cu14 10.1.0"), "part cuda 14.x"),
    (make_wheel("nvidia-nvcomp-cu12 5.0.0"), "part cuda 12.x"),
    (make_wheel("unheard-of-cu14 1.0"), "user cuda 14.x"),
    (make_wheel("unheard-of 1.0+pt214cu130"), "user cuda 13.0"),
    (make_wheel("unheard-of 1.0", *linux("nvidia-cuda-runtime~=13.0")), "user cuda 13.x"),
    (make_wheel("exact 1.0", *linux("cuda-toolkit==13.0.0")), "user cuda 13.0"),
    (make_wheel("unheard-of 1.0", "nvidia-nccl-cu12"), "user cuda 12.x"),
    (make_wheel("mmcv 2.1.0", index="download.openmmlab.com/mmcv/dist/cu121/torch2.1/index.html"), "user cuda 12.1"),
    (
        make_wheel("paddlepaddle-gpu 3.2.0", index="paddle.org.cn/packages/stable/cu126/"),
        "framework cuda 12.6",
    ),
    (make_wheel("lightning 2.5.0", "torch<4.0,>=2.1.0"), "user"),
]


@pytest.mark.parametrize(("wheel", "words"), READ, ids=[str(wheel) for wheel, _ in READ])
def test_a_wheel_is_read(wheel: Package, words: str) -> None:
    assert show(read_component(wheel)) == words


UNRELATED = [
    make_wheel("numpy 2.4.0"),
    make_wheel("numpy 2.4.0", index=f"{PYTORCH}/cu126"),
    make_wheel("nvidia-ml-py 13.590.44"),
    make_wheel("gpustat 1.1.1", "nvidia-ml-py>=11.450.129"),
    make_wheel("spacy 3.8.11", 'cupy-cuda12x; extra == "cuda12x"'),
    make_wheel("transformers 5.0", 'torch>=2.4; extra == "torch"'),
    make_wheel("ray 2.51.1", 'cupy-cuda12x; extra == "cgraph"'),
]


@pytest.mark.parametrize("wheel", UNRELATED, ids=str)
def test_what_has_nothing_to_do_with_cuda_is_nothing(wheel: Package) -> None:
    assert read_component(wheel) is None


def test_a_page_of_one_cuda_says_nothing_about_what_else_lies_there() -> None:
    assert read("triton 3.4.0", index=f"{PYTORCH}/cu129") == "user"
    assert read("cupy-cuda12x 14.2.0", index=f"{PYTORCH}/cu130") == "framework cuda 12.x"
    assert read("torchvision 0.22.0", index=f"{PYTORCH}/cu128") == "framework cuda 12.8"


def test_the_same_wheel_is_another_thing_on_another_platform() -> None:
    torch = ("torch 2.9.1", *linux("nvidia-cuda-runtime-cu12==12.8.90"))
    assert read(*torch) == "framework cuda 12.8"
    assert read(*torch, platform="win-64") == "framework cpu"
    assert read("torchvision 0.24.1", "torch==2.9.1", platform="win-64") == "framework cpu"
    assert read("torchvision 0.24.1", "torch==2.9.1", platform="linux-aarch64") == "framework"
    assert read("torch 2.5.0", index="", platform="linux-aarch64") == "framework"
    assert read("torch 1.12.1", platform="win-64") == "framework cpu"


BASES = [
    (make_wheel("torch-scatter 2.1.2+pt28cu126"), "2.8", True),
    (make_wheel("torch-scatter 2.1.2+pt25cu121"), "2.5", False),
    (make_wheel("torch-scatter 2.1.2+pt26cu124"), "2.6", False),
    (make_wheel("torch-scatter 2.1.2+pt26cu126"), "2.6", True),
    (make_wheel("torch-scatter 2.1.2+pt26cpu"), "2.6", None),
    (make_wheel("torch-sparse 0.6.8", index="data.pyg.org/whl/torch-1.7.0+cpu.html"), "1.7", False),
    (make_wheel("flash-attn 2.7.4+cu12torch2.6cxx11abiFALSE"), "2.6", False),
    (make_wheel("flash-attn 2.7.4+cu12torch2.6cxx11abiTRUE"), "2.6", True),
    (make_wheel("torchvision 0.21.0+cu126", "torch==2.6.0"), "2.6", True),
    (make_wheel("torchvision 0.21.0", "torch==2.6.0"), "2.6", False),
    (make_wheel("own-ops 1.0+pt28cu126"), "2.8", True),
    (make_wheel("own-ops 1.0+cu126", "torch"), "", None),
]


@pytest.mark.parametrize(("wheel", "torch", "new_abi"), BASES, ids=[str(wheel) for wheel, *_ in BASES])
def test_an_extension_says_what_it_is_built_for(wheel: Package, torch: str, new_abi: bool | None) -> None:
    component = read_component(wheel)
    assert component is not None
    assert component.built_for is not None
    assert (component.built_for.torch, component.built_for.new_abi) == (torch, new_abi)


NO_BASE = [
    make_wheel("flash-attn 2.8.3", "torch"),
    make_wheel("bitsandbytes 0.50.2", "torch<3,>=2.4"),
    make_wheel("llama-cpp-python 0.3.4", index="abetlen.github.io/llama-cpp-python/whl/cu124"),
    make_wheel("torch 2.8.0+cu126"),
]


@pytest.mark.parametrize("wheel", NO_BASE, ids=str)
def test_what_is_built_for_no_known_torch_says_nothing(wheel: Package) -> None:
    component = read_component(wheel)
    assert component is not None
    assert component.built_for is None


def test_wheels_keep_their_order_and_what_is_none_is_left_out() -> None:
    wheels = [make_wheel("numpy 2.4.0"), *WHEELS, make_wheel("requests 2.32")]
    assert [component.package for component in read_components(wheels)] == list(WHEELS)
