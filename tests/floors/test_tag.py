"""Local versions, pages and names: what a few letters say about CUDA."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from conda_cuda_pin.tag import Tag, normalise, read_local, read_page, rename, split_name


def show(tag: Tag) -> str:
    """Return what a tag says in words: ``12.6 torch=2.8``, ``12 (major)``, ``cpu``."""
    cuda = "" if tag.cuda is None else str(tag.cuda.low) if tag.cuda.single_minor else f"{tag.cuda.low.major}.x"
    torch = f"torch={tag.torch}" if tag.torch else ""
    abi = "" if tag.new_abi is None else f"new={tag.new_abi}"
    return " ".join(filter(None, (cuda or tag.variant, torch, abi)))


LOCALS = [
    ("2.8.0", ""),
    ("2.8.0+cu126", "12.6"),
    ("2.12.0+cu92", "9.2"),
    ("3.0.0+cu140", "14.0"),
    ("2.1.2+pt28cu126", "12.6 torch=2.8"),
    ("2.1.2+pt214cu130", "13.0 torch=2.14"),
    ("2.1.0+pt113cpu", "cpu torch=1.13"),
    ("2.7.4.post1+cu12torch2.6cxx11abiFALSE", "12.x torch=2.6 new=False"),
    ("2.8.3+cu12torch2.8cxx11abitrue", "12.x torch=2.8 new=True"),
    ("0.17.1+torch240cu121", "12.1 torch=2.4"),
    ("0.21.0+torch2100cu128", "12.8 torch=2.10"),
    ("0.2.3+cu121.torch2.3.0", "12.1 torch=2.3"),
    ("0.4.30+cuda12.cudnn91", "12.x"),
    ("2.0.1+cu117.with.pypi.cudnn", "11.7"),
    ("2.9.1+cpu", "cpu"),
    ("2.5.0+cpu.cxx11.abi", "cpu new=True"),
    ("2.8.0+rocm6.4", "rocm"),
    ("2.8.0+xpu", "xpu"),
    ("2.6.0a0+ecf3bae40a.nv25.01", ""),
    ("2.6.0+gitcu126x", ""),
]


@pytest.mark.parametrize(("version", "words"), LOCALS)
def test_a_local_version_is_read(version: str, words: str) -> None:
    assert show(read_local(version)) == words


PAGES = [
    ("pypi", ""),
    ("download.pytorch.org/whl/cu126", "12.6"),
    ("https://download.pytorch.org/whl/nightly/cu130/", "13.0"),
    ("https://download.pytorch.org/whl/cpu/", "cpu"),
    ("download.pytorch.org/whl/rocm6.4", "rocm"),
    ("https://download.pytorch.org/whl/xpu", "xpu"),
    ("download.pytorch.org/whl/torch_stable.html", ""),
    ("https://download.pytorch.org/whl/torch-tensorrt", ""),
    ("data.pyg.org/whl/torch-2.8.0%2Bcu126.html", "12.6 torch=2.8"),
    ("pytorch-geometric.com/whl/torch-1.7.0+cpu.html", "cpu torch=1.7"),
    ("download.openmmlab.com/mmcv/dist/cu121/torch2.1/index.html", "12.1 torch=2.1"),
    ("https://data.dgl.ai/wheels/torch-2.4/cu124/repo.html", "12.4 torch=2.4"),
    ("https://example.org/_packaging/onnxruntime-cuda-12/pypi/simple/", "12.x"),
    ("storage.googleapis.com/jax-releases/jax_cuda_releases.html", ""),
    ("https://example.org/xgboost-cpu/simple", ""),
    ("conda-forge", ""),
    ("nvidia/label/cuda-12.4.0", "12.4"),
]


@pytest.mark.parametrize(("address", "words"), PAGES)
def test_a_page_is_read(address: str, words: str) -> None:
    assert show(read_page(address)) == words


NAMES = [
    ("cupy-cuda12x", "cupy", "12.0"),
    ("jax-cuda13-plugin", "jax-plugin", "13.0"),
    ("nvidia-cuda-runtime-cu14", "nvidia-cuda-runtime", "14.0"),
    ("tensorrt-cu12-libs", "tensorrt-libs", "12.0"),
    ("mxnet-cu112", "mxnet", "11.2"),
    ("nvidia-dali-cuda120", "nvidia-dali", "12.0"),
    ("nvidia-cublas", "nvidia-cublas", "None"),
    ("cuda-python", "cuda-python", "None"),
    ("focus3d", "focus3d", "None"),
]


@pytest.mark.parametrize(("name", "stem", "cuda"), NAMES)
def test_a_name_parts_into_its_stem_and_its_cuda(name: str, stem: str, cuda: str) -> None:
    found, span = split_name(name)
    assert (found, str(span.low if span else None)) == (stem, cuda)


def test_a_name_is_written_for_another_major() -> None:
    assert rename("cupy-cuda13x", 12) == "cupy-cuda12x"
    assert rename("nvidia-nccl-cu12", 14) == "nvidia-nccl-cu14"
    assert rename("mxnet-cu112", 12) is None
    assert rename("torch", 12) is None


@given(st.integers(10, 30), st.integers(0, 9), st.integers(1, 3), st.integers(0, 20))
def test_any_cuda_and_any_torch_to_come_are_read(major: int, minor: int, torch: int, release: int) -> None:
    tag = read_local(f"1.0+pt{torch}{release}cu{major}{minor}")
    assert show(tag) == f"{major}.{minor} torch={torch}.{release}"


@given(st.text(max_size=40))
def test_no_text_is_too_strange(text: str) -> None:
    read_local(f"1.0+{text}")
    read_page(text)
    split_name(text)


@given(st.text("aZ9-_.", min_size=1, max_size=12))
def test_a_name_is_spelt_as_packaging_spells_it(name: str) -> None:
    assert normalise(name) == canonicalize_name(name)
