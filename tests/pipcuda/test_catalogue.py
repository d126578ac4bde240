"""What an index offers to an interpreter, read from real pages on the loopback."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pip_hook.catalogue import WebCatalogue
from pip_hook.connection import Connection
from pip_hook.interpreter import find_interpreter
from pip_hook.mirrors import Mirrors
from pip_hook.page import read_page
from tests.piprig.fault import refuse
from tests.piprig.fault import replace as answer
from tests.piprig.index import Index, Offer, as_offers, make_page, make_torch
from tests.piprig.server import IndexServer
from tests.piprig.wheel import Wheel

HERE = find_interpreter("")
TAG = f"cp{HERE.version[0]}{HERE.version[1]}"
WHEELS = (
    Wheel("torch", "2.14.1+cu126"),
    Wheel("torch", "2.13.0+cu126", tag=f"{TAG}-{TAG}-linux_x86_64"),
    Wheel("torch", "2.12.0+cu126", tag="cp27-cp27m-linux_x86_64"),
    Wheel("torch", "2.11.0+cu126", requires_python=">=3.99"),
)


def open_catalogue(world: IndexServer, foreign: bool = False) -> WebCatalogue:
    pairs = ((("https://download.pytorch.org", world.locate("download.pytorch.org"))),)
    return WebCatalogue(Connection({"timeout": "5"}), Mirrors(pairs), HERE, foreign)


URL = "https://download.pytorch.org/whl/cu126"


@pytest.mark.parametrize("json", [True, False])
def test_versions_that_fit_this_python(world: IndexServer, json: bool) -> None:
    yanked = Offer(Wheel("torch", "2.15.0+cu126"), yanked="broken")
    world.indexes.append(replace(make_torch("cu126", *WHEELS, yanked), json=json))
    catalogue = open_catalogue(world)
    assert catalogue.versions(URL, "torch") == ("2.14.1+cu126", "2.13.0+cu126")
    assert catalogue.versions(URL, "torch") == catalogue.versions(URL + "/", "torch")
    assert len(world.asked) <= 1  # the log is written after the answer
    assert catalogue.problems == []


def test_for_another_platform_tags_are_not_looked_at(world: IndexServer) -> None:
    world.indexes.append(make_torch("cu126", *WHEELS))
    assert "2.12.0+cu126" in (open_catalogue(world, foreign=True).versions(URL, "torch") or ())


def test_a_page_of_links_holds_many_names(world: IndexServer) -> None:
    page = make_page("download.pytorch.org/whl/torch_stable.html", *WHEELS, Wheel("torchvision", "0.29.1+cu126"))
    world.indexes.append(page)
    catalogue = open_catalogue(world)
    url = "https://download.pytorch.org/whl/torch_stable.html"
    assert catalogue.versions(url, "torchvision") == ("0.29.1+cu126",)
    assert catalogue.names(url) == {"torch", "torchvision"}


def test_what_is_not_there_is_no_problem_and_what_does_not_answer_is_one(world: IndexServer) -> None:
    world.indexes.append(make_torch("cu126", *WHEELS))
    catalogue = open_catalogue(world)
    assert catalogue.versions(URL, "torchtext") is None
    assert catalogue.problems == []
    world.faults["*/torchaudio/"] = refuse(500)
    assert catalogue.versions(URL, "torchaudio") is None
    assert "HTTP status 500" in catalogue.problems[0]
    assert "cuda_pin_mirrors" in catalogue.problems[0]


def test_a_page_that_is_none(world: IndexServer) -> None:
    world.indexes.append(Index("download.pytorch.org/whl/cu126", as_offers(WHEELS)))
    world.faults["*/torch/"] = answer(b"{not json")
    catalogue = open_catalogue(world)
    assert catalogue.versions(URL, "torch") is None
    assert catalogue.problems


def test_variant_wheels_are_noticed(world: IndexServer) -> None:
    listed = Offer(Wheel("torch", "2.16.0"), name="torch-2.16.0-variants.json")
    world.indexes.append(make_torch("cu126", *WHEELS, listed))
    catalogue = open_catalogue(world)
    assert catalogue.versions(URL, "torch") == ("2.14.1+cu126", "2.13.0+cu126")
    assert catalogue.variants == {"torch"}


@pytest.mark.parametrize("text", ["[]", '{"files": 1}', '{"files": [1]}', "{"])
def test_json_that_is_no_page_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_page(text, "application/vnd.pypi.simple.v1+json")


def test_html_without_order_is_read_as_far_as_it_goes() -> None:
    entries = read_page('<a><a href="x/torch-1.0-py3-none-any.whl#sha256=1" data-yanked>t</b><a href="">', "text/html")
    assert [(entry.filename, entry.yanked) for entry in entries] == [("torch-1.0-py3-none-any.whl", True)]
