"""The plan: holds, preferences, coherence and the rest, from host, settings, request and what is installed."""

from __future__ import annotations

import pytest

from conda_cuda_pin.component import Component, Variant
from conda_cuda_pin.host import Host, State
from conda_cuda_pin.pin import Kind, Pin, overlay
from conda_cuda_pin.plan import Plan, make_plan, prefer
from conda_cuda_pin.request import Request
from conda_cuda_pin.settings import Settings
from conda_cuda_pin.versions import CudaVersion

from .fakes import L4, OLD_CHANNELS, RTX5090, V100, admits, make_component, make_host, make_request

HELD = (
    make_component("pytorch 2.5.1 cuda126_py312_300", "cuda-version >=12.6,<13"),
    make_component("libxgboost 2.1 cpu_0"),
    make_component("cupy 13.3 py312h1_0", "cuda-version >=12,<13", "python"),
)
TORCH_121 = make_component("pytorch-cuda 12.1 ha16c6d3_5", channel="pytorch")


def plan_for(
    driver: str | None, *specs: str, installed: tuple[Component, ...] = (), settings: Settings | None = None
) -> Plan:
    return make_plan(make_host(driver, L4), settings or Settings(), make_request(*specs), installed)


def holds_of(plan: Plan) -> list[tuple[str, str, str]]:
    return [(pin.name, pin.version, pin.build) for pin in plan.holds]


@pytest.mark.parametrize("driver", ["12.4", None])
def test_an_installed_cuda_build_is_held_with_and_without_a_driver(driver: str | None) -> None:
    plan = plan_for(driver, "tqdm", installed=HELD)
    assert holds_of(plan) == [("pytorch", ">=2.5.1", "*cu*")]
    assert "pytorch 2.5.1 cuda126_py312_300" in plan.holds[0].reason


@pytest.mark.parametrize("spec", ["pytorch=2.4", "torchvision=0.19"])
def test_a_version_named_in_the_family_frees_the_version_but_not_the_build(spec: str) -> None:
    assert holds_of(plan_for("12.4", spec, installed=HELD)) == [("pytorch", "", "*cu*")]


@pytest.mark.parametrize("spec", ["pytorch=*=cpu*", "cpuonly", "pytorch-cpu"])
def test_a_family_decided_for_cpu_is_not_held(spec: str) -> None:
    assert holds_of(plan_for("12.4", spec, installed=HELD)) == []


def test_a_family_decided_for_cuda_is_held() -> None:
    assert holds_of(plan_for("12.4", "pytorch=*=*cuda*", installed=HELD)) == [("pytorch", ">=2.5.1", "*cu*")]


def test_a_cuda_build_that_the_pattern_does_not_match_is_not_held() -> None:
    """``*cu*`` would exclude the installed build itself: gpu_py39h... of defaults."""
    installed = (make_component("tensorflow-base 2.4.1 gpu_py39h29c2da4_0", channel="defaults"),)
    assert holds_of(plan_for("11.4", "tqdm", installed=installed)) == []


@pytest.mark.parametrize(
    ("host", "variant", "preferred"),
    [
        (make_host("12.4", L4), "auto", Variant.CUDA),
        (make_host(None), "auto", Variant.CPU),
        (make_host(None, state=State.DECLARED), "auto", Variant.CPU),
        (make_host(None, state=State.UNKNOWN), "auto", None),
        (make_host(None, state=State.GPU_NO_DRIVER), "auto", None),
        (make_host(None, state=State.DEGRADED), "auto", None),
        (make_host(None), "cuda", Variant.CUDA),
        (make_host("12.4", L4), "cpu", Variant.CPU),
    ],
    ids=["driver", "none", "declared-none", "unknown", "gpu-no-driver", "degraded", "says-cuda", "says-cpu"],
)
def test_unknown_never_becomes_a_preference(host: Host, variant: str, preferred: Variant | None) -> None:
    assert make_plan(host, Settings(variant=variant), Request(), ()).prefers is preferred


def test_variant_cpu_holds_nothing_but_what_the_user_asks_for() -> None:
    settings = Settings(variant="cpu")
    assert holds_of(plan_for("12.4", "tqdm", installed=HELD, settings=settings)) == []
    asked = plan_for("12.4", "pytorch=*=*cuda*", installed=HELD, settings=settings)
    assert holds_of(asked) == [("pytorch", ">=2.5.1", "*cu*")]


def test_a_preference_is_for_a_build_and_no_version() -> None:
    (pin, other) = prefer(["pytorch", "torchvision"], Variant.CUDA)
    assert (pin.name, pin.version, pin.build, pin.kind) == ("pytorch", "", "*cu*", Kind.PREFERENCE)
    assert (other.name, bool(other.reason)) == ("torchvision", True)
    assert [pin.build for pin in prefer(["jaxlib"], Variant.CPU)] == ["*cpu*"]


def test_without_driver_and_without_cuda_builds_nothing_is_asked() -> None:
    plan = make_plan(make_host(None, state=State.UNKNOWN), Settings(), make_request("numpy"), ())
    assert plan.prefers is None
    assert plan.pins == ()


