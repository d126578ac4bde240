"""What a CUDA version in a request costs and stands in the way of: when it is looked for, and what is said."""

from __future__ import annotations

import pytest

from conda_cuda_pin.component import read_component
from conda_cuda_pin.explain.standing import describe_holding, describe_platform, describe_price, describe_standing
from conda_cuda_pin.ladder import Loss, Solution
from conda_cuda_pin.limit import find_limit
from conda_cuda_pin.price import find_fixing, find_price, find_priced
from conda_cuda_pin.request import Request, Spec
from conda_cuda_pin.settings import Settings

from .fakes import L4, FakeSolver, make_host, make_package

HOST = make_host("12.4", L4)
LIMIT = find_limit(HOST, Settings())
SELECTOR = Spec("cuda-version", "12.4")
OLD = make_package("pytorch 2.4.1 cuda120_0", "cuda-version >=12.0,<13")
NEW = make_package("pytorch 2.6.0 cuda126_0", "cuda-version >=12.6,<13")
AT_12_6 = make_package("cuda-version 12.6 0")


def ask(*specs: Spec) -> Request:
    return Request("install", specs)


@pytest.mark.parametrize(
    "specs",
    [
        (SELECTOR, Spec("pytorch")),
        (SELECTOR, Spec("pytorch", build="*cuda*")),
        (SELECTOR, Spec("pytorch-gpu")),
        (Spec("cudatoolkit", "11.8"), Spec("faiss-gpu")),
    ],
)
def test_a_version_beside_an_open_framework_may_cost_something(specs: tuple[Spec, ...]) -> None:
    assert find_priced(ask(*specs), LIMIT) == specs[0]


@pytest.mark.parametrize(
    "specs",
    [
        (SELECTOR, Spec("pytorch", "2.4")),
        (SELECTOR, Spec("pandas")),
        (Spec("cuda-version"), Spec("pytorch")),
        (Spec("cuda-version", "13.0"), Spec("pytorch")),
        (Spec("pytorch-cuda", "12.1"), Spec("pytorch")),
        (Spec("pytorch"),),
    ],
    ids=["both-named", "no-framework", "no-version", "beyond-the-host", "pytorch-cuda", "no-selector"],
)
def test_nothing_else_is_worth_a_solve(specs: tuple[Spec, ...]) -> None:
    assert find_priced(ask(*specs), LIMIT) is None


def test_two_versions_are_nobodys() -> None:
    assert find_fixing(ask(SELECTOR, Spec("cudatoolkit", "11.8"))) is None


def test_a_price_is_what_is_older() -> None:
    request = ask(Spec("pytorch"))
    solver = FakeSolver((), request)
    assert find_price(Solution((OLD,)), Solution((NEW,)), request, solver.is_newer) == (
        Loss("pytorch", "2.6.0", "2.4.1"),
    )
    assert find_price(Solution((NEW,)), Solution((NEW,)), request, solver.is_newer) == ()


def test_a_price_in_words() -> None:
    line = describe_price(SELECTOR, (Loss("pytorch", "2.6.0", "2.4.1"),), (NEW, AT_12_6))
    for words in ("warning: ", "cuda-version=12.4", "pytorch 2.4.1 instead of 2.6.0", "cuda-version 12.6"):
        assert words in line
    assert describe_price(SELECTOR, (), (NEW,)) == ""


def test_what_stands_in_the_way_names_the_versions_and_the_command() -> None:
    request = ask(SELECTOR, Spec("pytorch"))
    text = describe_standing(SELECTOR, (NEW, AT_12_6), request, HOST, ("11.8", "12.6"))
    for words in ("no channel here has cuda-version=12.4", "11.8, 12.6", "cuda-version=12.6 pytorch", "nvidia-smi"):
        assert words in text
    assert "stands in the way" in describe_standing(SELECTOR, (NEW, AT_12_6), request, HOST, ())


def test_nothing_is_said_where_the_version_is_not_in_the_way() -> None:
    assert describe_standing(SELECTOR, (), ask(SELECTOR, Spec("pytorch")), HOST, ()) == ""
    assert describe_standing(SELECTOR, (NEW,), ask(SELECTOR, Spec("pytorch")), HOST, ()) == ""


@pytest.mark.parametrize("spec", [Spec("cudatoolkit", "11.3"), Spec("pytorch", build="*cuda*"), Spec("cuda-nvcc")])
def test_there_is_no_cuda_on_macos(spec: Spec) -> None:
    text = describe_platform(ask(spec, Spec("pandas")), "osx-arm64")
    assert str(spec) in text
    assert "macOS" in text


def test_macos_is_no_matter_of_other_requests() -> None:
    assert describe_platform(ask(Spec("pytorch"), Spec("pandas")), "osx-arm64") == ""


def test_what_holds_an_environment_is_named() -> None:
    selector = read_component(make_package("pytorch-cuda 12.4 h_7", channel="pytorch"))
    assert selector is not None
    text = describe_holding(selector, ask(Spec("flash-attn", channel="conda-forge")))
    for words in ("pytorch-cuda 12.4", "CUDA 12.4", "conda-forge::flash-attn"):
        assert words in text
