"""The ladder over a small universe: how many solves, what is kept, and what is refused."""

from __future__ import annotations

import pytest

from conda_cuda_pin.component import read_components
from conda_cuda_pin.errors import UnsolvableError
from conda_cuda_pin.ladder import Ascent, ExcludedError, Loss, climb
from conda_cuda_pin.package import Package
from conda_cuda_pin.plan import make_plan
from conda_cuda_pin.settings import Settings

from .fakes import L4, RTX5090, UNIVERSE, FakeSolver, make_host, make_package, make_request, make_universe

CUDA_TORCH = make_universe("pytorch 2.7 cuda129: python 3.12.*; cuda-version >=12.9,<13")
INSTALLED = (*CUDA_TORCH, make_package("python 3.12.7 h0"), make_package("cuda-version 12.9 h0"))


def solve(
    driver: str | None,
    *specs: str,
    installed: tuple[Package, ...] = (),
    universe: tuple[Package, ...] = UNIVERSE,
    extra: int = 2,
    gpu: str = L4,
    settings: Settings | None = None,
) -> tuple[Ascent, FakeSolver]:
    """Climb the ladder for a request on a host."""
    request = make_request(*specs)
    solver = FakeSolver(universe, request, installed, extra)
    host = make_host(driver, gpu) if driver else make_host(None)
    plan = make_plan(host, settings or Settings(), request, read_components(installed))
    ascent = climb(solver, plan, request, installed)
    assert ascent.solves == len(solver.calls)
    assert ascent.solves <= 1 + extra
    return ascent, solver


def build_of(ascent: Ascent, name: str) -> str:
    """Return ``version build`` of a package in the solution."""
    return next(f"{p.version} {p.build}" for p in ascent.solution.packages if p.name == name)


ONE_SOLVE = [
    ("13.0", ("pytorch",), "pytorch", "2.7 cuda130"),
    ("12.9", ("pytorch",), "pytorch", "2.7 cuda129"),
    ("12.4", ("pytorch",), "pytorch", "2.7 cuda129"),
    ("13.0", ("tqdm",), "tqdm", "4.66 h0"),
    ("12.9", ("cupy",), "cuda-version", "12.9 h0"),
    ("12.9", ("torchvision=*=cpu*",), "pytorch", "2.7 cpu_py312"),
    ("12.9", ("libxgboost=*=cpu*",), "libxgboost", "3.1 cpu_0"),
    (None, ("torchvision",), "torchvision", "0.22 cpu_py312"),
]


@pytest.mark.parametrize(
    ("driver", "specs", "name", "build"), ONE_SOLVE, ids=[f"{driver}-{specs[0]}" for driver, specs, *_ in ONE_SOLVE]
)
def test_one_solve_where_all_is_well(driver: str | None, specs: tuple[str, ...], name: str, build: str) -> None:
    ascent, _ = solve(driver, *specs)
    assert build_of(ascent, name) == build
    assert (ascent.solves, ascent.refused) == (1, ())


@pytest.mark.parametrize(("driver", "build"), [("13.0", "cuda130"), ("12.9", "cuda129"), ("12.4", "cuda129")])
@pytest.mark.parametrize("specs", [("torchvision",), ("pytorch", "torchvision")], ids=" ".join)
def test_it_climbs_for_a_cpu_build_that_nobody_asked_for(driver: str, build: str, specs: tuple[str, ...]) -> None:
    universe = UNIVERSE if len(specs) == 1 else tuple(sorted(UNIVERSE, key=lambda p: not p.build.startswith("cpu")))
    ascent, _ = solve(driver, *specs, universe=universe)
    assert build_of(ascent, "torchvision") == f"0.22 {build}"
    assert build_of(ascent, "pytorch") == f"2.7 {build}"
    assert ascent.solves == 2


def test_a_framework_is_not_traded_for_its_variant() -> None:
    ascent, _ = solve("11.4", "torchvision")
    assert build_of(ascent, "pytorch") == "2.7 cpu_py312"
    assert Loss("pytorch", "2.7", "2.1") in ascent.refused
    assert Loss("python", "3.12", "3.11") in ascent.refused
    assert ascent.solves == 2


