"""The wheels, sources and answers of the rig, without any pip."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile

import pytest
from packaging.metadata import Metadata
from packaging.utils import parse_wheel_filename

from tests.piprig.index import Index, Offer, as_offers, make_page, make_pypi, make_torch
from tests.piprig.pages import JSON
from tests.piprig.route import find_answer
from tests.piprig.sdist import Sdist
from tests.piprig.wheel import Wheel, label_files

TORCH = Wheel(
    "Torch_Thing",
    "2.14.0+cu126",
    ('numpy; extra == "np"', "jax>=1"),
    {"a,b/c.so": b"\0"},
    ">=3.9",
    "cp311-cp311-linux_x86_64",
)


def test_a_wheel_is_the_same_bytes_each_time_and_complete() -> None:
    again = Wheel(TORCH.name, TORCH.version, TORCH.requires, TORCH.files, TORCH.requires_python, TORCH.tag)
    assert again.content == TORCH.content
    with zipfile.ZipFile(io.BytesIO(TORCH.content)) as archive:
        names = archive.namelist()
        record = archive.read(f"{TORCH.info}/RECORD").decode().splitlines()
    assert record[-1] == "torch_thing-2.14.0+cu126.dist-info/RECORD,,"
    assert record[0] == '"a,b/c.so",sha256=bjQLnP-zepicpUTmu3gKLHiQHT-zNzh2hRGjBhevoB0,1'
    assert len(record) == len(names) == 4


def test_its_name_and_metadata_are_read_by_others() -> None:
    name, version, _, tags = parse_wheel_filename(TORCH.filename)
    assert (name, str(version), len(tags)) == ("torch-thing", "2.14.0+cu126", 1)
    metadata = Metadata.from_email(TORCH.metadata, validate=True)
    assert metadata.provides_extra == ["np"]
    assert [str(one) for one in metadata.requires_dist or ()] == ['numpy; extra == "np"', "jax>=1"]


def test_a_source_carries_its_wheel() -> None:
    source = Sdist(TORCH, imports=("torch",))
    assert source.content == Sdist(TORCH, imports=("torch",)).content
    with tarfile.open(fileobj=io.BytesIO(source.content)) as archive:
        assert f"torch_thing-2.14.0+cu126/{TORCH.filename}" in archive.getnames()


def test_files_of_two_owners_differ() -> None:
    assert label_files(["x"], "a") != label_files(["x"], "b")


PYPI = make_pypi(TORCH, Sdist(Wheel("b", "1")))
CU126 = make_torch("cu126", TORCH)
PAGE = make_page("data.pyg.org/whl/torch-2.8.0+cu126.html", TORCH, Wheel("b", "1"))
INNER = make_torch("nightly/cu126", TORCH)
SHUT = Index("own.example/simple", as_offers([TORCH]), login=("ann", "s3cret"))
ALL = (make_torch("nightly", Wheel("b", "1")), PYPI, CU126, PAGE, INNER, SHUT)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/pypi.org/simple/torch-thing/", 200),
        ("/pypi.org/simple/Torch_Thing/", 301),
        ("/pypi.org/simple/torch-thing", 301),
        ("/pypi.org/simple/none/", 404),
        ("/pypi.org/simple/", 200),
        ("/pypi.org/elsewhere", 404),
        ("/download.pytorch.org/whl/cu126/none/", 403),
        ("/download.pytorch.org/whl/cu999/torch/", 403),
        ("/download.pytorch.org/whl/nightly/b/", 200),
        ("/download.pytorch.org/whl/nightly/cu126/torch-thing/", 200),
        ("/download.pytorch.org/whl/nightly/cu126/b/", 403),
        (f"/download.pytorch.org/whl/cu126/{TORCH.filename}", 200),
        (f"/download.pytorch.org/whl/cu126/{TORCH.filename}.metadata", 200),
        (f"/data.pyg.org/whl/torch-2.8.0+cu126/{TORCH.filename}", 200),
        (f"/data.pyg.org/whl/torch-2.8.0+cu126/{TORCH.filename}.metadata", 404),
        ("/data.pyg.org/whl/torch-2.8.0+cu126.html", 200),
        ("/own.example/simple/torch-thing/", 401),
    ],
)
def test_statuses(path: str, status: int) -> None:
    assert find_answer(ALL, path).status == status


def test_a_page_is_html_or_json_as_it_is_asked_for() -> None:
    page = json.loads(find_answer(ALL, "/pypi.org/simple/torch-thing/", accept=JSON).body)
    [file] = page["files"]
    assert file["filename"] == TORCH.filename
    assert file["url"].startswith("/files.pythonhosted.org/packages/")
    assert file["core-metadata"]
    assert find_answer(ALL, "/pypi.org/simple/torch-thing/").kind == "text/html"
    assert find_answer(ALL, "/download.pytorch.org/whl/cu126/torch-thing/", accept=JSON).kind == "text/html"


def test_a_link_says_what_its_index_says() -> None:
    torch = find_answer(ALL, "/download.pytorch.org/whl/cu126/torch-thing/").body.decode()
    assert 'data-requires-python="&gt;=3.9"' in torch
    assert "data-core-metadata" in torch
    assert "%2Bcu126" in torch
    page = find_answer(ALL, "/data.pyg.org/whl/torch-2.8.0+cu126.html").body.decode()
    assert page.count("<a ") == 2
    assert "sha256" not in page
    yanked = Index("x", (Offer(TORCH, yanked="broken"),))
    assert 'data-yanked="broken"' in find_answer([yanked], "/x/torch-thing/").body.decode()


def test_the_right_user_is_let_in() -> None:
    assert find_answer(ALL, "/own.example/simple/torch-thing/", user="ann:s3cret").status == 200
