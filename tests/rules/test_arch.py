"""CUP103: whether there are kernels for the GPU."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conda_cuda_pin.host import Host
from conda_cuda_pin.package import Package
from tests.floors.fakes import A100, L4, RTX5090, V100, make_host, make_package, make_wheel

from .cases import CUPY_12, TOOLKIT_118, TORCH_126, TORCH_130, TORCH_CPU, find, severities

OLD_TORCH = make_package("pytorch 2.4.0 py3.12_cuda12.4_cudnn9_0", "pytorch-cuda >=12.4,<12.5", channel="pytorch")
UNLISTED_TORCH = make_package("pytorch 2.4.99 py3.12_cuda12.4_cudnn9_0", channel="pytorch")
OLD_VISION = make_package("torchvision 0.19.0 py312_cu124", channel="pytorch")
TORCH_129 = make_package("pytorch 2.8.0 cuda129_py312_300", "cuda-version >=12.9,<13")
SBSA = make_package("cuda-nvrtc 12.9.86 0", "cuda-version >=12.9,<12.10.0a0", "arm-variant * sbsa")

BLOCKED = [
    (("13.0", V100), TORCH_130, "7.0", ("cuda-version<13",)),
    (("13.0", "6.1"), make_package("cupy 14 0", "cuda-version >=13,<14"), "6.1", ("cuda-version<13",)),
    (("12.2", "3.7"), CUPY_12, "3.7", ("cuda-version<12",)),
    (("13.0", RTX5090), OLD_TORCH, "12.0", ("conda-forge::pytorch",)),
    (("13.0", V100, "6.0"), TORCH_130, "6.0, 7.0", ("cuda-version<13",)),
]


@pytest.mark.parametrize(
    ("host", "package", "listed", "remedy"), BLOCKED, ids=[f"{h[1]}-{p.name}" for h, p, *_ in BLOCKED]
)
def test_arch_unsupported_blocks_what_is_proven_to_lack_kernels(
    host: tuple[str, ...], package: Package, listed: str, remedy: tuple[str, ...]
) -> None:
    findings = find("arch-unsupported", make_host(*host), package)
    assert severities(findings) == ["block"]
    assert str(package) in findings[0].message
    assert f"compute capability {listed}" in findings[0].message
    assert findings[0].remedy == remedy


def test_a_jetson_runs_wheels_for_servers_from_cuda_13_on() -> None:
    def jetson(cuda: str, gpu: str) -> Host:
        return replace(make_host(cuda, gpu, kinds=["tegra"]), platform="linux-aarch64")

    server = make_wheel("torch 2.9.1+cu126", index="download.pytorch.org/whl/cu126")
    own = make_wheel("torch 2.8.0+cu126", index="pypi.jetson-ai-lab.io/jp6/cu126")
    assert severities(find("arch-unsupported", jetson("12.6", "8.7"), server)) == ["warn"]
    assert not find("arch-unsupported", jetson("12.6", "8.7"), own)
    assert not find("arch-unsupported", jetson("13.0", "8.7"), make_wheel("torch 2.14.1+cu130"))
    assert severities(find("arch-unsupported", jetson("13.0", "11.0"), make_wheel("torch 2.9.1+cu128"))) == ["block"]


@pytest.mark.parametrize(
    ("host", "package"),
    [
        (make_host("13.0", V100, L4), TORCH_130),
        (make_host("13.0", V100, RTX5090), TORCH_130),
        (make_host("13.0", RTX5090), TORCH_126),
        (make_host("13.0", RTX5090, L4), OLD_TORCH),
        (make_host("13.0", RTX5090), UNLISTED_TORCH),
    ],
    ids=["one-of-two", "old-and-new", "no-list-known", "list-known-one-of-two", "release-not-listed"],
)
def test_arch_unsupported_warns_where_a_gpu_is_left_or_nothing_is_proven(host: Host, package: Package) -> None:
    assert severities(find("arch-unsupported", host, package)) == ["warn"]


@pytest.mark.parametrize(
    ("host", "package"),
    [
        (make_host("13.0", V100), TORCH_126),
        (make_host("13.0", L4), TORCH_130),
        (make_host("13.0", A100), OLD_TORCH),
        (make_host("13.0", RTX5090), TORCH_129),
        (make_host("13.0", RTX5090), CUPY_12),
        (make_host("13.0", "19.0"), TORCH_126),
        (make_host("13.0"), TORCH_130),
        (make_host("13.0", V100), TORCH_CPU),
        (make_host("11.4", "3.7"), TOOLKIT_118),
        (make_host("13.0", "8.6"), OLD_TORCH),
        (make_host("13.0", RTX5090), OLD_VISION),
    ],
    ids=[
        "volta-126",
        "ada",
        "listed",
        "blackwell-129",
        "compiles",
        "future",
        "unseen",
        "cpu",
        "kepler",
        "same-major",
        "vision",
    ],
)
def test_arch_unsupported_is_silent(host: Host, package: Package) -> None:
    assert find("arch-unsupported", host, package) == []


def test_builds_for_servers_are_a_warning_on_jetson() -> None:
    findings = find("arch-unsupported", make_host("12.6", "8.7", kinds=["tegra"]), SBSA)
    assert severities(findings) == ["warn"]
    assert findings[0].remedy == ("arm-variant=*=tegra",)


@pytest.mark.parametrize(
    ("host", "package"),
    [
        (make_host("13.0", "11.0", kinds=["tegra"]), SBSA),
        (make_host("12.6", "8.7", kinds=["tegra"]), CUPY_12),
        (make_host("12.6", "8.7", kinds=["tegra"]), make_package(str(SBSA), SBSA.depends[0], "arm-variant * tegra")),
        (make_host("12.6", "8.7", kinds=["tegra"]), make_package(str(SBSA), SBSA.depends[0], "sbsa-tools")),
        (make_host("12.6", "9.0"), SBSA),
    ],
    ids=["thor", "no-variant", "for-jetson", "another-name", "server"],
)
def test_builds_for_servers_are_left_alone_elsewhere(host: Host, package: Package) -> None:
    assert find("arch-unsupported", host, package) == []


BOARD = make_package("cuda-nvrtc 12.9.86 0", "cuda-version >=12.9,<12.10.0a0", "arm-variant * tegra")


def test_builds_for_jetson_are_a_warning_on_a_server() -> None:
    findings = find("arch-unsupported", make_host("12.8", "9.0"), BOARD)
    assert severities(findings) == ["warn"]
    assert findings[0].remedy == ("arm-variant=*=sbsa",)
    assert find("arch-unsupported", make_host(None), BOARD) == []


CUDF = make_package("libcudf 24.12.00 cuda12_241211_0", "cuda-version >=12,<13.0a0", channel="rapidsai")


def test_a_package_that_has_given_up_a_generation_is_refused_there() -> None:
    (finding,) = find("arch-unsupported", make_host("12.4", "6.1"), CUDF)
    assert finding.severity.value == "block"
    assert severities(find("arch-unsupported", make_host("12.4", "6.1", L4), CUDF)) == ["warn"]
    assert find("arch-unsupported", make_host("12.4", V100), CUDF) == []
    older = make_package("libcudf 23.12.01 cuda12_231207_0", *CUDF.depends, channel="rapidsai")
    assert find("arch-unsupported", make_host("12.4", "6.1"), older) == []
