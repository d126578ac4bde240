"""The build of an installed wheel, where its metadata keeps it to itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conda_cuda_pin.inventory import take_inventory
from tests.inventory.places import SITES, add_wheel

CU13 = ("nvidia-cudnn-cu13==9.24.0.43; platform_system == 'Linux'", "cuda-toolkit[cublas,cudart]==13.0.3")
VERSION = (
    "from typing import Optional\n__all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip']\n"
    "__version__ = '{}'\ndebug = False\ncuda: Optional[str] = {!r}\nhip: Optional[str] = {!r}\n"
)


def read(
    prefix: Path, metadata: str, file: str | None, requires: tuple[str, ...] = (), record: str = ""
) -> tuple[str, str, int]:
    """Return version, channel and number of problems of a torch with this metadata and this ``version.py``."""
    add_wheel(prefix, "torch", metadata, requires, record)
    path = prefix / SITES / "torch" / "version.py"
    path.parent.mkdir()
    if file is not None:
        path.write_text(file)
    inventory = take_inventory(prefix)
    return inventory.packages[0].version, inventory.packages[0].channel, len(inventory.problems)


@pytest.mark.parametrize(
    ("metadata", "said", "cuda", "hip", "requires", "expected"),
    [
        ("2.14.1", "2.14.1+cu130", "13.0", None, CU13, "2.14.1+cu130"),
        ("2.14.1", "2.14.1", "13.0", None, CU13, "2.14.1+cu130"),
        ("2.14.1", "2.14.1", None, "6.4.43482", (), "2.14.1+rocm6.4"),
        ("2.14.1", "2.14.1+cpu", None, None, (), "2.14.1+cpu"),
        ("2.14.1", "2.14.1", None, None, (), "2.14.1"),
        ("2.8.0+cu126", "2.8.0+cu126", "12.6", None, (), "2.8.0+cu126"),
    ],
)
def test_the_local_part_comes_from_the_package(
    tmp_path: Path,
    metadata: str,
    said: str,
    cuda: str | None,
    hip: str | None,
    requires: tuple[str, ...],
    expected: str,
) -> None:
    assert read(tmp_path, metadata, VERSION.format(said, cuda, hip), requires) == (expected, "", 0)


@pytest.mark.parametrize(("said", "cuda"), [("2.13.0+cu130", "13.0"), ("2.14.1+cu126", "12.6")])
def test_what_contradicts_the_metadata_is_noted(tmp_path: Path, said: str, cuda: str) -> None:
    assert read(tmp_path, "2.14.1", VERSION.format(said, cuda, None), CU13) == ("2.14.1", "", 1)


@pytest.mark.parametrize("file", [None, "", "import os\n__version__ = os.environ['X']\ncuda = None\n"])
def test_without_words_the_metadata_stands(tmp_path: Path, file: str | None) -> None:
    assert read(tmp_path, "2.14.1", file) == ("2.14.1", "", 0)


def test_a_checkout_is_local(tmp_path: Path) -> None:
    file = VERSION.format("2.6.0a0+git1234567", "12.4", None)
    assert read(tmp_path, "2.6.0a0+git1234567", file) == ("2.6.0a0+git1234567", "local", 0)


def test_libraries_without_digests_are_local(tmp_path: Path) -> None:
    assert read(tmp_path, "2.6.0", None, record="torch/lib/libtorch.so,,\n")[1] == "local"
    assert read(tmp_path / "b", "2.6.0", None, record="torch/lib/libtorch.so,sha256=0,1\n")[1] == ""


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ({"cu126": {"nvidia": {"cuda_version_lower_bound": ["12.0"]}}}, "1.0+cu126"),
        ({"fast": {"nvidia": {"cuda_version_lower_bound": ["12.10", "12.6"]}}}, "1.0+cu126"),
        ({"null": {}}, "1.0"),
        ({"x": {"nvidia": {"cuda_version_lower_bound": "12.6"}}}, "1.0"),
        ({"x": ["nvidia"]}, "1.0"),
        (["x"], "1.0"),
    ],
)
def test_a_wheel_variant(tmp_path: Path, variants: object, expected: str) -> None:
    add_wheel(tmp_path, "x", "1.0", variant_json=json.dumps({"variants": variants}))
    inventory = take_inventory(tmp_path)
    assert (inventory.packages[0].version, inventory.problems) == (expected, ())