@pytest.mark.parametrize("fixing", ["pytorch-cuda=11.8", "cuda-version=11.8", "cuda-toolkit=11.8"])
def test_parts_cohere_with_the_toolkit_that_the_request_fixes(fixing: str) -> None:
    plan = make_plan(make_host("12.4", L4), Settings(), make_request("pytorch", fixing, channels=OLD_CHANNELS), ())
    caps = {pin.name: pin for pin in plan.caps}
    assert admits(caps["libcurand"].version, "10.3.0.86")
    assert not admits(caps["libcurand"].version, "10.3.1.50")
    assert (caps["libcurand"].kind, "11.8" in caps["libcurand"].reason) == (Kind.COHERENCE, True)


def test_parts_cohere_with_the_selector_that_is_installed() -> None:
    request = make_request("torchvision", channels=OLD_CHANNELS)
    plan = make_plan(make_host("12.4", L4), Settings(), request, (TORCH_121,))
    caps = {pin.name: pin.version for pin in plan.caps}
    assert admits(caps["libcufile"], "1.6.0.25")
    assert not admits(caps["libcufile"], "1.7.0.149")


def test_coherence_is_never_looser_than_the_cap() -> None:
    """An environment of CUDA 12.1 on a driver that runs 11.4: the parts must come down with the selector."""
    request = make_request("pytorch", channels=OLD_CHANNELS)
    plan = make_plan(make_host("11.4", V100), Settings(), request, (TORCH_121,))
    caps = {pin.name: pin.version for pin in plan.caps}
    assert not admits(caps["libcufile"], "1.5.0.59")
    assert not admits(caps["cuda-cudart"], "12.0.107")


def test_a_part_that_is_apart_already_is_left_to_an_unrelated_command() -> None:
    installed = (TORCH_121, make_component("libcurand 10.3.5.119 0", channel="nvidia"))
    plan = make_plan(make_host("12.4", L4), Settings(), make_request("tqdm", channels=OLD_CHANNELS), installed)
    cohering = {pin.name for pin in plan.caps if pin.kind is Kind.COHERENCE}
    assert "libcufile" in cohering
    assert "libcurand" not in cohering


def test_a_range_of_toolkits_fixes_none() -> None:
    request = make_request("pytorch", "cuda-version>=11.8,<13", channels=OLD_CHANNELS)
    plan = make_plan(make_host("12.4", L4), Settings(), request, ())
    assert {pin.kind for pin in plan.caps} == {Kind.CAP}


def test_a_part_that_the_user_names_is_not_bound_by_coherence() -> None:
    request = make_request("pytorch-cuda=11.8", "libcurand=10.3.5.119", channels=OLD_CHANNELS)
    plan = make_plan(make_host("12.4", L4), Settings(), request, ())
    assert [pin.version for pin in plan.caps if pin.name == "libcurand" and pin.kind is Kind.COHERENCE] == []


def test_the_drivers_minor_is_kept_for_last() -> None:
    plan = plan_for("12.4", "cupy")
    assert {pin.version for pin in plan.minor_caps} == {"<12.5a0"}
    assert (plan.minor_below, plan.driver_minor) == (CudaVersion(12, 5), CudaVersion(12, 4))


@pytest.mark.parametrize(
    ("driver", "spec", "level"),
    [
        ("12.4", "cupy", "minor"),
        ("12.4", "cupy", "major"),
        ("10.2", "cupy", "auto"),
        (None, "cupy", "auto"),
        ("12.4", "cuda-version=12.6", "auto"),
    ],
)
def test_no_minor_is_aligned_where_level_or_request_say_it(driver: str | None, spec: str, level: str) -> None:
    plan = plan_for(driver, spec, settings=Settings(level=level))
    assert (plan.minor_caps, plan.minor_below, plan.driver_minor) == ((), None, None)


def test_blackwell_has_a_floor_that_keeps_to_the_cap() -> None:
    plan = make_plan(make_host("12.9", RTX5090), Settings(), make_request("pytorch"), ())
    assert plan.floor is not None
    assert [admits(plan.floor.version, text) for text in ("12.6", "12.8", "12.9", "13.0")] == [False, True, True, False]
    assert "12.0" in plan.floor.reason


@pytest.mark.parametrize(("driver", "gpus"), [("12.4", (RTX5090,)), ("12.4", (L4,)), ("12.9", ()), (None, (RTX5090,))])
def test_no_floor_above_the_limit_nor_for_what_every_toolkit_has(driver: str | None, gpus: tuple[str, ...]) -> None:
    plan = make_plan(make_host(driver, *gpus), Settings(level="minor"), make_request("pytorch"), ())
    assert plan.floor is None or admits(plan.floor.version, "11.8")


def test_channels_and_priority_come_from_the_settings() -> None:
    plan = plan_for(None, "numpy", settings=Settings(channels=("conda-forge",), channel_priority="strict"))
    assert (plan.channels, plan.channel_priority) == (("conda-forge",), "strict")


def test_of_two_pins_for_one_name_the_later_stays() -> None:
    first, other, later = Pin("a", ">=1"), Pin("b", ">=1"), Pin("a", ">=2")
    assert overlay((first, other), (later,)) == (later, other)
