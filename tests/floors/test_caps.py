"""Caps: which packages they bind, in which channels, and where they keep out of the way."""

from __future__ import annotations

import pytest

from conda_cuda_pin.caps import beyond, cap_parts, is_unbounded_channel, make_caps, names_beyond, wished_toolkit
from conda_cuda_pin.limit import Limit
from conda_cuda_pin.pin import Pin
from conda_cuda_pin.versions import CudaVersion

from .fakes import OLD_CHANNELS, admits, make_component, make_request, make_spec

BELOW_13 = Limit(CudaVersion(13, 0), "the driver runs CUDA 12.4")
BELOW_12 = Limit(CudaVersion(12, 0), "the driver runs CUDA 11.4")
TORCH = make_request("pytorch")


def by_name(pins: tuple[Pin, ...]) -> dict[str, str]:
    return {pin.name: pin.version for pin in pins}


def test_selectors_are_capped_with_the_reason() -> None:
    caps = make_caps(BELOW_13, TORCH, ())
    assert by_name(caps) == {"cuda-version": "<13.0a0", "cudatoolkit": "<13.0a0", "pytorch-cuda": "<13.0a0"}
    assert {cap.reason for cap in caps} == {BELOW_13.reason}


def test_old_selectors_beyond_the_limit_are_shut_out() -> None:
    caps = by_name(make_caps(Limit(CudaVersion(9, 2), "the driver runs CUDA 9.1"), TORCH, ()))
    assert {name for name, version in caps.items() if version == "<0"} == {"cuda92", "cuda100", "cuda101", "cuda102"}


@pytest.mark.parametrize(
    ("channel", "unbounded"),
    [
        ("nvidia", True),
        ("nvidia/label/cuda-12.1.0", True),
        ("pytorch", True),
        ("pytorch-nightly", True),
        ("https://conda.anaconda.org/nvidia", True),
        ("conda-forge", False),
        ("pkgs/main", False),
        ("my-nvidia-mirror", False),
        ("rapidsai", False),
    ],
)
def test_only_the_channels_that_leave_parts_open_need_caps_for_them(channel: str, unbounded: bool) -> None:
    assert is_unbounded_channel(channel) is unbounded
    assert bool(cap_parts(BELOW_13, make_request("pytorch", channels=(channel,)))) is unbounded


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [
        ("libcurand", "10.3.0.86", "10.3.1.50"),
        ("libcufile", "1.4.0.31", "1.5.0.59"),
        ("libcublas", "11.11.3.6", "12.0.1.189"),
        ("cuda-cudart", "11.8.89", "12.0.107"),
        ("cuda-runtime", "11.8.0", "12.0.0"),
    ],
)
def test_parts_are_capped_by_their_own_numbers(name: str, last: str, first: str) -> None:
    """The last of CUDA 11.8 stays, the first of 12.0 goes."""
    caps = by_name(cap_parts(BELOW_12, make_request("pytorch", channels=OLD_CHANNELS)))
    assert admits(caps[name], last)
    assert not admits(caps[name], first)


def test_compilers_and_tools_are_capped_like_libraries() -> None:
    names = by_name(cap_parts(BELOW_12, make_request("pytorch", channels=OLD_CHANNELS)))
    assert names["cuda-nvcc"] == names["cuda-gdb"] == "<12.0a0"


def test_a_part_without_a_number_for_the_limit_gets_no_cap() -> None:
    names = by_name(cap_parts(Limit(CudaVersion(99, 0), ""), make_request("pytorch", channels=OLD_CHANNELS)))
    assert "libcurand" not in names


BEYOND = [
    "cuda-version=13.0",
    "cuda-version=13",
    "cuda-version>=13",
    "cuda-toolkit=13.0",
    "pytorch-cuda=13.0",
    "pytorch=*=cuda130*",
]
WITHIN = ["cuda-version=12.9", "cuda-version<14", "pytorch=*=*cuda*", "pytorch=*=*cu12*", "cudatoolkit=11.8", "cuda92"]


@pytest.mark.parametrize("text", BEYOND)
def test_a_wish_beyond_the_limit_is_solved_as_asked(text: str) -> None:
    assert beyond(make_spec(text), BELOW_13)
    assert make_caps(BELOW_13, make_request("numpy", text, channels=OLD_CHANNELS), ()) == ()


@pytest.mark.parametrize("text", [*WITHIN, "numpy=13.0", "python", "libcurand=10.3.5.119"])
def test_a_wish_within_the_limit_is_capped_all_the_same(text: str) -> None:
    assert not beyond(make_spec(text), BELOW_13)
    assert make_caps(BELOW_13, make_request(text), ()) != ()


@pytest.mark.parametrize(
    ("text", "toolkit"),
    [
        ("cuda-version=12.4", "12.4"),
        ("cuda-version>=12.1,<13", "12.1"),
        ("cuda90", "9.0"),
        ("cuda-toolkit=12.1", "12.1"),
        ("pytorch=*=*cuda12.1*", "12.1"),
        ("pytorch=*=cuda118*", "11.8"),
        ("cuda-version<12", None),
        ("cuda-version", None),
        ("pytorch=*=*cuda*", None),
        ("libcublas=12.1.0.26", None),
        ("pytorch=2.5", None),
    ],
)
def test_the_toolkit_that_a_spec_wishes_for(text: str, toolkit: str | None) -> None:
    assert wished_toolkit(make_spec(text)) == (CudaVersion.parse(toolkit) if toolkit else None)


INSTALLED_BEYOND = (make_component("cuda-version 13.0 0"), make_component("libcurand 10.4.0.1 0"))


def test_what_breaks_the_limit_already_is_left_to_an_unrelated_command() -> None:
    caps = by_name(make_caps(BELOW_13, make_request("tqdm", channels=OLD_CHANNELS), INSTALLED_BEYOND))
    assert not {"cuda-version", "libcurand"} & caps.keys()
    assert {"cudatoolkit", "libcufile"} <= caps.keys()


def test_what_breaks_the_limit_already_is_mended_by_a_command_about_cuda() -> None:
    caps = by_name(make_caps(BELOW_13, make_request("pytorch", channels=OLD_CHANNELS), INSTALLED_BEYOND))
    assert {"cuda-version", "libcurand"} <= caps.keys()


def test_frameworks_and_others_beyond_the_limit_are_not_named() -> None:
    installed = (*INSTALLED_BEYOND, make_component("pytorch 2.9 cuda130_0"), make_component("cudatoolkit 11.8.0 0"))
    assert names_beyond(installed, BELOW_13) == {"cuda-version", "libcurand"}
