"""The table of driver releases: rules that hold over all rows, and what is made of releases that have none."""

from __future__ import annotations

import json
from importlib import resources
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_cuda_pin.knowledge.drivers import branch_for_cuda, cuda_of_release, floor_of_major
from conda_cuda_pin.knowledge.table import load_table
from conda_cuda_pin.versions import CudaVersion, DriverRelease

TABLE = load_table("drivers")
SYSTEMS = pytest.mark.parametrize("windows", [False, True])


def rows_of(windows: bool, part: str = "rows") -> list[dict[str, Any]]:
    return [row for row in TABLE[part] if row["system"] == ("windows" if windows else "linux")]


releases = st.builds(
    lambda first, second: DriverRelease(f"{first}.{second:02}"), st.integers(300, 900), st.integers(0, 200)
)


def test_the_table_meets_its_schema() -> None:
    schema = json.loads((resources.files("conda_cuda_pin.knowledge") / "data/drivers.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(TABLE, schema, cls=jsonschema.Draft202012Validator)


@SYSTEMS
def test_newer_branches_offer_newer_versions(windows: bool) -> None:
    rows = rows_of(windows)
    for older, newer in pairwise(rows):
        assert older["branch"] < newer["branch"]
        assert CudaVersion.parse(older["cuda"]) < CudaVersion.parse(newer["cuda"])
        assert DriverRelease.parse(older["lowest"]) < DriverRelease.parse(newer["lowest"])


@SYSTEMS
def test_every_lowest_release_lies_in_its_own_branch(windows: bool) -> None:
    rows = rows_of(windows)
    for row, following in pairwise([*rows, {"branch": 10**6}]):
        assert row["branch"] <= DriverRelease.parse(row["lowest"]).branch < following["branch"]


@SYSTEMS
def test_every_row_can_be_found_both_ways(windows: bool) -> None:
    for row in rows_of(windows):
        cuda, lowest = CudaVersion.parse(row["cuda"]), DriverRelease.parse(row["lowest"])
        assert cuda_of_release(lowest, windows) == (cuda, False)
        assert branch_for_cuda(cuda, windows) == lowest


def test_both_systems_know_the_same_versions() -> None:
    assert [row["cuda"] for row in rows_of(False)] == [row["cuda"] for row in rows_of(True)]


@SYSTEMS
@given(one=releases, other=releases)
def test_a_newer_release_never_offers_less(windows: bool, one: DriverRelease, other: DriverRelease) -> None:
    low, high = sorted((one, other))
    older, newer = cuda_of_release(low, windows), cuda_of_release(high, windows)
    if older is not None:
        assert newer is not None
        assert older <= newer


@pytest.mark.parametrize(
    ("release", "cuda"),
    [
        ("550.9", "12.4"),  # 550.9 is older than 550.54.14, by numbers
        ("435.21", "10.1"),
        ("565.57.01", "12.7"),  # a version of which no toolkit exists
        ("610.57.04", "13.3"),
        ("570.153.02", "12.8"),
    ],
)
def test_releases_seen_on_linux(release: str, cuda: str) -> None:
    assert cuda_of_release(DriverRelease(release), windows=False) == (CudaVersion.parse(cuda), False)


@pytest.mark.parametrize(
    ("release", "cuda"),
    [("582.28", "13.0"), ("591.86", "13.1"), ("596.49", "13.2"), ("617.42", "13.4"), ("528.33", "12.0")],
)
def test_releases_seen_on_windows(release: str, cuda: str) -> None:
    assert cuda_of_release(DriverRelease(release), windows=True) == (CudaVersion.parse(cuda), False)


@SYSTEMS
def test_what_is_newer_than_every_row_offers_at_least_the_newest(windows: bool) -> None:
    newest = CudaVersion.parse(rows_of(windows)[-1]["cuda"])
    assert cuda_of_release(DriverRelease("900.10"), windows) == (newest, True)


@SYSTEMS
def test_what_is_older_than_every_row_offers_nothing_known(windows: bool) -> None:
    assert cuda_of_release(DriverRelease("304.137"), windows) is None


@SYSTEMS
def test_versions_without_a_row(windows: bool) -> None:
    assert branch_for_cuda(CudaVersion(99, 0), windows) is None
    assert branch_for_cuda(CudaVersion(11, 9), windows) == branch_for_cuda(CudaVersion(12, 0), windows)
    assert branch_for_cuda(CudaVersion(5, 0), windows) == DriverRelease.parse(rows_of(windows)[0]["lowest"])


@SYSTEMS
def test_floors_rise_and_offer_their_major(windows: bool) -> None:
    floors = rows_of(windows, "floors")
    for older, newer in pairwise(floors):
        assert older["major"] + 1 == newer["major"]
        assert DriverRelease.parse(older["lowest"]) < DriverRelease.parse(newer["lowest"])
    for row in floors:
        found = cuda_of_release(DriverRelease.parse(row["lowest"]), windows)
        assert found is not None
        assert found[0].major == row["major"]


@SYSTEMS
def test_no_floor_where_none_is_promised(windows: bool) -> None:
    assert [major for major in range(8, 20) if floor_of_major(major, windows)] == [11, 12, 13]
