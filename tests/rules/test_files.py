"""CUP202 and CUP203: wheels that write over each other, and wheels that take something along when they go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.floors.fakes import make_package, make_pip_request, make_wheel

from .cases import find, severities
from .wheels import (
    CUDNN_12,
    CUDNN_13,
    CUPY_12X,
    CUPY_13X,
    HOST,
    NCCL_12_NEW,
    NCCL_12_OLD,
    NCCL_13,
    ORT,
    ORT_GPU,
    RUNTIME_12,
    TORCH_13,
    XGBOOST,
    linux,
)

if TYPE_CHECKING:
    from conda_cuda_pin.package import Package

ENV = (TORCH_13, CUDNN_13, NCCL_13)
NVSHMEM_12 = make_wheel("nvidia-nvshmem-cu12 3.2.5")
NVSHMEM_13 = make_wheel("nvidia-nvshmem-cu13 3.4.5")
WITHOUT_FILES = make_wheel("nvidia-nccl-cu12 2.27.5")


@pytest.mark.parametrize("older", [CUDNN_12, NCCL_12_OLD, WITHOUT_FILES], ids=str)
def test_an_older_library_over_the_one_that_torch_needs_is_refused(older: Package) -> None:
    (finding,) = find("file-clobber", HOST, *ENV, older, before=ENV)
    assert finding.severity == "block"
    assert str(older) in finding.message
    assert "torch 2.14.1 needs" in finding.message
    assert finding.remedy[0].startswith(f"{older.name}>=")


def test_without_files_the_directory_is_known() -> None:
    before = (TORCH_13, NVSHMEM_13)
    (finding,) = find("file-clobber", HOST, *before, NVSHMEM_12, before=before)
    assert "nvidia/nvshmem/lib" in finding.message


PASSES: list[tuple[tuple[Package, ...], tuple[Package, ...]]] = [
    (ENV, (NCCL_12_NEW, XGBOOST)),
    ((), (*ENV, NCCL_12_NEW)),
    (ENV, (make_wheel("nvidia-nccl-cu12 2.30.7"),)),
    (ENV, (RUNTIME_12,)),
    (ENV, (make_wheel("nvidia-cudnn-cu11 8.9.6.50"),)),
    ((NCCL_12_OLD,), ENV),
    ((*ENV, NCCL_12_OLD), (CUPY_12X,)),
    (ENV, (make_wheel("nvidia-nccl-cu12 2.27.5", files=["nvidia/nccl/cu12/libnccl.so.2"]),)),
    (ENV, (make_wheel("nvidia-nccl-cu12 2.27.5", files=["nvidia/nccl/lib/libnccl.so.2=13"]),)),
]


@pytest.mark.parametrize(("before", "added"), PASSES, ids=[" ".join(map(str, added)) for _, added in PASSES])
def test_what_leaves_a_library_that_is_new_enough_passes(
    before: tuple[Package, ...], added: tuple[Package, ...]
) -> None:
    assert find("file-clobber", HOST, *before, *added, before=before) == []


def test_both_in_one_command_count_as_the_older_and_a_check_only_warns() -> None:
    assert severities(find("file-clobber", HOST, *ENV, NCCL_12_OLD)) == ["block"]
    check = make_pip_request(verb="check")
    assert severities(find("file-clobber", HOST, *ENV, NCCL_12_OLD, request=check)) == ["warn"]


def test_an_older_library_that_nobody_is_known_to_need_is_a_warning() -> None:
    assert severities(find("file-clobber", HOST, NCCL_13, NCCL_12_OLD, before=[NCCL_13])) == ["warn"]


SIBLINGS = [
    (CUPY_12X, CUPY_13X),
    (ORT, ORT_GPU),
    (make_wheel("faiss-cpu 1.12.0"), make_wheel("faiss-gpu-cu12 1.12.0")),
    (make_wheel("tensorflow 2.21.0"), make_wheel("tensorflow-cpu 2.21.0")),
    (make_wheel("cudf-cu12 26.10.2"), make_wheel("cudf-cu13 26.10.2")),
    (make_wheel("nvidia-dali-cuda120 1.50"), make_wheel("nvidia-dali-cuda130 1.50")),
    (make_wheel("mmcv 2.1.0"), make_wheel("mmcv-full 1.7.2")),
    (make_wheel("paddlepaddle 3.2.0"), make_wheel("paddlepaddle-gpu 3.2.0")),
    (make_wheel("triton 3.5.0"), make_wheel("pytorch-triton 3.5.0")),
    (make_wheel("cupy 14.2.0"), make_wheel("cupy-cuda14x 15.0.0")),
]


@pytest.mark.parametrize(("one", "other"), SIBLINGS, ids=[str(other) for _, other in SIBLINGS])
def test_two_wheels_of_one_import_package_are_refused(one: Package, other: Package) -> None:
    for before, after in ((one, other), (other, one)):
        (finding,) = find("file-clobber", HOST, before, after, before=[before])
        assert finding.severity == "block"
        assert finding.message.startswith(str(after))
        assert str(before) in finding.message


APART = [
    (make_wheel("transformer-engine 2.9"), make_wheel("transformer-engine-cu12 2.9")),
    (make_wheel("tensorrt 10.13"), make_wheel("tensorrt-cu13 10.13")),
    (make_wheel("jax-cuda12-plugin 0.10.2"), make_wheel("jax-cuda13-plugin 0.10.2")),
    (make_wheel("onnxruntime 1.27"), make_wheel("onnxruntime-genai 0.9")),
    (make_wheel("faiss-cpu 1.12.0", files=["faiss/a.so"]), make_wheel("faiss-gpu 1.12.0", files=["faiss/b.so"])),
    (
        make_wheel("opencv-python 4.12", files=["cv2/cv2.so=1"]),
        make_wheel("opencv-headless 4.12", files=["cv2/cv2.so=2"]),
    ),
    (make_wheel("own-cu12 1.0", files=["own/a.so=1"]), make_wheel("own-cu13 1.0", files=["own/a.so=1"])),
]


@pytest.mark.parametrize(("one", "other"), APART, ids=[str(other) for _, other in APART])
def test_wheels_that_share_nothing_or_nothing_of_cuda_pass(one: Package, other: Package) -> None:
    assert find("file-clobber", HOST, one, other, before=[one]) == []


def test_unheard_of_wheels_are_found_by_their_files() -> None:
    one = make_wheel("own-cu12 1.0", files=["own/kernels.so=12"])
    other = make_wheel("own 1.0", files=["own/kernels.so=cpu"])
    (finding,) = find("file-clobber", HOST, one, other)
    assert "own/kernels.so" in finding.message


def test_a_removal_that_takes_a_shared_library_is_refused_with_the_repair() -> None:
    before = (*ENV, NCCL_12_NEW)
    (finding,) = find("broken-by-removal", HOST, *ENV, before=before)
    assert finding.severity == "block"
    assert "torch 2.14.1 loads" in finding.message
    assert "--force-reinstall --no-deps nvidia-nccl-cu13==2.30.7" in finding.message
    assert finding.remedy == ("nvidia-nccl-cu13==2.30.7",)


def test_a_removal_of_what_torch_requires_is_refused() -> None:
    (finding,) = find("broken-by-removal", HOST, TORCH_13, NCCL_13, before=ENV)
    assert finding.severity == "block"
    assert finding.remedy == ("nvidia-cudnn-cu13==9.24.0.43",)


def test_a_removal_of_one_of_two_siblings_is_a_warning() -> None:
    (finding,) = find("broken-by-removal", HOST, ORT_GPU, before=[ORT, ORT_GPU])
    assert finding.severity == "warn"
    assert finding.remedy == ("onnxruntime-gpu==1.27.0",)


def test_what_can_do_without_a_library_is_a_warning() -> None:
    assert severities(find("broken-by-removal", HOST, XGBOOST, before=[XGBOOST, NCCL_12_NEW])) == ["warn"]


def test_condas_libraries_that_a_wheel_looks_for_are_missed() -> None:
    nvrtc, other = make_package("cuda-nvrtc 12.4.127 0"), make_package("libcublas 12.4.5.8 0")
    assert severities(find("broken-by-removal", HOST, CUPY_12X, before=[CUPY_12X, nvrtc, other])) == ["warn"]
    assert find("broken-by-removal", HOST, CUPY_12X, other, before=[CUPY_12X, nvrtc, other]) == []
    assert find("broken-by-removal", HOST, CUPY_13X, before=[CUPY_13X, nvrtc]) == []


REMOVALS: list[tuple[tuple[Package, ...], tuple[Package, ...]]] = [
    (ENV, (CUDNN_13, NCCL_13)),
    (ENV, ()),
    (
        (TORCH_13, make_wheel("torchvision 0.29.1", "torch==2.14.1")),
        (make_wheel("torchvision 0.29.1", "torch==2.14.1"),),
    ),
    ((*ENV, RUNTIME_12), ENV),
    ((*ENV, NCCL_12_NEW), (TORCH_13, CUDNN_13, make_wheel("nvidia-nccl-cu13 2.32.3"))),
    ((CUPY_12X, RUNTIME_12), (CUPY_12X,)),
    ((make_wheel("onnxruntime-gpu 1.31", 'nvidia-cuda-runtime-cu12; extra == "cuda"'), RUNTIME_12), (ORT_GPU,)),
    ((make_wheel("torch 2.8.0", *linux("nvidia-cuda-nvtx==1")), make_package("cudatoolkit 11.8.0 0")), ()),
]


@pytest.mark.parametrize(("before", "after"), REMOVALS, ids=[" ".join(map(str, before)) for before, _ in REMOVALS])
def test_a_removal_that_leaves_nothing_broken_passes(before: tuple[Package, ...], after: tuple[Package, ...]) -> None:
    assert find("broken-by-removal", HOST, *after, before=before) == []


def seen(wheel: Package, actual: str) -> Package:
    """Return a wheel whose libraries were looked at: what lies there is of this digest."""
    return replace(wheel, files=tuple(replace(file, actual=actual) for file in wheel.files))


CHECK = make_pip_request(verb="check")


def test_a_file_that_was_looked_at_says_which_wheel_was_written_last() -> None:
    rest = (TORCH_13, CUDNN_13)
    clobbered = (*rest, seen(NCCL_13, "12"), seen(NCCL_12_OLD, "12"))
    (finding,) = find("file-clobber", HOST, *clobbered, request=CHECK)
    assert finding.severity == "block"
    assert "nvidia-nccl-cu12 2.27.5 has overwritten nvidia/nccl/lib/libnccl.so.2" in finding.message
    fine = (*rest, seen(NCCL_13, "13"), seen(NCCL_12_OLD, "13"))
    assert find("file-clobber", HOST, *fine, request=CHECK) == []
    assert find("broken-by-removal", HOST, *fine, request=CHECK) == []


def test_a_library_that_is_gone_is_found_afterwards() -> None:
    packages = (TORCH_13, CUDNN_13, seen(NCCL_13, ""))
    (finding,) = find("broken-by-removal", HOST, *packages, request=CHECK)
    assert finding.severity == "block"
    assert "libnccl.so.2 of nvidia-nccl-cu13 2.30.7, which torch 2.14.1 loads, is gone" in finding.message
    assert severities(find("broken-by-removal", HOST, seen(NCCL_13, ""), request=CHECK)) == ["warn"]
    both = (TORCH_13, seen(NCCL_13, ""), seen(NCCL_12_OLD, ""))
    assert find("file-clobber", HOST, *both, request=CHECK) == []
    assert find("broken-by-removal", HOST, seen(RUNTIME_12, ""), request=CHECK) == []
