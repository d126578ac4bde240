"""The ladder gives up nothing: no version, no CUDA build that runs, and at most two solves more."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.commands.cells import FRAMEWORKS, TOOLKITS, Cell, fill
from tests.commands.ladder import HEAD, lay_out
from tests.commands.user import Build, Setup, User
from tests.rig.build import DEFAULT

pytestmark = pytest.mark.conda

ASKED_CPU = ("pytorch=*=cpu*", "pytorch-cpu")
ALIGNED = ("cuda-", "libcu", "libnv", "nccl", *TOOLKITS)
"""Beginnings of the names of what belongs to a toolkit, and goes with its minor."""
_cells: dict[Setup, tuple[Cell, ...]] = {}


@pytest.fixture
def cells(setup: Setup, tmp_path_factory: pytest.TempPathFactory) -> tuple[Cell, ...]:
    """Every cell of a setup, solved once."""
    if setup not in _cells:
        _cells[setup] = tuple(fill(setup, tmp_path_factory.mktemp("cells")))
    return _cells[setup]


@cache
def read_channel() -> tuple[dict[str, Any], ...]:
    file = DEFAULT / "channels" / "conda-forge" / "linux-64" / "repodata.json"
    return tuple(json.loads(file.read_text())["packages"].values())


def find_cuda_builds(build: Build) -> Iterator[int]:
    """Yield the CUDA majors that a version is built for, where its build is a CPU build."""
    if not build.build.startswith("cpu"):
        return
    for record in read_channel():
        if (record["name"], record["version"]) == (build.name, build.version):
            spec = next((spec for spec in record["depends"] if spec.startswith("cuda-version")), "")
            yield from [int(spec.split(">=")[1].split(".")[0].split(",")[0])] if ">=" in spec else []


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def test_what_runs_is_chosen(cells: tuple[Cell, ...]) -> None:
    unfit = [(cell.request, cell.driver) for cell in cells if cell.driver and not cell.runs(cell.ours)]
    assert unfit == [("cupy", "11.4")]  # there is none for CUDA 11 in the channel: it is refused


def test_no_framework_version_is_traded_away(cells: tuple[Cell, ...]) -> None:
    for cell in cells:
        for plain in cell.plain.frameworks if cell.runs(cell.plain) else ():
            ours = cell.ours.find(plain.name)
            assert ours is not None, (cell.request, cell.driver)
            assert numbers(ours.version) >= numbers(plain.version), (cell.request, cell.driver)


def test_no_cpu_build_where_the_version_has_a_cuda_build_that_runs(cells: tuple[Cell, ...]) -> None:
    for cell in cells:
        if cell.driver and cell.request not in ASKED_CPU:
            for build in cell.ours.frameworks:
                running = [major for major in find_cuda_builds(build) if major <= cell.version[0]]
                assert running == [], (cell.request, cell.driver, build)


def test_cpu_where_it_is_asked_for_and_where_there_is_no_driver(cells: tuple[Cell, ...]) -> None:
    chosen = [cell.ours for cell in cells if cell.request in ASKED_CPU or not cell.driver]
    builds = [build for choice in chosen for build in choice.frameworks if build.name != "cupy"]
    assert len(builds) > len(FRAMEWORKS)
    assert [build for build in builds if build.build.startswith("cuda")] == []


def test_few_solves(user: User, cells: tuple[Cell, ...]) -> None:
    most = 2 if user.solver == "classic" else 3
    assert [(cell.request, cell.driver) for cell in cells if not 1 <= cell.solves <= most] == []
    assert {cell.solves for cell in cells if cell.request == "pandas"} == {1}


def test_what_is_right_is_left_as_it_is(cells: tuple[Cell, ...]) -> None:
    for cell in cells:
        cpu = any(build.build.startswith("cpu") for build in cell.plain.frameworks)
        wished = cell.request in ASKED_CPU or not cell.driver
        if not cell.runs(cell.plain) or (cpu and not wished):
            continue
        differing = {build.name for build in cell.plain.packages ^ cell.ours.packages}
        newer = bool(cell.driver) and cell.plain.cuda > cell.version  # of the driver's major, and above its minor
        assert [name for name in differing if not newer or not name.startswith(ALIGNED)] == [], cell


def test_table_is_printed(cells: tuple[Cell, ...]) -> None:

    rows = [lay_out(cell) for cell in cells]
    assert {len(row) for row in rows} == {len(HEAD)}
    assert [row for row in rows if not all(row)] == []
