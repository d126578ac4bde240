"""The steps beyond a first solution, one by one: what calls for them, and what they ask for."""

from __future__ import annotations

import pytest

from conda_cuda_pin.climb import Step, align_minor, find_step
from conda_cuda_pin.component import read_components
from conda_cuda_pin.package import Package
from conda_cuda_pin.pin import Kind
from conda_cuda_pin.plan import make_plan
from conda_cuda_pin.settings import Settings

from .fakes import L4, OLD_CHANNELS, RTX5090, make_host, make_package, make_request

CPU_TORCH = make_package("pytorch 2.7 cpu_0")
CUDA_TORCH = make_package("pytorch 2.7 cuda129_0", "cuda-version >=12.9,<13")
CPU_VISION = make_package("torchvision 0.22 cpu_0")
CPU_BOOST = make_package("libxgboost 3.1 cpu_0")
CUPY = make_package("cupy 14.1 py312h0", "cuda-version >=12,<13", "python")


def step_for(
    driver: str | None,
    solution: tuple[Package, ...],
    *specs: str,
    installed: tuple[Package, ...] = (),
    gpu: str = L4,
    settings: Settings | None = None,
) -> Step | None:
    """Return the step after a first solution."""
    request = make_request(*specs, channels=OLD_CHANNELS)
    host = make_host(driver, gpu) if driver else make_host(None)
    plan = make_plan(host, settings or Settings(), request, read_components(installed))
    return find_step(plan, request, installed, solution)


def names_of(step: Step | None) -> list[set[str]]:
    """Return the names that each attempt pins."""
    return [{pin.name for pin in pins} for pins in step.attempts] if step else []


TORCH = {"pytorch", "libtorch", "torchvision", "torchaudio", "deepspeed"}
BOOST = {"libxgboost", "py-xgboost"}


def test_a_new_cpu_build_calls_for_its_family() -> None:
    assert names_of(step_for("12.9", (CPU_TORCH,), "pytorch")) == [TORCH]


def test_cheap_families_alone_are_asked_for_once() -> None:
    assert names_of(step_for("12.9", (CPU_BOOST,), "xgboost")) == [BOOST]


def test_cheap_families_beside_dear_ones_are_given_up_second() -> None:
    assert names_of(step_for("12.9", (CPU_TORCH, CPU_BOOST), "x")) == [TORCH | BOOST, TORCH]


@pytest.mark.parametrize(
    ("specs", "installed", "settings"),
    [
        (("pytorch=*=cpu*",), (), Settings()),
        (("cpuonly", "pytorch"), (), Settings()),
        (("pytorch=*=*generic*",), (), Settings()),
        (("pytorch",), (CPU_TORCH,), Settings()),
        (("torchvision",), (make_package("pytorch 2.6 cpu_0"),), Settings()),
        (("pytorch",), (), Settings(variant="cpu")),
    ],
    ids=["asked-for", "selected", "asked-for-something-else", "unchanged", "lived-with", "set"],
)
def test_a_cpu_build_that_somebody_chose_calls_for_nothing(
    specs: tuple[str, ...], installed: tuple[Package, ...], settings: Settings
) -> None:
    assert step_for("12.9", (CPU_TORCH,), *specs, installed=installed, settings=settings) is None


def test_a_cuda_build_calls_for_nothing_where_cuda_runs() -> None:
    assert step_for("12.9", (CUDA_TORCH, CUPY), "pytorch") is None


def test_a_cuda_build_calls_for_a_cpu_build_where_cuda_does_not_run() -> None:
    step = step_for(None, (CUDA_TORCH,), "pytorch")
    assert step is not None
    assert {pin.build for pin in step.attempts[0]} == {"*cpu*"}


def test_a_hold_is_not_overlaid_by_a_preference() -> None:
    installed = (CUDA_TORCH,)
    assert names_of(step_for("12.9", (CUDA_TORCH, CPU_VISION), "torchvision", installed=installed)) == [
        TORCH - {"pytorch"}
    ]


@pytest.mark.parametrize(("gpu", "driver", "floor"), [(RTX5090, "12.9", True), (L4, "12.9", False)])
def test_a_toolkit_without_kernels_for_the_gpu_calls_for_a_newer_one(gpu: str, driver: str, floor: bool) -> None:
    step = step_for(driver, (make_package("cuda-version 12.6 0"), CUPY), "cupy", gpu=gpu)
    assert names_of(step) == ([{"cuda-version"}] if floor else [])


