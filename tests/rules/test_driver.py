"""CUP101, CUP102 and CUP104: what the driver runs, what it reads, and on whose word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conda_cuda_pin.host import Evidence, Gpu, Host, Outcome, State
from conda_cuda_pin.package import Package
from conda_cuda_pin.request import Request, Spec
from tests.floors.fakes import L4, V100, make_host, make_package, make_request

from .cases import CUPY_12, TOOLKIT_118, TORCH_126, TORCH_130, TORCH_CPU, find, severities

TOO_OLD = [
    ("12.4", TORCH_130),
    ("11.4", CUPY_12),
    ("11.4", make_package("libcublas 12.1.0.26 0", channel="nvidia")),
    ("10.2", TOOLKIT_118),
    ("10.1", make_package("cudatoolkit 10.2.89 h0")),
    ("9.1", make_package("pytorch 1.0.0 py3.7_cuda9.2.148_cudnn7", channel="pytorch")),
]
NOTHING_RUNS = [
    ("12.9", make_package("cuda-version 13.0 0")),
    ("9.1", make_package("cuda92 1.0 0", channel="pytorch")),
    ("12.4", make_package("cuda-nvcc 13.0.88 0")),
]
RUNS = [
    ("13.0", TORCH_130),
    ("13.0", TORCH_126),
    ("12.4", TORCH_126),
    ("12.0", make_package("cuda-version 12.9 0")),
    ("11.4", TOOLKIT_118),
    ("12.4", TOOLKIT_118),
    ("10.2", make_package("cudatoolkit 10.2.89 h0")),
    ("9.1", TORCH_CPU),
]


def identify(value: object) -> str:
    return str(value).replace(" ", "-")


@pytest.mark.parametrize(("driver", "package"), TOO_OLD, ids=identify)
def test_driver_too_old_blocks_what_needs_a_newer_major(driver: str, package: Package) -> None:
    findings = find("driver-too-old", make_host(driver, V100), package)
    assert severities(findings) == ["block"]
    assert findings[0].packages == (str(package),)


@pytest.mark.parametrize(("driver", "package"), NOTHING_RUNS, ids=identify)
def test_driver_too_old_only_warns_of_what_runs_nothing_by_itself(driver: str, package: Package) -> None:
    assert severities(find("driver-too-old", make_host(driver, V100), package)) == ["warn"]


@pytest.mark.parametrize(("driver", "package"), RUNS, ids=identify)
def test_driver_too_old_is_silent_where_the_driver_runs_it(driver: str, package: Package) -> None:
    assert find("driver-too-old", make_host(driver, V100), package) == []


@pytest.mark.parametrize(
    "host",
    [make_host(None), make_host(None, state=State.UNKNOWN), make_host("12.4", L4, at_least=True)],
    ids=["none", "unknown", "at-least"],
)
def test_driver_too_old_is_silent_where_the_driver_is_not_known(host: Host) -> None:
    assert find("driver-too-old", host, TORCH_130) == []


def test_driver_too_old_says_what_is_needed_what_is_there_and_the_way_out() -> None:
    (finding,) = find("driver-too-old", make_host("12.4", L4), TORCH_130)
    for words in ("pytorch 2.9.0 cuda130", "CUDA 13", "driver >= 580", "CUDA 12.4"):
        assert words in finding.message
    assert finding.remedy == ("cuda-version<13",)


def test_builds_of_the_pytorch_channel_are_bound_by_their_own_selector() -> None:
    torch = make_package("pytorch 2.2.0 py3.11_cuda12.1_cudnn8_0", "pytorch-cuda >=12.1,<12.2", channel="pytorch")
    (finding,) = find("driver-too-old", make_host("11.4", L4), torch)
    assert finding.remedy == ("pytorch-cuda<12",)


def test_before_cuda_11_the_minor_is_named_with_its_own_driver() -> None:
    (finding,) = find("driver-too-old", make_host("10.1", V100), make_package("cudatoolkit 10.2.89 h0"))
    assert "built for CUDA 10.2 (needs driver >= 440.33); the driver runs CUDA 10.1" in finding.message
    (finding,) = find("driver-too-old", make_host("10.2", V100), TOOLKIT_118)
    assert "built for CUDA 11 (needs driver >= 450" in finding.message


@pytest.mark.parametrize(("compat", "blocked"), [("13.0.1", False), ("12.9.1", True)])
def test_a_forward_compatible_driver_in_the_environment_raises_what_runs(compat: str, blocked: bool) -> None:
    minor = compat.rpartition(".")[0]
    package = make_package(f"cuda-compat {compat} 0", f"cuda-version {minor}.*")
    findings = find("driver-too-old", make_host("12.4", "9.0"), TORCH_130, package)
    assert bool(findings) is blocked


def test_forward_compatibility_does_not_help_a_geforce() -> None:
    compat = make_package("cuda-compat 13.0.1 0", "cuda-version 13.0.*")
    host = make_host("12.4")
    assert find("driver-too-old", replace(host, gpus=(Gpu("NVIDIA A100-SXM4-80GB"),)), TORCH_130, compat) == []
    findings = find("driver-too-old", replace(host, gpus=(Gpu("NVIDIA GeForce RTX 4090"),)), TORCH_130, compat)
    assert "block" in severities(findings)


NVRTC_129 = make_package("cuda-nvrtc 12.9.86 0", "cuda-version >=12.9,<12.10.0a0")
SELECTOR_129 = make_package("cuda-version 12.9 0")
PTX_USERS = ["openmm 8.2.0 py312h_0", "numba 0.60.0 py312_0", "numba-cuda 0.20 0"]


@pytest.mark.parametrize("user", PTX_USERS)
def test_ptx_too_new_warns_beside_what_loads_ptx(user: str) -> None:
    findings = find("ptx-too-new", make_host("12.4", L4), SELECTOR_129, make_package(user, "cuda-version >=12,<13"))
    assert severities(findings) == ["warn"]
    for words in (user.split(" ", maxsplit=1)[0], "12.9", "12.4"):
        assert words in findings[0].message
    assert findings[0].remedy == ("cuda-version<=12.4",)


NUMBA = make_package("numba 0.60.0 py312_0", "llvmlite")


@pytest.mark.parametrize(
    ("asked", "severity"), [(("numba",), "warn"), (("pandas", "cudatoolkit"), "warn"), (("librosa",), "info")]
)
def test_numba_counts_where_it_is_meant_for_the_gpu(asked: tuple[str, ...], severity: str) -> None:
    found = find("ptx-too-new", make_host("12.4", L4), SELECTOR_129, NUMBA, request=make_request(*asked))
    assert severities(found) == [severity]


def test_ptx_too_new_is_a_note_where_nothing_loads_ptx() -> None:
    assert severities(find("ptx-too-new", make_host("12.4", L4), SELECTOR_129, NVRTC_129, TORCH_126)) == ["info"]


@pytest.mark.parametrize(
    ("host", "package"),
    [
        (make_host("12.9", L4), SELECTOR_129),
        (make_host("13.0", L4), SELECTOR_129),
        (make_host("11.4", L4), SELECTOR_129),
        (make_host("12.4", L4, at_least=True), SELECTOR_129),
        (make_host(None), SELECTOR_129),
        (make_host("12.4", L4), TORCH_126),
    ],
    ids=["same", "newer-driver", "older-major", "at-least", "no-driver", "no-toolkit"],
)
def test_ptx_too_new_is_silent(host: Host, package: Package) -> None:
    assert find("ptx-too-new", host, package, make_package("openmm 8.2 0", "cuda-version >=11,<14")) == []


OVERRIDE = Evidence("CONDA_OVERRIDE_CUDA", Outcome.FOUND, "12.4")
ABSENT = Evidence("driver", Outcome.ABSENT, "no NVIDIA driver is active")
DECLARED_TARGET = Evidence("cuda_pin_target", Outcome.FOUND, "12.4")
PRESENT = Evidence("driver", Outcome.FOUND, "550.54.14")


def declared(*evidence: Evidence, driver: str | None = "12.4") -> Host:
    return make_host(driver, state=State.DECLARED, evidence=evidence)


def test_unknown_host_warns_of_cuda_builds_on_the_word_of_an_override() -> None:
    findings = find("unknown-host", declared(OVERRIDE, ABSENT), TORCH_126)
    assert severities(findings) == ["warn"]
    assert "CONDA_OVERRIDE_CUDA=12.4" in findings[0].message


def test_unknown_host_is_about_the_same_builds_in_any_order() -> None:
    host = declared(OVERRIDE, ABSENT)
    (one,), (other,) = find("unknown-host", host, TORCH_126, CUPY_12), find("unknown-host", host, CUPY_12, TORCH_126)
    assert one.subject == other.subject


@pytest.mark.parametrize("package", [TORCH_126, TORCH_CPU], ids=identify)
def test_unknown_host_warns_of_either_variant_where_the_driver_could_not_be_asked(package: Package) -> None:
    findings = find("unknown-host", make_host(None, state=State.UNKNOWN), package)
    assert severities(findings) == ["warn"]
    assert "CONDA_OVERRIDE_CUDA" in findings[0].message


def test_unknown_host_is_silent_about_a_variant_that_was_asked_for() -> None:
    request = Request("install", (Spec("pytorch", build="*cpu*"),))
    assert find("unknown-host", make_host(None, state=State.UNKNOWN), TORCH_CPU, request=request) == []


@pytest.mark.parametrize(
    ("host", "package"),
    [
        (make_host(None, state=State.UNKNOWN), make_package("cuda-cudart 12.6.77 0")),
        (make_host(None, state=State.GPU_NO_DRIVER), TORCH_CPU),
        (declared(OVERRIDE, PRESENT), TORCH_126),
        (declared(OVERRIDE), TORCH_126),
        (declared(DECLARED_TARGET, ABSENT), TORCH_126),
        (declared(OVERRIDE, ABSENT, driver=None), TORCH_126),
        (declared(OVERRIDE, ABSENT), TORCH_CPU),
        (make_host("12.4", L4), TORCH_126),
    ],
    ids=[
        "no-framework",
        "no-driver",
        "driver-active",
        "driver-not-looked-for",
        "declared-otherwise",
        "override-empty",
        "cpu-build",
        "detected",
    ],
)
def test_unknown_host_is_silent(host: Host, package: Package) -> None:
    assert find("unknown-host", host, package) == []


def test_driver_too_old_blocks_a_selector_that_says_itself_that_it_is_not_for_this_driver() -> None:
    selector = Package(
        "cuda-version", "13.0", "h0_3", "conda-forge", constrains=("cudatoolkit 13.0|13.0.*", "__cuda >=13")
    )
    assert severities(find("driver-too-old", make_host("12.9", V100), selector)) == ["block"]
    assert severities(find("driver-too-old", make_host("13.0", V100), selector)) == []
