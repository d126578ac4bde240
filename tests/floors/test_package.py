"""Packages and requests as they are written and looked up."""

from __future__ import annotations

import pytest

from conda_cuda_pin.request import Spec

from .fakes import make_package


@pytest.mark.parametrize(
    ("channel", "provider"),
    [
        ("conda-forge", "conda-forge"),
        ("conda-forge/label/main", "conda-forge"),
        ("nvidia/label/cuda-12.1.0", "nvidia"),
        ("pkgs/main", "main"),
        ("https://conda.anaconda.org/pytorch/", "pytorch"),
        ("https://mirror.example.org/conda/nvidia/label/cuda-11.8.0", "nvidia"),
        ("", ""),
    ],
)
def test_the_provider_is_the_channel_without_place_and_label(channel: str, provider: str) -> None:
    assert make_package("pytorch 2.5.1 0", channel=channel).provider == provider


@pytest.mark.parametrize(
    ("depends", "requirement"),
    [
        (("cuda-version >=12.9,<13",), ">=12.9,<13"),
        (("cuda-version  12.9.*",), "12.9.*"),
        (("cuda-version>=12.9",), ">=12.9"),
        (("cuda-version 12.9 *_3",), "12.9"),
        (("cuda-version",), "*"),
        (("cuda-version-extra >=1", "python"), None),
        (("python >=3.10", "cuda-version 12.*"), "12.*"),
        (("cuda-version >=12 ; platform_system == 'Linux'",), ">=12"),
        ((), None),
    ],
)
def test_a_requirement_is_found_by_its_whole_name(depends: tuple[str, ...], requirement: str | None) -> None:
    assert make_package("x 1 0", *depends).requirement("cuda-version") == requirement


def test_a_wheel_is_written_without_a_build() -> None:
    assert str(make_package("torch 2.5.1")) == "torch 2.5.1"
    assert str(make_package("pytorch 2.5.1 cpu_0")) == "pytorch 2.5.1 cpu_0"


SPECS = [
    (Spec("pytorch"), "pytorch"),
    (Spec("pytorch", "2.1.*"), "pytorch=2.1"),
    (Spec("pytorch", ">=2.1,<3"), "pytorch>=2.1,<3"),
    (Spec("pytorch", "==2.1"), "pytorch==2.1"),
    (Spec("pytorch", "", "*cuda*"), "pytorch=*=*cuda*"),
    (Spec("pytorch", "2.1.*", "cuda*"), "pytorch=2.1.*=cuda*"),
    (Spec("pytorch", ">=2.1", "*cuda*"), "pytorch>=2.1=*cuda*"),
    (Spec("cuda-toolkit", "12.4.*", "", "nvidia"), "nvidia::cuda-toolkit=12.4"),
    (Spec("pytorch", "", "", "conda-forge"), "conda-forge::pytorch"),
]


@pytest.mark.parametrize(("spec", "text"), SPECS, ids=[text for _, text in SPECS])
def test_a_spec_is_written_as_conda_reads_it(spec: Spec, text: str) -> None:
    """``name=>=2.1=build``, for one, is a spec that conda refuses."""
    assert str(spec) == text
