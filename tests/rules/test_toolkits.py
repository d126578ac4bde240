"""CUP201 and CUP301: two toolkits in one prefix, and builds for another one."""

from __future__ import annotations

import pytest

from conda_cuda_pin.package import Package
from tests.floors.fakes import L4, make_host, make_package, make_request

from .cases import CUPY_12, TOOLKIT_118, TORCH_126, find, severities

HOST = make_host("13.0", L4)


def part(text: str, channel: str = "nvidia") -> Package:
    """Make a part of a toolkit as the nvidia channel has it: without a word on the others."""
    return make_package(text, channel=channel)


CUDART_118, CUDART_121, CUDART_126 = (part(f"cuda-cudart {v} 0") for v in ("11.8.89", "12.1.105", "12.6.77"))
CUBLAS_118, CUBLAS_121 = part("libcublas 11.11.3.6 0"), part("libcublas 12.1.0.26 0")
CURAND_118, CURAND_124 = part("libcurand 10.3.0.86 0"), part("libcurand 10.3.5.119 0")
NVCC_126 = part("cuda-nvcc 12.6.77 0")

MIXED = [
    ("two-majors", (CUDART_118, CUBLAS_121), "block"),
    ("monolith-and-other-major", (TOOLKIT_118, CUDART_121), "block"),
    ("monolith-and-other-minor", (TOOLKIT_118, part("cuda-cudart 11.7.99 0")), "block"),
    ("names-kept-across-majors", (CUDART_118, CURAND_124), "warn"),
    ("core-libraries-apart", (CUDART_121, part("cuda-nvrtc 12.6.77 0")), "warn"),
    ("a-compiler-apart", (CUDART_121, NVCC_126), "info"),
    ("a-side-library-apart", (CUDART_121, CURAND_124), "info"),
]


@pytest.mark.parametrize(("packages", "severity"), [row[1:] for row in MIXED], ids=[row[0] for row in MIXED])
def test_mixed_toolkits_fires(packages: tuple[Package, ...], severity: str) -> None:
    findings = find("mixed-toolkits", HOST, *packages)
    assert severities(findings) == [severity]
    for package in packages:
        assert package.name in findings[0].message


BENIGN = {
    "one-toolkit": (CUDART_118, CUBLAS_118, CURAND_118),
    "monolith-alone": (TOOLKIT_118,),
    "monolith-and-its-parts": (TOOLKIT_118, CUDART_118, CUBLAS_118),
    "builds-of-other-minors": (TORCH_126, CUPY_12, make_package("libxgboost 3 cuda128_0", "cuda-version >=12.8,<13")),
    "builds-beside-another-toolkit": (TORCH_126, CUDART_121),
    "metapackages": (CUDART_121, part("cuda-toolkit 12.6.2 0"), part("cuda-runtime 11.8.0 0")),
    "nothing": (),
}


@pytest.mark.parametrize("packages", BENIGN.values(), ids=list(BENIGN))
def test_mixed_toolkits_is_silent(packages: tuple[Package, ...]) -> None:
    assert find("mixed-toolkits", HOST, *packages) == []


def test_two_faults_in_one_prefix_are_two_findings() -> None:
    other = part("cuda-nvrtc 11.7.99 0")
    assert severities(find("mixed-toolkits", HOST, TOOLKIT_118, other, CUBLAS_121)) == ["block", "block"]


TOOLKIT_101 = make_package("cudatoolkit 10.1.243 h0", channel="defaults")


def build_for(spec: str) -> Package:
    return make_package("faiss 1.6.3 py37h_0_cuda", f"cudatoolkit {spec}", "python", channel="pytorch")


def test_abi_mismatch_blocks_a_build_for_another_minor_before_cuda_11() -> None:
    findings = find("abi-mismatch", HOST, TOOLKIT_101, build_for(">=10.0.130,<11"))
    assert severities(findings) == ["block"]
    for words in ("faiss 1.6.3", "10.0", "10.1.243"):
        assert words in findings[0].message
    assert findings[0].remedy == ("cudatoolkit=10.0",)
    assert severities(find("abi-mismatch", HOST, TOOLKIT_101, build_for(">=9.2.148,<9.3"))) == ["block"]