def test_a_toolkit_that_was_there_before_calls_for_nothing() -> None:
    old = make_package("cuda-version 12.6 0")
    assert step_for("12.9", (old, CUPY), "cupy", installed=(old,), gpu=RTX5090) is None


SELECTOR = make_package("pytorch-cuda 12.1 0", channel="pytorch")


@pytest.mark.parametrize(("curand", "apart"), [("10.3.5.119", True), ("10.3.2.56", False)])
def test_a_part_newer_than_the_selector_calls_for_coherence(curand: str, apart: bool) -> None:
    step = step_for("12.9", (SELECTOR, make_package(f"libcurand {curand} 0", channel="nvidia")), "pytorch-cuda")
    assert (step is not None) is apart
    assert step is None or {pin.kind for pin in step.attempts[0]} == {Kind.COHERENCE}


def align(driver: str, *solution: Package, installed: tuple[Package, ...] = ()) -> Step | None:
    """Return the last step."""
    request = make_request("cupy")
    plan = make_plan(make_host(driver, L4), Settings(), request, read_components(installed))
    return align_minor(plan, request, installed, solution)


SELECTED = make_package("cuda-version 12.9 0")
PYTHON = make_package("python 3.12.7 0")


def test_alignment_freezes_everything_that_was_chosen() -> None:
    step = align("12.6", SELECTED, CUPY, PYTHON)
    assert step is not None
    exact, within = ({pin.name: pin.version for pin in pins} for pins in step.attempts)
    assert (exact["cupy"], exact["python"], exact["cuda-version"]) == ("==14.1", "==3.12.7", "==12.6")
    assert (within["cupy"], within["python"], within["cuda-version"]) == ("==14.1", "==3.12.7", "<12.7a0")


@pytest.mark.parametrize(
    ("driver", "solution", "installed"),
    [
        ("12.9", (SELECTED, CUPY), ()),
        ("13.0", (SELECTED, CUPY), ()),
        ("12.6", (SELECTED, CUPY), (SELECTED,)),
        ("12.6", (SELECTED, CUPY, CUDA_TORCH), ()),
        ("12.6", (CUPY, PYTHON), ()),
    ],
    ids=["same-minor", "newer-driver", "there-before", "needed", "no-toolkit"],
)
def test_no_alignment_where_it_is_not_free_or_not_called_for(
    driver: str, solution: tuple[Package, ...], installed: tuple[Package, ...]
) -> None:
    assert align(driver, *solution, installed=installed) is None


def test_a_frozen_cuda_build_stays_one() -> None:
    extension = make_package("dgl 2.4 cuda120_0", "cuda-version >=12,<13")
    step = align("12.6", SELECTED, extension, CPU_BOOST)
    assert step is not None
    assert {pin.name: pin.build for pin in step.attempts[0]}["dgl"] == "*cu*"
    assert {pin.name: pin.build for pin in step.attempts[0]}["libxgboost"] == ""


SBSA = make_package("arm-variant 1.2.0 sbsa")
TEGRA = make_package("arm-variant 1.2.0 tegra")


@pytest.mark.parametrize(
    ("driver", "kinds", "variant", "asks"),
    [
        ("12.6", ("tegra",), SBSA, True),
        ("12.6", ("tegra",), TEGRA, False),
        ("13.0", ("tegra",), SBSA, False),
        ("12.6", (), SBSA, False),
    ],
)
def test_a_jetson_asks_for_its_own_builds(driver: str, kinds: tuple[str, ...], variant: Package, asks: bool) -> None:
    request = make_request("cupy")
    plan = make_plan(make_host(driver, "8.7", kinds=kinds), Settings(), request, ())
    step = find_step(plan, request, (), (variant, CUPY))
    assert names_of(step) == ([{"arm-variant"}] if asks else [])


def test_alignment_keeps_the_variant_of_the_board() -> None:
    step = align("12.6", SELECTED, CUPY, TEGRA)
    assert step is not None
    assert all({pin.name: pin.build for pin in pins}["arm-variant"] == "tegra" for pins in step.attempts)