@pytest.mark.parametrize("spec", ["torchvision", "numpy"])
def test_what_was_requested_is_not_traded_either(spec: str) -> None:
    universe = make_universe(
        "torchvision 0.22 cpu_0", "torchvision 0.22 cuda129", "numpy 2.1 0", "numpy 1.26 0: torchvision * cuda*"
    )
    clash = tuple(Package("torchvision", "0.22", "cuda129", "f", ("numpy 1.26",)) if p.build == "cuda129" else p
                  for p in universe)  # fmt: skip
    ascent, _ = solve("12.9", "torchvision", spec, universe=clash)
    taken = build_of(ascent, "torchvision").endswith("cuda129")
    assert taken is (spec == "torchvision")  # numpy may go down where nobody named it


def test_a_patch_of_python_is_traded_but_not_its_minor() -> None:
    lines = ("python 3.12.7 0", "python 3.12.6 0", "jaxlib 0.10 cpu_0: python", "jaxlib 0.10 cuda129: python 3.12.6")
    ascent, _ = solve("12.9", "jaxlib", universe=make_universe(*lines))
    assert build_of(ascent, "jaxlib") == "0.10 cuda129"
    older = make_universe(*lines[:2], "python 3.11.9 0", lines[2], "jaxlib 0.10 cuda129: python 3.11.*")
    ascent, _ = solve("12.9", "jaxlib", universe=older)
    assert build_of(ascent, "jaxlib") == "0.10 cpu_0"
    assert ascent.refused == (Loss("python", "3.12", "3.11"),)


CHEAP_STANDS_IN_THE_WAY = make_universe(
    "jaxlib 0.10 cpu_0", "jaxlib 0.10 cuda129", "libxgboost 3.1 cpu_0", "libxgboost 2.0 cuda129"
)


def test_cheap_families_lose_their_preference_first() -> None:
    ascent, solver = solve("12.9", "jaxlib", "libxgboost", universe=CHEAP_STANDS_IN_THE_WAY)
    assert build_of(ascent, "jaxlib") == "0.10 cuda129"
    assert build_of(ascent, "libxgboost") == "3.1 cpu_0"
    assert "libxgboost" in {pin.name for pin in solver.calls[1]}
    assert "libxgboost" not in {pin.name for pin in solver.calls[2]}


def test_a_solver_with_one_extra_solve_gets_no_second() -> None:
    ascent, _ = solve("12.9", "jaxlib", "libxgboost", universe=CHEAP_STANDS_IN_THE_WAY, extra=1)
    assert build_of(ascent, "jaxlib") == "0.10 cpu_0"
    assert ascent.solves == 2


def test_variant_cpu_prefers_cpu_builds() -> None:
    ascent, _ = solve("12.9", "pytorch", settings=Settings(variant="cpu"))
    assert build_of(ascent, "pytorch") == "2.7 cpu_py312"


def test_variant_cuda_prefers_cuda_builds_without_a_driver() -> None:
    ascent, _ = solve(None, "torchvision", settings=Settings(variant="cuda"))
    assert "cuda" in build_of(ascent, "pytorch")


def test_a_host_that_runs_no_cuda_gets_cpu_builds_of_the_same_version() -> None:
    ascent, _ = solve(None, "pytorch")
    assert build_of(ascent, "pytorch") == "2.7 cpu_py312"
    assert ascent.solves == 2


def test_a_demand_for_cuda_is_met_without_a_driver() -> None:
    ascent, _ = solve(None, "pytorch", "cuda-version=12.9")
    assert build_of(ascent, "pytorch") == "2.7 cuda129"
    assert ascent.solves == 1


def test_the_floor_of_a_gpu_is_reached_within_the_cap() -> None:
    lines = ("cuda-version 12.6 0", "cuda-version 13.0 0", "cuda-version 12.9 0", "cupy 14 0: cuda-version >=12,<14")
    ascent, _ = solve("12.9", "cupy", universe=make_universe(*lines), gpu=RTX5090)
    assert build_of(ascent, "cuda-version") == "12.9 0"


def test_pins_that_exclude_every_solution_are_named_with_what_would_be_without() -> None:
    universe = make_universe("cuda-version 13.0 0", "cupy 14 0: cuda-version >=13,<14")
    with pytest.raises(ExcludedError) as caught:
        solve("12.4", "cupy", universe=universe)
    assert "cuda-version 13.0 0" in map(str, caught.value.without.packages)
    assert "cuda-version" in {pin.name for pin in caught.value.pins}


def test_a_request_without_any_solution_is_no_fault_of_the_pins() -> None:
    universe = make_universe("cupy 14 0: numba >=9", "numba 8 0")
    with pytest.raises(UnsolvableError) as caught:
        solve("12.4", "cupy", universe=universe)
    assert not isinstance(caught.value, ExcludedError)