def test_abi_mismatch_warns_where_only_a_range_speaks_for_it() -> None:
    assert severities(find("abi-mismatch", HOST, TOOLKIT_101, build_for(">=10.0,<11"))) == ["warn"]


@pytest.mark.parametrize(
    ("toolkit", "spec"),
    [
        ("10.1.243", ">=10.1,<10.2"),
        ("11.8.0", ">=11.2,<12"),
        ("10.1.243", ">=9.0"),
        ("10.1.243", "*"),
    ],
    ids=["same-minor", "from-11-on", "another-major", "says-nothing"],
)
def test_abi_mismatch_is_silent(toolkit: str, spec: str) -> None:
    package = make_package(f"cudatoolkit {toolkit} h0", channel="defaults")
    assert find("abi-mismatch", HOST, package, build_for(spec)) == []


def test_abi_mismatch_is_silent_without_the_toolkit_or_without_a_dependency_on_it() -> None:
    assert find("abi-mismatch", HOST, build_for(">=10.0,<11")) == []
    own = make_package("pytorch 1.4 py3.7_cuda10.0.130_cudnn7.6.3_0", channel="pytorch")
    assert find("abi-mismatch", HOST, TOOLKIT_101, own) == []


def test_a_library_newer_than_its_table_says_nothing_about_minors() -> None:
    newer = part("libcufft 12.2.0.46 0"), part("libcublas 13.2.0.9 0")
    assert find("mixed-toolkits", HOST, part("cuda-cudart 13.2.75 0"), *newer) == []


TORCH_PROJECT = make_package("pytorch 2.5.1 py3.11_cuda12.4_cudnn9.1.0_0", channel="pytorch")
EXTENSION = make_package("pytorch_scatter 2.1.2 cuda126py311h_0", "pytorch 2.5.* cuda126*", channel="conda-forge")


@pytest.mark.parametrize(
    "other", [EXTENSION, make_package("deepspeed 0.16.4 cuda126_py311_0", channel="conda-forge")], ids=str
)
def test_abi_mismatch_blocks_a_build_for_conda_forges_torch_on_the_projects(other: Package) -> None:
    (finding,) = find("abi-mismatch", make_host("12.4", L4), TORCH_PROJECT, other)
    assert finding.severity.value == "block"
    assert "conda-forge" in finding.message


@pytest.mark.parametrize(
    ("torch", "other"),
    [
        (make_package("pytorch 2.5.1 cuda126_py311_0", channel="conda-forge"), EXTENSION),
        (TORCH_PROJECT, make_package("torchvision 0.20.1 py311_cu124", "pytorch 2.5.1", channel="pytorch")),
        (TORCH_PROJECT, make_package("torchmetrics 1.6 pyhd8ed1ab_0", "pytorch >=2.0", channel="conda-forge")),
        (TORCH_PROJECT, make_package("tqdm 4.67 pyhd8ed1ab_0", channel="conda-forge")),
    ],
    ids=["one-channel", "of-the-project", "pure-python", "unrelated"],
)
def test_abi_mismatch_is_silent_about_what_fits_the_torch(torch: Package, other: Package) -> None:
    assert find("abi-mismatch", make_host("12.4", L4), torch, other) == []


def test_a_cudatoolkit_that_was_asked_for_is_mended_by_the_selector_of_the_pytorch_channel() -> None:
    torch = make_package("pytorch 2.2.0 py3.11_cuda12.1_cudnn8_0", "pytorch-cuda >=12.1,<12.2", channel="pytorch")
    runtime = make_package("cuda-cudart 12.1.105 0", channel="nvidia")
    asked = make_request("pytorch", "cudatoolkit=11.8")
    (finding,) = find("mixed-toolkits", HOST, torch, runtime, make_package("cudatoolkit 11.8.0 h0"), request=asked)
    assert (finding.remedy, finding.drops) == (("pytorch-cuda=11.8",), ("cudatoolkit",))
