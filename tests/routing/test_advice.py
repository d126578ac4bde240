"""Names to replace, and unmarked wheels that are built for one CUDA major."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conda_cuda_pin.host import State, Verdict
from conda_cuda_pin.routing import Suggestion, Target, replace_name
from conda_cuda_pin.settings import Settings
from conda_cuda_pin.versions import CudaVersion
from tests.floors.fakes import L4, V100, make_host

from .shelf import PYPI, ask, plan, real_indexes, stock, wheel

NAMES = [
    ("13.0", L4, "cupy", "cupy-cuda13x"),
    ("12.4", L4, "cupy", "cupy-cuda12x"),
    ("13.0", V100, "cupy", "cupy-cuda12x"),
    ("14.1", L4, "cupy", "cupy-cuda13x"),
    ("12.4", L4, "jax", "jax[cuda12]"),
    ("12.4", L4, "jax>=0.4", "jax[cuda12]"),
    ("12.4", L4, "jax[cuda12]", None),
    ("11.4", L4, "jax", None),
    ("12.4", L4, "tensorflow", "tensorflow[and-cuda]"),
    ("12.4", L4, "tensorflow[and-cuda]", None),
    (None, "", "tensorflow", None),
    (None, "", "cupy", None),
    (None, "", "tensorflow-gpu", "tensorflow[and-cuda]"),
    ("12.4", L4, "pytorch", "torch"),
    (None, "", "pytorch", "torch"),
    ("12.4", L4, "pytorch-cuda==12.1", ""),
    ("12.4", L4, "cudatoolkit", ""),
    ("12.4", L4, "cudf", "cudf-cu12"),
    ("12.4", L4, "cupy-cuda12x", None),
    ("12.4", L4, "requests", None),
]


@pytest.mark.parametrize(("driver", "gpu", "word", "instead"), NAMES, ids=str)
def test_a_name_that_does_not_do_what_its_user_wants(
    driver: str | None, gpu: str, word: str, instead: str | None
) -> None:
    made = plan(make_host(driver, *([gpu] if gpu else [])), ask(word), real_indexes())
    assert [one.instead for one in made.suggestions] == ([] if instead is None else [instead])


def test_settings_bound_what_is_suggested() -> None:
    host = make_host("13.0", L4)
    bounded = plan(host, ask("cupy"), real_indexes(), settings=Settings(max=CudaVersion(12, 9)))
    assert bounded.suggestions[0].instead == "cupy-cuda12x"
    assert plan(host, ask("cupy"), real_indexes(), settings=Settings(variant="cpu")).suggestions == ()


def test_platforms_differ() -> None:
    windows = Target("win-64", "3.12")
    made = plan(make_host("12.4", L4), ask("tensorflow-gpu", "jax"), real_indexes(), target=windows)
    assert [one.instead for one in made.suggestions] == ["tensorflow"]


UNMARKED = [
    ("12.4", "onnxruntime-gpu", (), ["onnxruntime-gpu<1.27"]),
    ("13.0", "onnxruntime-gpu", (), []),
    ("11.8", "onnxruntime-gpu", (), ["onnxruntime-gpu<1.19"]),
    ("13.0", "onnxruntime-gpu", ("torch 2.10.0+cu128",), ["onnxruntime-gpu<1.27"]),
    ("13.0", "onnxruntime-gpu", ("torch 2.12.0+cu130",), []),
    ("12.4", "onnxruntime-gpu==1.31.1", (), []),
    ("12.4", "onnxruntime-gpu>=1.28", (), []),
    ("12.4", "onnxruntime-gpu>=1.20", (), ["onnxruntime-gpu<1.27"]),
    ("12.4", "onnxruntime-gpu<2", (), ["onnxruntime-gpu<1.27"]),
    ("12.4", "onnxruntime", (), []),
]


@pytest.mark.parametrize(("driver", "word", "installed", "windows"), UNMARKED, ids=str)
def test_unmarked_wheels_stay_within_the_drivers_major(
    driver: str, word: str, installed: tuple[str, ...], windows: list[str]
) -> None:
    packages = [wheel(text, channel="") for text in installed]
    made = plan(make_host(driver, L4), ask(word), stock({}), packages)
    assert [one.requirement for one in made.windows if "onnx" in one.requirement] == windows


def test_a_feed_that_was_named_is_taken_as_it_is() -> None:
    feed = "https://aiinfra.pkgs.visualstudio.com/PublicPackages/_packaging/onnxruntime-cuda-12/pypi/simple/"
    shelf = stock({feed: ["onnxruntime-gpu 1.31.0"]})
    made = plan(make_host("12.4", L4), ask("onnxruntime-gpu", channels=[feed]), shelf)
    assert made.routes["onnxruntime-gpu"].indexes == (feed,)
    assert [one for one in made.windows if "onnx" in one.requirement] == []


def test_on_a_machine_without_cuda_nothing_is_bounded() -> None:
    assert plan(make_host(None), ask("onnxruntime-gpu"), real_indexes()).windows == ()


PRIVATE = "https://own.example/simple"
ENDED = [
    ("pytorch", {}, True),
    ("pytorch==1.13.1", {PYPI: ["pytorch 1.13.1"]}, False),
    ("pytorch==1.13.1", {PYPI: ["pytorch 1.0.2"]}, True),
    ("cudatoolkit", {}, True),
    ("cudnn", {PYPI: ["cudnn 9.0"]}, False),
    ("cpuonly", {}, True),
    ("cuda-version==12.4", {}, True),
    ("tensorflow-gpu", {PYPI: ["tensorflow-gpu 2.11.0"]}, True),
    ("tensorflow-gpu>=2.8", {PYPI: ["tensorflow-gpu 2.11.0"]}, True),
    ("tensorflow-gpu<2.12", {PYPI: ["tensorflow-gpu 2.11.0"]}, False),
    ("tensorflow-gpu==2.8.0", {PYPI: ["tensorflow-gpu 2.11.0"]}, True),
    ("cupy", {}, False),
    ("apex", {}, False),
    ("requests", {}, False),
]


@pytest.mark.parametrize(("word", "pages", "dead"), ENDED, ids=str)
def test_a_name_is_dead_where_no_index_has_a_wheel_of_it(word: str, pages: dict[str, list[str]], dead: bool) -> None:
    made = plan(make_host("12.4", L4), ask(word), stock(pages))
    assert bool(made.dead_ends) is dead
    assert all(word in end.reason for end in made.dead_ends)


def test_an_index_of_ones_own_may_have_the_name() -> None:
    shelf = stock({PRIVATE: ["pytorch 2.0"]})
    assert plan(make_host("12.4", L4), ask("pytorch"), shelf, defaults=(PYPI, PRIVATE)).dead_ends == ()
    assert plan(make_host("12.4", L4), ask("pytorch", channels=[PRIVATE]), shelf).dead_ends == ()
    assert plan(make_host("12.4", L4), ask("pytorch", options="-f ./wheels"), stock({})).dead_ends == ()
    assert plan(make_host("12.4", L4), ask("pytorch"), stock({}), defaults=("file:///wheels",)).dead_ends == ()
    assert plan(make_host("12.4", L4), ask("cudnn"), stock({}), [wheel("cudnn 9.0")]).dead_ends == ()


REPLACED = [
    ("cupy>=13,<14", "cupy-cuda12x", "cupy-cuda12x<14,>=13"),
    ("CuPy", "cupy-cuda12x", "cupy-cuda12x"),
    ("cupy; python_version > '3.9'", "cupy-cuda12x", 'cupy-cuda12x; python_version > "3.9"'),
    ("cupy==13.6", "cupy[cuda12]", "cupy[cuda12]==13.6"),
    ("cupy[all]", "cupy-cuda12x", "cupy[all]"),
    ("cupy @ https://x.example/c.whl", "cupy-cuda12x", "cupy @ https://x.example/c.whl"),
    ("cupy-cuda11x", "cupy-cuda12x", "cupy-cuda11x"),
    ("./cupy", "cupy-cuda12x", "./cupy"),
]


@pytest.mark.parametrize(("asked", "instead", "written"), REPLACED, ids=str)
def test_what_is_suggested_keeps_versions_and_markers(asked: str, instead: str, written: str) -> None:
    assert replace_name(asked, Suggestion("cupy", instead, "")) == written


def test_an_image_of_cuda_without_a_driver_gets_one_note() -> None:
    image = replace(make_host(None), verdict=Verdict(State.NONE), kinds=frozenset({"cuda-image"}))
    assert [note for note in plan(image, ask("torch"), real_indexes()).notes if "cuda_pin_target" in note]
    for host in (replace(image, kinds=frozenset()), replace(image, verdict=Verdict(State.DECLARED))):
        assert plan(host, ask("torch"), real_indexes()).notes == ()
    assert plan(image, ask("torch"), real_indexes(), settings=Settings(variant="cpu")).notes == ()
