"""The table of indexes: rules that hold over all rows, and what is read from it."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conda_cuda_pin.knowledge.indexes import (
    Page,
    Release,
    base_url,
    builds_of,
    find_release,
    is_flat,
    pages,
    releases,
    replacements,
    torch_names,
)
from conda_cuda_pin.knowledge.packages import kernels_of, nearest_kernels
from conda_cuda_pin.knowledge.table import load_table
from conda_cuda_pin.versions import ComputeCapability, CudaVersion, read_numbers

TABLE = load_table("indexes")
PLACES = {"torch": "2.8.0", "minor": "2.8", "tag": "cu126", "major": "12", "version": "1.0"}


def cuda(tag: str) -> CudaVersion:
    found = CudaVersion.from_tag(tag)
    assert found is not None
    return found


def test_each_release_has_one_row() -> None:
    versions = [read_numbers(row.torch) for row in releases()]
    assert versions == sorted(set(versions))


@pytest.mark.parametrize("row", releases(), ids=lambda row: str(row.torch))
def test_variants_are_in_order_and_pypi_has_one_of_them(row: Release) -> None:
    assert find_release(row.torch) is row
    tags = [cuda(tag) for tag in row.cuda]
    assert tags == sorted(set(tags))
    assert set(row.aarch64) <= set(row.cuda)
    for platform, tag in row.pypi.items():
        assert tag == "cpu" or tag in row.tags(platform)


def test_newer_releases_never_come_with_an_older_cuda_at_the_top() -> None:
    newest = [cuda(row.cuda[-1]) for row in releases() if row.cuda[-1] != "cu129"]
    assert newest == sorted(newest)


@pytest.mark.parametrize("platform", ["linux-64", "linux-aarch64", "win-64"])
def test_the_kernels_of_every_release_since_1_10_are_known(platform: str) -> None:
    for row in releases():
        if read_numbers(row.torch) >= (1, 10):
            for tag in row.tags(platform):
                assert kernels_of("pytorch", row.torch, cuda(tag), platform) is not None, (row.torch, tag)


def test_kernels_of_a_platform_beat_the_common_ones() -> None:
    old = ComputeCapability(6, 0)
    for platform, runs in (("", True), ("linux-64", True), ("linux-aarch64", False), ("win-64", False)):
        found = kernels_of("pytorch", "2.14.1", CudaVersion(12, 6), platform)
        assert found is not None
        assert found.run_on(old) is runs


def test_the_kernels_of_an_unknown_release_are_those_of_its_neighbour() -> None:
    volta = ComputeCapability(7, 0)
    for version, runs in (("2.10.9", True), ("2.12.0", False), ("2.6.0", False)):
        found = nearest_kernels("pytorch", version, CudaVersion(12, 8), "linux-64")
        assert found is not None
        assert found.run_on(volta) is runs
    assert nearest_kernels("pytorch", "2.16.0", CudaVersion(15, 0), "linux-64") is None


def test_names_are_normalised_and_occur_once() -> None:
    names = [row["name"] for row in TABLE["names"]]
    assert len(set(names)) == len(names)
    asked = [*names, *(name for page in pages() for name in page.names), *(row["name"] for row in TABLE["builds"])]
    assert [name for name in asked if canonicalize_name(name) != name] == []
    assert {"torch", "torchvision", "torchaudio", "triton", "xformers"} <= torch_names().keys()


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.url))
def test_addresses_can_be_filled_in(page: Page) -> None:
    url = page.url.format(**PLACES)
    assert "{" not in url
    assert url.startswith(page.stem)
    assert page.flat == is_flat(url)


def test_what_is_one_page_of_links() -> None:
    assert is_flat(base_url("archive"))
    assert is_flat("https://data.pyg.org/whl/torch-2.8.0+cu126.html")
    assert not is_flat("https://github.com/Dao-AILab/flash-attention/releases")
    assert is_flat("https://whl.natten.org/")
    assert is_flat("https://github.com/Dao-AILab/flash-attention/releases/expanded_assets/v2.8.3")
    assert not is_flat(base_url("torch").format(tag="cu126"))
    assert not is_flat(base_url("pypi"))


def test_what_takes_the_place_of_a_name_can_be_asked_for() -> None:
    for name in {row["name"] for row in TABLE["replacements"]}:
        for row in replacements(name):
            assert bool(row.majors) == ("{major}" in row.instead) or row.majors == (12,)
            if row.instead:
                assert Requirement(row.instead.format(major=12)).name != name or "[" in row.instead


def test_builds_go_upwards() -> None:
    for name in {row["name"] for row in TABLE["builds"]}:
        majors = [major for _, major in builds_of(name)]
        assert majors == sorted(set(majors))
        assert builds_of(name)[0][0] == "0"
