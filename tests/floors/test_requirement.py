"""Requires-Dist: what counts on a platform, and what a version meets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_cuda_pin.requirement import admits, compare, lowest_of, name_of, read_needs

TEXTS = (
    'nvidia-cuda-runtime-cu12==12.8.90; platform_system == "Linux"',
    'nvidia_cudnn_cu12==9.10.2.21; platform_system == "Linux" and platform_machine == "x86_64"',
    'tensorflow-intel==2.17.0; platform_system == "Windows"',
    'cuda-toolkit[cublas]==13.*; extra == "ctk"',
    'old; python_version < "3"',
    "Torch (>=2.1)",
    "not a requirement at all!",
)


@pytest.mark.parametrize(
    ("platform", "names"),
    [
        ("linux-64", ["nvidia-cuda-runtime-cu12==12.8.90", "nvidia-cudnn-cu12==9.10.2.21", "torch>=2.1"]),
        ("linux-aarch64", ["nvidia-cuda-runtime-cu12==12.8.90", "torch>=2.1"]),
        ("win-64", ["tensorflow-intel==2.17.0", "torch>=2.1"]),
        ("osx-arm64", ["torch>=2.1"]),
    ],
)
def test_requirements_count_by_platform_and_extras_do_not(platform: str, names: list[str]) -> None:
    assert list(map(str, read_needs(TEXTS, platform))) == names


@pytest.mark.parametrize(
    ("specifier", "version", "met"),
    [
        ("==2.6.0", "2.6.0+cu126", True),
        ("==2.6.0", "2.6.1", False),
        ("<14,>=13.0.3", "12.9.1", False),
        (">=2.1", "2.9.0.dev20251001+cu130", True),
        ("==1.*", "2.0", False),
        (">=2", "not-a-version", True),
        ("wrong", "1.0", True),
    ],
)
def test_a_specifier_admits_a_version(specifier: str, version: str, met: bool) -> None:
    assert admits(specifier, version) is met


@pytest.mark.parametrize(
    ("specifier", "lowest"),
    [
        ("==9.24.0.43", "9.24.0.43"),
        (">=9.8,<10", "9.8"),
        ("~=13.0", "13.0"),
        ("==12.*", "12"),
        ("<3", ""),
        ("", ""),
        ("wrong", ""),
    ],
)
def test_the_lowest_version_of_a_specifier(specifier: str, lowest: str) -> None:
    assert lowest_of(specifier) == lowest


def test_versions_compare_as_numbers_and_what_is_none_is_the_same() -> None:
    assert compare("9.9", "9.10") == -1
    assert compare("9.10", "9.9") == 1
    assert compare("9.9.0", "9.9") == 0
    assert compare("9.9", "latest") == 0


@given(st.text(max_size=30))
def test_a_name_is_found_without_reading_the_rest(rest: str) -> None:
    assert name_of(f"Torch_Scatter[{rest}") == "torch-scatter"
    name_of(rest)


def test_what_only_an_extra_asks_for_counts_where_that_is_meant() -> None:
    texts = ["jaxlib==0.8.0", "nvidia-nccl-cu13>=2.27.7; extra == 'with-cuda' and sys_platform == 'linux'"]
    assert list(map(str, read_needs(texts, "linux-64"))) == ["jaxlib==0.8.0"]
    assert list(map(str, read_needs(texts, "linux-64", extras=True))) == ["jaxlib==0.8.0", "nvidia-nccl-cu13>=2.27.7"]
    assert list(map(str, read_needs(texts, "win-64", extras=True))) == ["jaxlib==0.8.0"]
