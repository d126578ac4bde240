"""CUP501: CUDA packages from channels that do not fit together."""

from __future__ import annotations

import pytest

from conda_cuda_pin.package import Package
from tests.floors.fakes import L4, make_host, make_package

from .cases import TORCH_126, TORCH_CPU, find, severities

HOST = make_host("12.4", L4)
SELECTOR = make_package("pytorch-cuda 12.1 h0_5", channel="pytorch")
OWN_TORCH = make_package("pytorch 2.4.0 py3.12_cuda12.1_cudnn9_0", "pytorch-cuda >=12.1,<12.2", channel="pytorch")
OWN_CPU = make_package("pytorch 2.4.0 py3.12_cpu_0", channel="pytorch")
JAX = make_package("jaxlib 0.4.35 cuda126_0", "cuda-version >=12.6,<13", "cudnn >=9.3,<10")
JAX_WITHOUT = make_package("jaxlib 0.4.35 cuda126_0", "cuda-version >=12.6,<13")


def part(name: str, version: str, channel: str) -> Package:
    return make_package(f"{name} {version} 0", channel=channel)


FIRES = {
    "selector-of-another-channel": ((TORCH_126, SELECTOR), ("pytorch-cuda", "conda-forge")),
    "cpu-torch-beside-the-selector": ((TORCH_CPU, SELECTOR), ("pytorch-cuda", "conda-forge")),
    "two-cudnn": ((OWN_TORCH, SELECTOR, JAX), ("jaxlib", "cuDNN")),
    "one-toolkit-packed-two-ways": (
        (part("cuda-cudart", "12.1.105", "nvidia/label/cuda-12.1.0"), part("libcublas", "12.6.4.1", "conda-forge")),
        ("nvidia", "conda-forge"),
    ),
}
SILENT = {
    "pytorch-alone": (OWN_TORCH, SELECTOR),
    "own-selector-of-another-build": (TORCH_126, make_package("pytorch-cuda 12.1 0")),
    "forge-alone": (TORCH_126, JAX, part("libcublas", "12.6.4.1", "conda-forge")),
    "no-second-cudnn": (OWN_TORCH, SELECTOR, JAX_WITHOUT),
    "cpu-torch-brings-none": (OWN_CPU, JAX),
    "joined-since-12-5": (part("cuda-cudart", "12.6.77", "nvidia"), part("libcublas", "12.6.4.1", "conda-forge")),
    "joined-at-12-5": (part("cuda-cudart", "12.5.39", "nvidia"), part("libcublas", "12.5.2.13", "conda-forge")),
    "nvidia-alone": (part("cuda-cudart", "12.1.105", "nvidia"), part("libcublas", "12.1.0.26", "nvidia")),
    "unrelated": (OWN_TORCH, SELECTOR, make_package("numpy 2.1 0")),
}


@pytest.mark.parametrize(("packages", "words"), FIRES.values(), ids=list(FIRES))
def test_channel_mix_warns(packages: tuple[Package, ...], words: tuple[str, ...]) -> None:
    findings = find("channel-mix", HOST, *packages)
    assert severities(findings) == ["warn"]
    assert [word for word in words if word not in findings[0].message] == []


@pytest.mark.parametrize("packages", SILENT.values(), ids=list(SILENT))
def test_channel_mix_is_silent(packages: tuple[Package, ...]) -> None:
    assert find("channel-mix", HOST, *packages) == []
