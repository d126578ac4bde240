"""What holds for every driver, GPU and request."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from conda_cuda_pin.knowledge.indexes import releases
from conda_cuda_pin.routing import WheelPlan
from conda_cuda_pin.routing.addresses import find_tag
from conda_cuda_pin.versions import ComputeCapability, CudaVersion
from tests.floors.fakes import make_host

from .shelf import PYPI, Shelf, ask, pick, plan, real_indexes

DRIVERS = [
    f"{major}.{minor}" for major, top in ((9, 2), (10, 2), (11, 8), (12, 9), (13, 4)) for minor in range(top + 1)
]
drivers = st.sampled_from(DRIVERS)
capabilities = st.lists(st.sampled_from(["5.2", "6.1", "7.0", "7.5", "8.0", "8.9", "9.0", "10.0", "12.0"]), max_size=3)
words = st.sampled_from(
    ["torch", *(f"torch{operator}{row.torch}" for row in releases() for operator in ("==", "<=", ">="))]
)
SHELF = real_indexes()


def choose(driver: str, gpus: list[str], word: str) -> tuple[WheelPlan, str | None]:
    request = ask(word)
    made = plan(make_host(driver, *gpus), request, SHELF)
    return made, pick(made, request, SHELF, "torch") if "torch" in made.routes else None


@given(one=drivers, other=drivers, gpus=capabilities, word=words)
def test_a_newer_driver_never_takes_an_older_torch(one: str, other: str, gpus: list[str], word: str) -> None:
    low, high = sorted((one, other), key=CudaVersion.parse)
    older, newer = choose(low, gpus, word)[1], choose(high, gpus, word)[1]
    if older is not None:
        assert newer is not None
        assert Version(newer.split("+")[0]) >= Version(older.split("+")[0])


@given(driver=drivers, gpus=capabilities, word=words)
def test_no_variant_of_a_major_that_the_driver_lacks(driver: str, gpus: list[str], word: str) -> None:
    version = choose(driver, gpus, word)[1]
    if version is not None:
        cuda, runs = CudaVersion.from_tag(find_tag(version)), CudaVersion.parse(driver)
        assert cuda is not None
        assert cuda.major <= runs.major
        assert cuda.major >= 11 or cuda <= runs


@given(driver=drivers, gpus=capabilities, word=words)
def test_what_is_taken_has_kernels_for_every_gpu(driver: str, gpus: list[str], word: str) -> None:
    version = choose(driver, gpus, word)[1]
    if version is not None:
        cuda = CudaVersion.from_tag(find_tag(version))
        assert cuda is not None
        for gpu in map(ComputeCapability.parse, gpus):
            assert gpu < ComputeCapability(10, 0) or cuda >= CudaVersion(12, 8)
            assert gpu >= ComputeCapability(7, 5) or cuda < CudaVersion(13, 0)


@given(driver=drivers, gpus=capabilities, seed=st.integers(0, 1000))
def test_the_order_of_names_files_and_gpus_does_not_matter(driver: str, gpus: list[str], seed: int) -> None:
    rng = random.Random(seed)
    names = ["torch>=1.9", "torchvision", "cupy", "onnxruntime-gpu"]
    straight = plan(make_host(driver, *gpus), ask(*names), SHELF)
    pages = {key: tuple(rng.sample(versions, len(versions))) for key, versions in SHELF.pages.items()}
    mixed = [rng.sample(some, len(some)) for some in (names, gpus)]
    shuffled = plan(make_host(driver, *mixed[1]), ask(*mixed[0]), Shelf(pages))
    assert shuffled == straight


@given(driver=drivers, gpus=capabilities, word=words)
def test_other_names_never_come_from_an_index_of_torch_first(driver: str, gpus: list[str], word: str) -> None:
    made = choose(driver, gpus, word)[0]
    assert made.others is None or made.others.indexes[0] == PYPI
    assert "numpy" not in made.routes
