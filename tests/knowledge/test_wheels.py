"""The table of wheels: rules over all rows, and what is read from it."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conda_cuda_pin.knowledge.packages import toolkit_parts
from conda_cuda_pin.knowledge.table import load_table
from conda_cuda_pin.knowledge.wheels import (
    Wheel,
    default_cuda,
    first_default,
    has_new_abi,
    libraries,
    makes_ptx,
    wheels,
)
from conda_cuda_pin.tag import split_name
from conda_cuda_pin.versions import CudaVersion, read_numbers

TABLE = load_table("wheels")
ROWS = list(wheels().values())


@pytest.mark.parametrize("wheel", ROWS, ids=[wheel.stem for wheel in ROWS])
def test_a_row_hangs_together(wheel: Wheel) -> None:
    assert wheel.stem == canonicalize_name(wheel.stem)
    assert split_name(wheel.stem)[1] is None
    assert wheel.role == "framework" or not wheel.core
    assert not wheel.gpu or Requirement(wheel.gpu.format(major=12)).name
    assert wheel.untagged != "default" or any(row["stem"] in (wheel.stem, "tensorflow") for row in TABLE["defaults"])
    assert wheel.extends == "torch" or wheel.untagged != "torch"
    assert wheel.family == wheel.stem or any(other.family == wheel.family for other in ROWS)


def test_a_stem_stands_in_one_table_only() -> None:
    stems = [row["stem"] for row in (*TABLE["rows"], *TABLE["libraries"])]
    assert len(stems) == len(set(stems))


def test_the_parts_that_libraries_name_have_first_versions() -> None:
    named = [library.part for library in libraries().values() if library.part]
    assert named
    assert all(toolkit_parts()[part].floors for part in named)


def test_libraries_with_one_directory_for_every_major() -> None:
    assert {stem for stem, library in libraries().items() if library.shared} == {
        "nvidia-cudnn",
        "nvidia-nccl",
        "nvidia-nvshmem",
    }


def test_defaults_only_rise() -> None:
    for stem in {row["stem"] for row in TABLE["defaults"]}:
        rows = [row for row in TABLE["defaults"] if row["stem"] == stem]
        rows.sort(key=lambda row: read_numbers(row["since"]))
        versions = [tuple(map(int, row["cuda"].split("."))) for row in rows]
        assert versions == sorted(set(versions))


@pytest.mark.parametrize(
    ("stem", "version", "cuda"),
    [
        ("torch", "2.15.0", "13.2"),
        ("torch", "2.14.1", "13.0"),
        ("torch", "2.10.0", "12.8"),
        ("torch", "2.6.0+cpu", "12.4"),
        ("torch", "1.12.1", "10.2"),
        ("torch", "0.4", None),
        ("onnxruntime-gpu", "1.26.0", "12.0"),
        ("onnxruntime-gpu", "1.27.0", "13.0"),
        ("nobody", "1.0", None),
    ],
)
def test_the_cuda_of_wheels_that_do_not_say(stem: str, version: str, cuda: str | None) -> None:
    span = default_cuda(stem, version)
    assert (str(span.low) if span else None) == cuda


def test_the_first_release_above_a_major() -> None:
    assert first_default("torch", 12) == "2.11"
    assert first_default("onnxruntime-gpu", 11) == "1.19"
    assert first_default("torch", 13) is None


@pytest.mark.parametrize(
    ("torch", "cuda", "new"),
    [
        ("2.5", "12.4", False),
        ("2.6", "12.4", False),
        ("2.6", "12.6", True),
        ("2.6", None, None),
        ("2.7", None, True),
        ("2.14", "13.0", True),
        ("2.7", "11.8", True),
    ],
)
def test_the_abi_of_torch(torch: str, cuda: str | None, new: bool | None) -> None:
    assert has_new_abi(torch, CudaVersion.parse(cuda) if cuda else None) is new


def test_compilers_are_known_for_every_major() -> None:
    assert makes_ptx("nvidia-cuda-nvrtc-cu14")
    assert makes_ptx("nvidia-cuda-nvcc")
    assert not makes_ptx("nvidia-cublas-cu12")
    assert not makes_ptx("numpy")
