"""The ladder in an environment that has something: holds, alignment, coherence, and the count of solves."""

from __future__ import annotations

import pytest

from conda_cuda_pin.component import read_components
from conda_cuda_pin.errors import UnsolvableError
from conda_cuda_pin.ladder import ExcludedError, Solution, climb, find_losses
from conda_cuda_pin.plan import make_plan
from conda_cuda_pin.settings import Settings

from .fakes import (
    L4,
    OLD_CHANNELS,
    RTX5090,
    UNIVERSE,
    FakeSolver,
    is_newer,
    make_host,
    make_package,
    make_request,
    make_universe,
)
from .test_ladder import INSTALLED, build_of, solve


def test_an_unrelated_command_changes_nothing() -> None:
    ascent, _ = solve("11.4", "tqdm", installed=INSTALLED)
    assert set(INSTALLED) <= set(ascent.solution.packages)
    assert ascent.solves == 1


def test_an_extension_joins_the_held_build_in_its_variant() -> None:
    ascent, _ = solve("12.9", "torchvision", installed=INSTALLED)
    assert build_of(ascent, "torchvision") == "0.22 cuda129"
    assert build_of(ascent, "pytorch") == "2.7 cuda129"


def test_a_held_build_stays_cuda_where_no_driver_is_seen() -> None:
    """A login node: the environment is meant for another machine."""
    ascent, _ = solve(None, "torchvision", installed=INSTALLED)
    assert build_of(ascent, "pytorch") == "2.7 cuda129"
    assert ascent.solves == 1


def test_a_preference_never_loosens_a_hold() -> None:
    universe = make_universe("torchaudio 2.7 cpu_0", "torchaudio 2.7 cuda129: pytorch >=2.5 cuda129*")
    old = make_universe("pytorch 2.5 cuda129", "pytorch 2.7 cuda129")
    held = make_package("pytorch 2.7 cuda129")
    ascent, solver = solve("12.9", "torchaudio", universe=(*universe, *old), installed=(held,))
    assert build_of(ascent, "torchaudio") == "2.7 cuda129"
    versions = [pin.version for pins in solver.calls for pin in pins if pin.name == "pytorch"]
    assert versions == [">=2.7", ">=2.7"]


HELD_APART = make_universe(
    "python 3.12.7 0",
    "python 3.11.9 0",
    "pytorch 2.7 cuda129: python 3.12.*",
    "pytorch 2.6 cuda126: python 3.11.*",
    "pytorch 2.7 cpu_0: python 3.11.*",
)
APART = tuple(package for package in HELD_APART if str(package) in ("python 3.12.7 0", "pytorch 2.7 cuda129"))


def test_a_hold_gives_way_in_version_where_the_request_forces_it_and_stays_cuda() -> None:
    ascent, solver = solve("12.9", "python=3.11.9", universe=HELD_APART, installed=APART)
    assert build_of(ascent, "pytorch") == "2.6 cuda126"
    assert ascent.solves == len(solver.calls) == 2


def test_a_hold_gives_way_in_version_where_plain_conda_would_keep_a_cuda_build_too() -> None:
    universe = (*HELD_APART[:-1], *make_universe("old 1 0: python 3.11.*"))
    ascent, _ = solve("12.9", "old", universe=universe, installed=APART)
    assert build_of(ascent, "pytorch") == "2.6 cuda126"
    assert (ascent.solves, ascent.pins) == (2, ())


def test_a_hold_does_not_give_way_to_a_cpu_build() -> None:
    universe = tuple(p for p in HELD_APART if p.version != "2.6") + make_universe("old 1 0: python 3.11.*")
    with pytest.raises(ExcludedError) as caught:
        solve("12.9", "old", universe=universe, installed=APART)
    assert "pytorch" in {pin.name for pin in caught.value.pins}


def test_a_missing_package_costs_no_further_solve() -> None:
    request = make_request("pytorhc")
    solver = FakeSolver(UNIVERSE, request, INSTALLED)
    plan = make_plan(make_host("12.4", L4), Settings(), request, read_components(INSTALLED))
    with pytest.raises(UnsolvableError) as caught:
        climb(solver, plan, request, INSTALLED)
    assert caught.value.missing
    assert len(solver.calls) == 1


def test_without_pins_a_failure_costs_no_further_solve() -> None:
    request = make_request("cupy=99")
    solver = FakeSolver(UNIVERSE, request)
    plan = make_plan(make_host(None), Settings(), request, ())
    with pytest.raises(UnsolvableError):
        climb(solver, plan, request, ())
    assert len(solver.calls) == 1


@pytest.mark.parametrize("extra", [1, 2])
def test_a_failure_takes_one_solve_more_than_a_success_for_its_explanation(extra: int) -> None:
    universe = tuple(package for package in HELD_APART if str(package) != "pytorch 2.6 cuda126")
    request = make_request("python=3.11.9")
    solver = FakeSolver(universe, request, APART, extra)
    plan = make_plan(make_host("12.9", L4), Settings(), request, read_components(APART))
    with pytest.raises(UnsolvableError):
        climb(solver, plan, request, APART)
    assert len(solver.calls) <= 1 + extra + 1


