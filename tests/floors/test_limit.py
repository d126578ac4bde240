"""The bound: which CUDA version packages must stay below, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_cuda_pin.host import Host, State
from conda_cuda_pin.limit import find_limit, find_minor_limit, oldest_native_toolkit, runs_toolkit
from conda_cuda_pin.settings import Settings
from conda_cuda_pin.versions import ComputeCapability, CudaVersion

from .fakes import A100, L4, RTX5090, V100, make_host

BOUNDS = [
    ("13.0", (L4,), "auto", "<14.0a0"),
    ("12.9", (L4,), "auto", "<13.0a0"),
    ("12.4", (L4,), "auto", "<13.0a0"),
    ("11.4", (A100,), "auto", "<12.0a0"),
    ("10.2", (V100,), "auto", "<10.3a0"),
    ("9.1", (V100,), "auto", "<9.2a0"),
    ("12.4", (), "auto", "<13.0a0"),
    ("12.4", (L4,), "major", "<13.0a0"),
    ("12.4", (L4,), "minor", "<12.5a0"),
    ("10.2", (V100,), "major", "<10.3a0"),
    ("13.0", (V100,), "auto", "<13.0a0"),
    ("13.0", (V100,), "minor", "<13.0a0"),
    ("12.9", (RTX5090,), "auto", "<13.0a0"),
    ("13.0", (RTX5090,), "auto", "<14.0a0"),
    ("13.0", (V100, RTX5090), "auto", "<13.0a0"),
    ("12.2", ("3.7",), "auto", "<12.0a0"),
    ("11.4", ("3.0",), "auto", "<11.0a0"),
]


@pytest.mark.parametrize(("driver", "gpus", "level", "spec"), BOUNDS, ids=str)
def test_the_lowest_of_driver_and_gpu_bounds(driver: str, gpus: tuple[str, ...], level: str, spec: str) -> None:
    limit = find_limit(make_host(driver, *gpus), Settings(level=level))
    assert limit is not None
    assert limit.spec == spec


@pytest.mark.parametrize(
    ("host", "settings", "words"),
    [
        (make_host("12.4", L4), Settings(), ("12.4", "driver")),
        (make_host("13.0", V100), Settings(), ("13.0", "7.0", "kernels")),
        (make_host("13.0", L4), Settings(max=CudaVersion(12, 6)), ("12.6", "cuda_pin_max")),
        (make_host(None), Settings(max=CudaVersion(12, 6)), ("12.6", "cuda_pin_max")),
    ],
    ids=["driver", "gpu", "max", "max-without-driver"],
)
def test_the_reason_names_what_sets_the_bound(host: Host, settings: Settings, words: tuple[str, ...]) -> None:
    limit = find_limit(host, settings)
    assert limit is not None
    assert [word for word in words if word not in limit.reason] == []


@pytest.mark.parametrize(
    "host",
    [
        make_host(None),
        make_host(None, state=State.UNKNOWN),
        make_host(None, V100, state=State.GPU_NO_DRIVER),
        make_host("13.4", RTX5090, at_least=True),
    ],
    ids=["none", "unknown", "gpu-no-driver", "at-least"],
)
def test_where_nothing_is_known_nothing_is_bounded(host: Host) -> None:
    assert find_limit(host, Settings()) is None
    assert find_minor_limit(host) is None


def test_an_unknown_driver_still_leaves_the_bound_of_its_gpu() -> None:
    limit = find_limit(make_host("13.4", V100, at_least=True), Settings())
    assert limit is not None
    assert limit.spec == "<13.0a0"


def test_the_highest_allowed_version_is_itself_allowed() -> None:
    limit = find_limit(make_host("13.0", L4), Settings(max=CudaVersion(12, 4)))
    assert limit is not None
    assert CudaVersion(12, 4) < limit.below <= CudaVersion(12, 5)


def test_a_maximum_above_the_driver_raises_nothing() -> None:
    limit = find_limit(make_host("12.4"), Settings(max=CudaVersion(13, 0)))
    assert limit is not None
    assert limit.spec == "<13.0a0"


def test_the_drivers_own_minor() -> None:
    limit = find_minor_limit(make_host("12.4", L4))
    assert limit is not None
    assert limit.spec == "<12.5a0"


@pytest.mark.parametrize(
    ("driver", "toolkit", "runs"),
    [
        ("12.4", "12.9", True),
        ("12.4", "11.8", True),
        ("12.4", "13.0", False),
        ("11.4", "11.8", True),
        ("11.4", "12.0", False),
        ("10.2", "10.2", True),
        ("10.1", "10.2", False),
        ("9.1", "9.2", False),
        ("10.2", "11.0", False),
        ("13.0", "9.0", True),
    ],
)
def test_a_driver_runs_its_major_and_all_before(driver: str, toolkit: str, runs: bool) -> None:
    assert runs_toolkit(CudaVersion.parse(driver), CudaVersion.parse(toolkit)) is runs


cuda_versions = st.builds(CudaVersion, st.integers(8, 15), st.integers(0, 9))


@given(cuda_versions, cuda_versions, cuda_versions)
def test_a_newer_driver_runs_all_that_an_older_one_runs(one: CudaVersion, other: CudaVersion, kit: CudaVersion) -> None:
    older, newer = sorted((one, other))
    assert runs_toolkit(newer, kit) or not runs_toolkit(older, kit)


@given(cuda_versions, st.sampled_from([V100, A100, L4, RTX5090, "3.7"]))
def test_what_is_below_the_bound_runs_on_the_driver(driver: CudaVersion, gpu: str) -> None:
    limit = find_limit(make_host(str(driver), gpu), Settings())
    assert limit is not None
    newest = CudaVersion(limit.below.major, limit.below.minor - 1) if limit.below.minor else None
    assert runs_toolkit(driver, newest or CudaVersion(limit.below.major - 1, 0))


@pytest.mark.parametrize(
    ("gpu", "oldest"), [("8.9", "11.0"), ("8.0", "11.0"), ("9.0", "11.8"), ("12.0", "12.8"), ("7.5", "9.0")]
)
def test_the_first_toolkit_with_kernels_that_a_gpu_runs(gpu: str, oldest: str) -> None:
    assert oldest_native_toolkit(ComputeCapability.parse(gpu)) == CudaVersion.parse(oldest)


def test_of_a_generation_yet_unknown_no_toolkit_is_demanded() -> None:
    assert oldest_native_toolkit(ComputeCapability(19, 0)) is None
