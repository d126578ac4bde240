"""Requests without a solution, and changes that go through: what is said, and when nothing is."""

from __future__ import annotations

import pytest

from conda_cuda_pin.errors import UnsolvableError
from conda_cuda_pin.explain.outcome import describe_outcome
from conda_cuda_pin.explain.unsolvable import describe_excluded, describe_lacking, find_broken
from conda_cuda_pin.judge import judge_change
from conda_cuda_pin.ladder import ExcludedError, Solution, climb
from conda_cuda_pin.package import Package
from conda_cuda_pin.pin import Kind, Pin
from conda_cuda_pin.plan import make_plan
from conda_cuda_pin.settings import Settings

from .fakes import L4, UNIVERSE, FakeSolver, make_host, make_package, make_request

HOST = make_host("12.4", L4)
CAP = Pin("cuda-version", "<13.0a0", reason="the driver runs CUDA 12.4")
HOLD = Pin("pytorch", ">=2.7.1", "*cu*", Kind.HOLD, "pytorch 2.7.1 cuda126_0 is a CUDA build")
SELECTOR_13 = make_package("cuda-version 13.0 0")


def exclude(pins: tuple[Pin, ...], *without: Package) -> ExcludedError:
    return ExcludedError(Solution(without), pins, UnsolvableError("no solution"))


def test_an_excluded_request_names_the_pin_its_reason_the_choice_and_the_way_out() -> None:
    text = describe_excluded(exclude((CAP, HOLD), SELECTOR_13), make_request("cupy"), HOST)
    for words in ("conda install cupy", "cuda-version<13.0", CAP.reason, "cuda-version 13.0 0", "CUDA_PIN_MODE=warn"):
        assert words in text
    assert "kept to  cuda-version" in text
    assert HOLD.reason not in text


def test_an_excluded_request_says_that_a_build_is_held() -> None:
    text = describe_excluded(exclude((CAP, HOLD), make_package("pytorch 2.8 cpu_0")), make_request("python=3.13"), HOST)
    assert "installed CUDA builds" in text.splitlines()[0]
    assert HOLD.reason in text


BROKEN = [
    (CAP, "cuda-version 13.0 0"),
    (HOLD, "pytorch 2.8 cpu_0"),
    (HOLD, "pytorch 2.6 cuda126_0"),
    (HOLD, "pytorch 2.7.0 cuda126_0"),
    (Pin("libcurand", "<10.3.1.50"), "libcurand 10.3.5.119 0"),
    (Pin("cuda90", "<0"), "cuda90 1.0 0"),
    (Pin("cuda-version", ">=12.8,<13.0a0"), "cuda-version 12.6 0"),
]
KEPT = [
    (CAP, "cuda-version 12.9 0"),
    (CAP, "cudatoolkit 13.0 0"),
    (HOLD, "pytorch 2.8 cuda129_0"),
    (HOLD, "pytorch 2.7.1 cuda129_0"),
    (Pin("libcurand", "<10.3.1.50"), "libcurand 10.3.0.86 0"),
]


@pytest.mark.parametrize(("pin", "text"), BROKEN, ids=[f"{pin}-{text}" for pin, text in BROKEN])
def test_a_pin_is_broken_by_version_or_build(pin: Pin, text: str) -> None:
    package = make_package(text)
    assert find_broken((pin,), (package,)) == [(pin, package)]


@pytest.mark.parametrize(("pin", "text"), KEPT, ids=[f"{pin}-{text}" for pin, text in KEPT])
def test_a_pin_is_kept(pin: Pin, text: str) -> None:
    assert find_broken((pin,), (make_package(text),)) == []


@pytest.mark.parametrize(
    ("driver", "head", "level"), [(None, "no NVIDIA driver", "13"), ("12.4", "the driver runs CUDA 12.4", "13")]
)
def test_a_request_that_lacks_a_driver_says_which_and_how_to_have_it_for_another_host(
    driver: str | None, head: str, level: str
) -> None:
    packages = (make_package("pytorch 2.9 cuda130_0", "cuda-version >=13.0,<14"),)
    text = describe_lacking(packages, make_request("pytorch=2.9=cuda130*"), make_host(driver))
    assert text.startswith(head)
    for words in ("pytorch 2.9", f"CUDA {level}", "CONDA_OVERRIDE_CUDA=13.0 conda install"):
        assert words in text


def outcome(driver: str | None, *specs: str, installed: tuple[Package, ...] = ()) -> list[str]:
    """Return what is said of a request that was solved over the small universe."""
    host, request, settings = make_host(driver, L4) if driver else make_host(None), make_request(*specs), Settings()
    plan = make_plan(host, settings, request, ())
    ascent = climb(FakeSolver(UNIVERSE, request, installed), plan, request, installed)
    judgement = judge_change(host, settings, request, installed, ascent.solution.packages)
    return describe_outcome(plan, ascent, judgement, request, installed, {"cuda-version": "13.0"})


def test_a_variant_that_was_chosen_is_told_with_the_reason() -> None:
    (line,) = outcome("12.9", "torchvision")
    for words in ("CUDA 12.9", "chose CUDA builds", "torchvision 0.22", "pytorch 2.7"):
        assert words in line


def test_a_variant_that_was_not_worth_its_price_is_told_once_with_the_way_to_have_it() -> None:
    (line,) = outcome("11.4", "torchvision")
    for words in ("torchvision 0.16", "pytorch 2.1", "CUDA 11.4", "torchvision=*=*cu*"):
        assert words in line


def test_a_version_that_a_pin_kept_is_told_with_the_reason() -> None:
    (line,) = outcome("12.9", "pytorch")
    for words in ("CUDA 12.9", "cuda-version 12.9", "instead of 13.0"):
        assert words in line


@pytest.mark.parametrize(
    ("driver", "specs"),
    [("12.9", ("tqdm",)), (None, ("tqdm",)), ("12.9", ("pytorch=*=cpu*",)), (None, ("torchvision",))],
    ids=str,
)
def test_where_plain_conda_would_do_the_same_nothing_is_said(driver: str | None, specs: tuple[str, ...]) -> None:
    assert outcome(driver, *specs) == []


def test_what_was_there_before_is_not_told_as_chosen() -> None:
    installed = (make_package("pytorch 2.7 cuda129"), make_package("cuda-version 12.9 h0"))
    assert outcome("12.9", "tqdm", installed=installed) == []