def test_the_minor_is_aligned_exactly_where_that_is_free() -> None:
    ascent, solver = solve("12.6", "cupy")
    assert build_of(ascent, "cuda-version") == "12.6 h0"
    assert build_of(ascent, "cupy") == "14.1 py312h0"
    exact = {pin.name: pin.version for pin in solver.calls[-1]}
    assert exact["cuda-version"] == "==12.6"
    assert exact["cupy"] == "==14.1"
    assert ascent.solves == 2


def test_the_minor_is_aligned_below_where_its_own_toolkit_is_missing() -> None:
    universe = tuple(package for package in UNIVERSE if str(package) != "cuda-version 12.6 h0")
    ascent, _ = solve("12.6", "cupy", universe=universe)
    assert build_of(ascent, "cuda-version") == "12.4 h0"
    assert ascent.solves == 3


def test_the_minor_is_not_aligned_where_a_build_needs_the_newer_one() -> None:
    ascent, _ = solve("12.4", "pytorch")
    assert build_of(ascent, "cuda-version") == "12.9 h0"
    assert ascent.solves == 1


def test_what_alignment_would_cost_is_not_told_as_the_price_of_cuda() -> None:
    lines = ("cuda-version 12.9 0", "cuda-version 12.4 0: numba 0.60", "cupy 14 0: cuda-version >=12,<13")
    universe = make_universe(*lines, "numba 0.61 0", "numba 0.60 0")
    ascent, _ = solve("12.4", "cupy", "numba", universe=universe)
    assert build_of(ascent, "numba") == "0.61 0"
    assert ascent.refused == ()


def test_what_a_floor_would_cost_is_not_told_as_the_price_of_cuda() -> None:
    lines = ("cuda-version 12.6 0", "cuda-version 12.9 0: numba 0.60", "cupy 14 0: cuda-version >=12,<13")
    universe = make_universe(*lines, "numba 0.61 0", "numba 0.60 0")
    ascent, _ = solve("12.9", "cupy", "numba", universe=universe, gpu=RTX5090)
    assert build_of(ascent, "cuda-version") == "12.6 0"
    assert (ascent.refused, ascent.solves) == ((), 2)


NOW = Solution(make_universe("python 3.12.7 0", "pytorch 2.7 cpu_0", "tqdm 4 0", "numpy 2.1 0"))


@pytest.mark.parametrize(
    ("offered", "specs", "losses"),
    [
        (("python 3.12.6 0", "pytorch 2.7 cuda129_0", "tqdm 3 0", "numpy 1 0"), ("pytorch",), []),
        (("python 3.13.0 0", "pytorch 2.8 cuda129_0", "tqdm 4 0", "numpy 2 0"), ("pytorch",), []),
        (("python 3.12.7 0", "pytorch 2.7 cuda129_0", "tqdm 4 0", "numpy 1 0"), ("numpy",), [("numpy", "2.1", "1")]),
        (("python 3.12.7 0", "tqdm 4 0", "numpy 2.1 0"), ("tqdm",), [("pytorch", "2.7", "none")]),
        (("pytorch 2.7 cuda129_0", "numpy 2.1 0"), ("numpy",), [("python", "3.12.7", "none")]),
        (("python 3.12.7 0", "pytorch 2.1 cuda118_0"), ("x", "cuda-version=11.8"), []),
    ],
    ids=["patch-of-python", "all-newer", "requested", "framework-gone", "python-gone", "demanded"],
)
def test_losses(offered: tuple[str, ...], specs: tuple[str, ...], losses: list[tuple[str, str, str]]) -> None:
    found = find_losses(NOW, Solution(make_universe(*offered)), make_request(*specs), is_newer)
    assert [(loss.name, loss.kept, loss.offered) for loss in found] == losses


APART_PARTS = make_universe("pytorch-cuda 11.8 0: libcurand >=10.3", "libcurand 10.3.5.119 0", "libcurand 10.3.0.86 0")


def test_parts_of_another_toolkit_are_brought_together() -> None:
    request = make_request("pytorch-cuda", channels=OLD_CHANNELS)
    solver = FakeSolver(APART_PARTS, request)
    ascent = climb(solver, make_plan(make_host("12.4", L4), Settings(), request, ()), request, ())
    assert build_of(ascent, "libcurand") == "10.3.0.86 0"
    assert ascent.solves == 2


def test_parts_that_cannot_be_brought_together_are_left() -> None:
    request = make_request("pytorch-cuda", channels=OLD_CHANNELS)
    solver = FakeSolver(APART_PARTS[:2], request)
    ascent = climb(solver, make_plan(make_host("12.4", L4), Settings(), request, ()), request, ())
    assert build_of(ascent, "libcurand") == "10.3.5.119 0"
