"""The table of GPU generations: rules that hold over all rows, and what is made of GPUs that have none."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest

from conda_cuda_pin.knowledge.architectures import family, first_toolkit, last_toolkit
from conda_cuda_pin.knowledge.table import load_table
from conda_cuda_pin.versions import ComputeCapability, CudaVersion

TABLE = load_table("architectures")
ROWS = TABLE["rows"]
CAPABILITIES = [ComputeCapability.parse(row["capability"]) for row in ROWS]


def test_the_table_meets_its_schema() -> None:
    schema = json.loads((resources.files("conda_cuda_pin.knowledge") / "data/architectures.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(TABLE, schema, cls=jsonschema.Draft202012Validator)


def test_each_capability_has_one_row_in_order() -> None:
    assert sorted(set(CAPABILITIES)) == CAPABILITIES


def test_no_toolkit_ends_before_it_begins() -> None:
    for row in ROWS:
        if row["last_toolkit"]:
            assert CudaVersion.parse(row["first_toolkit"]) <= CudaVersion.parse(row["last_toolkit"])


def test_toolkits_drop_the_oldest_generations_first() -> None:
    """Of GPUs on cards: among Tegra, 10.1 was renamed 11.0 and so ended early."""
    cards = [row for row in ROWS if not row["tegra"]]
    lasts = [CudaVersion.parse(row["last_toolkit"] or "99.9") for row in cards]
    assert lasts == sorted(lasts)


def test_only_toolkits_of_one_major_end_on_its_last_minor() -> None:
    assert {row["last_toolkit"] for row in ROWS} == {None, "10.2", "11.8", "12.9"}


def test_generations_that_have_no_toolkit_any_more_have_no_new_driver_either() -> None:
    for row in ROWS:
        assert (row["last_driver_branch"] is None) == (row["last_toolkit"] is None or row["capability"] in TEGRA_ONLY)


TEGRA_ONLY = {"5.3", "6.2", "7.2", "10.1"}


@pytest.mark.parametrize("row", ROWS, ids=[row["capability"] for row in ROWS])
def test_every_row_can_be_found(row: dict[str, str]) -> None:
    capability = ComputeCapability.parse(row["capability"])
    last = last_toolkit(capability)
    assert str(first_toolkit(capability)) == row["first_toolkit"]
    assert (str(last) if last else None) == row["last_toolkit"]
    assert family(capability) == row["family"]


def test_a_gpu_newer_than_every_row_has_no_bound() -> None:
    unknown = ComputeCapability(19, 0)
    assert (first_toolkit(unknown), last_toolkit(unknown), family(unknown)) == (None, None, None)


def test_a_gpu_older_than_every_row_ended_no_later_than_the_oldest() -> None:
    fermi = ComputeCapability(2, 1)
    assert (first_toolkit(fermi), family(fermi)) == (None, None)
    assert last_toolkit(fermi) == CudaVersion(10, 2)


def test_an_unknown_minor_counts_as_the_lower_one_whose_binaries_it_runs() -> None:
    assert first_toolkit(ComputeCapability(12, 5)) == first_toolkit(ComputeCapability(12, 1))
    assert last_toolkit(ComputeCapability(7, 3)) == last_toolkit(ComputeCapability(7, 0))
    assert first_toolkit(ComputeCapability(11, 5)) is None  # 11.0 is Tegra, whose binaries no card runs
