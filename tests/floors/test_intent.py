"""The user's word: what decides about a family, what demands CUDA, and what does neither."""

from __future__ import annotations

import pytest

from conda_cuda_pin.intent import asks_about_cuda, decided_families, find_demand, is_cuda_selector

from .fakes import make_component, make_request

CPU_TORCH, CUDA_TORCH = "pytorch 2.5.1 cpu_mkl_0", "pytorch 2.5.1 cuda126_mkl_0"


@pytest.mark.parametrize(
    ("specs", "decided"),
    [
        (("pytorch=*=cpu*",), {"torch": "cpu"}),
        (("pytorch=2.5=*cuda*",), {"torch": "cuda"}),
        (("tensorflow=*=gpu_*",), {"tensorflow": "cuda"}),
        (("pytorch=*=*rocm*",), {"torch": "other"}),
        (("tensorflow=*=mkl_*",), {"tensorflow": "other"}),
        (("cpuonly",), {"torch": "cpu"}),
        (("pytorch-cpu",), {"torch": "cpu"}),
        (("pytorch-gpu",), {"torch": "cuda"}),
        (("faiss-cpu", "pytorch-gpu"), {"faiss": "cpu", "torch": "cuda"}),
        (("pytorch-mutex=*=cpu",), {"torch": "cpu"}),
        (("pytorch-mutex=*=cuda",), {"torch": "cuda"}),
    ],
)
def test_a_build_and_a_name_that_is_the_choice_decide(specs: tuple[str, ...], decided: dict[str, str]) -> None:
    assert decided_families(make_request(*specs)) == decided


@pytest.mark.parametrize(
    "spec",
    [
        "pytorch",
        "pytorch=2.5",
        "pytorch>=2",
        "conda-forge::pytorch",
        "pytorch-mutex",
        "numpy=*=*cu*",
        "cuda-version=12",
    ],
)
def test_a_version_or_a_channel_or_another_package_decides_nothing(spec: str) -> None:
    assert decided_families(make_request(spec)) == {}


@pytest.mark.parametrize(
    ("installed", "decided"),
    [
        ((CPU_TORCH,), {"torch": "cpu"}),
        ((CUDA_TORCH,), {}),
        ((CUDA_TORCH, "torchvision 0.20 cpu_0"), {}),
        (("torchvision 0.20 cpu_0", CUDA_TORCH), {}),
        (("libxgboost 2.1 cpu_0", CUDA_TORCH), {"xgboost": "cpu"}),
        (("pytorch 2.5.1 py312_rocm6_0",), {"torch": "rocm"}),
        (("catboost 1.2 py312h1234567_0",), {}),
    ],
)
def test_an_environment_that_lives_without_cuda_has_decided(
    installed: tuple[str, ...], decided: dict[str, str]
) -> None:
    assert decided_families(make_request("numpy"), map(make_component, installed)) == decided


def test_a_new_word_wins_over_what_is_installed() -> None:
    installed = [make_component(CPU_TORCH)]
    assert decided_families(make_request("pytorch=*=*cuda*"), installed) == {"torch": "cuda"}


@pytest.mark.parametrize(
    "spec", ["cuda-version=12.4", "cudatoolkit=10.2", "pytorch-cuda=12.1", "cuda90", "pytorch=*=*cuda*", "pytorch-gpu"]
)
def test_selectors_builds_and_names_demand_cuda(spec: str) -> None:
    demand = find_demand(make_request("numpy", spec), "torch")
    assert demand is not None
    assert str(demand) == spec


@pytest.mark.parametrize(
    "specs",
    [
        ("pytorch",),
        ("pytorch=2.5",),
        ("cuda-toolkit=12.4",),
        ("tensorflow-gpu",),
        ("pytorch=*=cpu*", "cuda-version=12"),
        ("cpuonly", "cudatoolkit=11.8"),
    ],
    ids=" ".join,
)
def test_neither_a_bare_name_nor_a_word_for_cpu_demands_cuda(specs: tuple[str, ...]) -> None:
    assert find_demand(make_request(*specs), "torch") is None


def test_the_selector_of_one_family_demands_nothing_of_another() -> None:
    request = make_request("pytorch-cuda=12.1")
    assert find_demand(request, "torch") is not None
    assert find_demand(request, "tensorflow") is None


@pytest.mark.parametrize("name", ["cuda-version", "cudatoolkit", "pytorch-cuda", "cuda75", "cuda102"])
def test_selectors_of_a_cuda_version(name: str) -> None:
    assert is_cuda_selector(name)


@pytest.mark.parametrize("name", ["cpuonly", "pytorch-mutex", "cuda", "cuda-toolkit", "cuda1234", "pytorch", ""])
def test_other_names_select_no_cuda_version(name: str) -> None:
    assert not is_cuda_selector(name)


@pytest.mark.parametrize("name", ["pytorch", "libcublas", "cuda-nvcc", "cuda90", "cpuonly", "dgl", "cudatoolkit"])
def test_a_family_a_selector_and_a_part_are_about_cuda(name: str) -> None:
    assert asks_about_cuda(make_request("numpy", name))


@pytest.mark.parametrize("specs", [(), ("numpy",), ("tqdm", "python=3.12"), ("cudf-docs",)])
def test_other_requests_are_not_about_cuda(specs: tuple[str, ...]) -> None:
    assert not asks_about_cuda(make_request(*specs))
