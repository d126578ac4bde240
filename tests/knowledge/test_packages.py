"""The tables of packages: rules that hold over all rows, and what is looked up in them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from conda_cuda_pin.knowledge.architectures import first_toolkit, last_toolkit
from conda_cuda_pin.knowledge.packages import (
    Kernels,
    find_defect,
    find_ptx_user,
    kernels_of,
    members,
    names_of_family,
    oldest_gpu,
    selectors,
    toolkit_parts,
)
from conda_cuda_pin.knowledge.table import load_table
from conda_cuda_pin.rules import find_rules
from conda_cuda_pin.versions import ComputeCapability, CudaVersion

FAMILIES = {member.family for member in members().values()}
FLOORED = [part for part in toolkit_parts().values() if part.floors]
KERNELS = load_table("kernels")["rows"]
DEFECTS = load_table("defects")["rows"]


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@pytest.mark.parametrize(
    ("table", "part"), [("families", "rows"), ("families", "selectors"), ("toolkit", "rows"), ("ptx", "rows")]
)
def test_no_name_stands_twice(table: str, part: str) -> None:
    names = [row["name"] for row in load_table(table)[part]]
    assert sorted(names) == sorted(set(names))


def test_no_package_is_two_things_at_once() -> None:
    assert not members().keys() & selectors().keys()
    assert not members().keys() & toolkit_parts().keys()
    assert not selectors().keys() & toolkit_parts().keys()


def test_a_family_is_cheap_as_a_whole() -> None:
    for family in FAMILIES:
        assert len({member.cheap for member in members().values() if member.family == family}) == 1, family


def test_frameworks_that_people_wait_for_are_not_cheap() -> None:
    assert {member.family for member in members().values() if not member.cheap} == {"torch", "tensorflow", "jax"}


def test_optional_cuda_is_no_family() -> None:
    """Their CUDA builds are deliberately not preferred upstream."""
    assert not members().keys() & {"libarrow", "ucx", "libhwloc", "openmpi"}


def test_a_familys_framework_comes_first() -> None:
    assert names_of_family("torch")[0] == "pytorch"
    assert names_of_family("jax") == ("jaxlib",)
    assert names_of_family("nonsense") == ()


def test_the_families_of_selectors_exist() -> None:
    for selector in selectors().values():
        assert set(selector.families) <= FAMILIES, selector.name


def test_a_selector_of_a_choice_is_named_after_it() -> None:
    for selector in selectors().values():
        if selector.variant is not None:
            words = {"cpu": ("cpu", "mkl", "eigen"), "cuda": ("gpu",)}
            assert any(word in selector.name for word in words[selector.variant])


def test_stable_names_are_those_of_libraries_that_kept_them() -> None:
    stable = {part.name for part in toolkit_parts().values() if part.soname_stable}
    assert stable == {"libcurand", "libcusolver", "libcufile"}


@pytest.mark.parametrize("part", FLOORED, ids=[part.name for part in FLOORED])
def test_floors_grow_with_the_toolkit(part: object) -> None:
    floors = toolkit_parts()[getattr(part, "name", "")].floors
    assert list(floors) == sorted(floors)
    for older, newer in pairwise(floors.values()):
        assert numbers(older) < numbers(newer), (older, newer)


def test_every_floor_table_knows_the_majors_that_a_driver_can_stop_at() -> None:
    for part in FLOORED:
        assert {CudaVersion(12, 0), CudaVersion(13, 0)} <= part.floors.keys(), part.name


def test_from_12_on_cublas_is_numbered_as_its_toolkit() -> None:
    floors = toolkit_parts()["libcublas"].floors
    for cuda, first in floors.items():
        if cuda.major >= 12:
            assert CudaVersion.parse(first) == cuda


@pytest.mark.parametrize("row", KERNELS, ids=[f"{r['tag']}{r.get('platform', '')}-{r['versions'][0]}" for r in KERNELS])
def test_kernels_are_for_gpus_that_their_toolkit_builds_for(row: dict[str, list[str]]) -> None:
    toolkit = CudaVersion.from_tag(str(row["tag"]))
    assert toolkit is not None
    capabilities = [ComputeCapability.parse(text) for text in row["capabilities"]]
    assert capabilities == sorted(set(capabilities))
    for capability in capabilities:
        first, last = first_toolkit(capability), last_toolkit(capability)
        assert first is not None
        assert first <= toolkit <= (last or CudaVersion(99, 0)), capability


def test_a_release_is_listed_once_for_each_toolkit() -> None:
    keys = [(r["name"], r["tag"], r.get("platform", ""), version) for r in KERNELS for version in r["versions"]]
    assert sorted(keys) == sorted(set(keys))


def test_versions_of_kernels_are_releases() -> None:
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for row in KERNELS for version in row["versions"])


def test_known_kernels_are_found_and_unknown_ones_are_not() -> None:
    found = kernels_of("pytorch", "2.5.1", CudaVersion(12, 4))
    assert found is not None
    assert ComputeCapability(9, 0) in found.capabilities
    assert kernels_of("pytorch", "2.5.1", CudaVersion(13, 0)) is None
    assert kernels_of("pytorch", "99.0.0", CudaVersion(12, 4)) is None
    assert kernels_of("tensorflow", "2.5.1", CudaVersion(12, 4)) is None


@pytest.mark.parametrize(
    ("gpu", "ptx", "runs"),
    [
        ("8.0", False, True),
        ("8.9", False, True),
        ("7.0", False, False),
        ("9.0", False, False),
        ("9.0", True, True),
        ("12.0", True, True),
        ("7.0", True, False),
    ],
)
def test_kernels_run_on_their_own_major_or_through_ptx(gpu: str, ptx: bool, runs: bool) -> None:
    kernels = Kernels((ComputeCapability(7, 5), ComputeCapability(8, 0)), ptx)
    assert kernels.run_on(ComputeCapability.parse(gpu)) is runs


def test_users_of_ptx_are_known_by_release_and_by_use() -> None:
    numba, openmm = find_ptx_user("numba", "0.61.0"), find_ptx_user("openmm", "8.3.1")
    assert numba is not None
    assert numba.also_cpu
    assert openmm is not None
    assert not openmm.also_cpu
    assert find_ptx_user("sphericart-torch", "1.0.2") is not None
    assert find_ptx_user("sphericart-torch", "1.0.3") is None
    assert find_ptx_user("torch", "2.8.0") is None


def test_the_oldest_gpu_of_a_release() -> None:
    assert oldest_gpu("libcudf", "24.02.00") == ComputeCapability(7, 0)
    assert oldest_gpu("libcudf", "23.12.01") is None
    assert oldest_gpu("pytorch", "24.02.00") is None


@pytest.mark.parametrize("row", DEFECTS, ids=[f"{row['name']}-{row['version']}" for row in DEFECTS])
def test_every_defect_is_found_by_a_rule_that_exists(row: dict[str, str]) -> None:
    defect = find_defect(row["name"], row["version"], f"{row['build']}py312h1234567_0")
    assert defect is not None
    assert find_rules(defect.word)
    assert defect.instead.startswith(row["name"])


@pytest.mark.parametrize(
    ("name", "version", "build"),
    [("jaxlib", "0.4.35", "cuda120py312"), ("jaxlib", "0.4.34", "cpu_0"), ("jax", "0.4.34", "cuda120_0")],
)
def test_other_builds_have_no_defect(name: str, version: str, build: str) -> None:
    assert find_defect(name, version, build) is None
