"""The router: who may ask, and what the answer is."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from pip_hook.router import Router


@pytest.fixture
def router() -> Iterator[Router]:
    def find(number: int, name: str) -> str | None:
        return f"https://index/{number}/{name}/" if name != "none" else None

    with Router(find) as running:
        yield running


def ask(router: Router, path: str, method: str = "GET") -> tuple[int, str | None]:
    place = urlsplit(router.address())
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=5)
    connection.request(method, path.replace("BASE", place.path.rsplit("/", 1)[0]))
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.headers.get("Location")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_project_is_sent_on(router: Router, method: str) -> None:
    assert ask(router, "BASE/0/torch/", method) == (302, "https://index/0/torch/")
    assert ask(router, "BASE/1/Torch_Scatter/", method) == (302, "https://index/1/torch-scatter/")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/0/torch/",
        "/guessed-token/0/torch/",
        "BASE/0/",
        "BASE/0/torch/more/",
        "BASE/x/torch/",
        "BASE/0/../torch/",
        "BASE/0/%2e%2e%2fetc/",
        "BASE/0/-torch/",
        "BASE/0/to%0d%0arch/",
        "BASE/0/none/",
    ],
)
def test_anything_else_is_not_there(router: Router, path: str) -> None:
    assert ask(router, path) == (404, None)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_sent(router: Router, method: str) -> None:
    assert ask(router, "BASE/0/torch/", method)[0] == 501


def test_it_listens_on_the_loopback_only_and_every_run_has_its_own_address(router: Router) -> None:
    with Router(lambda _, name: name) as other:
        assert urlsplit(router.address()).hostname == "127.0.0.1"
        assert urlsplit(router.address()).path != urlsplit(other.address()).path


def test_it_remembers_what_was_asked(router: Router) -> None:
    ask(router, "BASE/0/torch/")
    assert router.requests == ["torch"]
