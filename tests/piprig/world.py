"""The world as it is, in small: PyPI and the indexes of PyTorch with real names, versions, requirements and paths.

What lies there is in ``tables/*.json``. Every wheel is for any platform and any Python.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.piprig.index import Index, make_pypi, make_torch
from tests.piprig.wheel import Wheel, label_files

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES = Path(__file__).parent / "tables"
STALE = Wheel("numpy", "2.1.2")
"""What the indexes of PyTorch have of other projects is old: https://download.pytorch.org/whl/cu126/numpy/."""
_TORCH_FILES = ("torch/lib/libtorch_cuda.so", "torch/lib/libc10_cuda.so")


@cache
def make_world() -> tuple[Index, ...]:
    """Return PyPI and an index for each variant of torch."""
    variants = sorted({variant for row in load_rows("torch") for variant in row["variants"]})
    return make_pypi(*list_pypi()), *(make_torch(variant, *list_variant(variant)) for variant in variants)


def list_pypi() -> list[Wheel]:
    """Return what lies on PyPI: of torch the default build of each version, without a local part."""
    torch = [_make_variant(row, row["pypi"], local="") for row in load_rows("torch")]
    libraries = [_make(row, version) for row in load_rows("nvidia") for version in row["versions"]]
    return [*torch, *libraries, *(_make(row, row["version"]) for row in load_rows("packages"))]


def list_variant(variant: str) -> list[Wheel]:
    """Return what lies on the index of a variant: ``cu126``, ``cpu``."""
    rows = [row for row in load_rows("torch") if variant in row["variants"]]
    torch = [_make_variant(row, variant, local=f"+{variant}") for row in rows]
    triton = [_make(row, row["version"]) for row in load_rows("packages") if row["name"] == "triton"]
    return [*torch, *triton, STALE]


@cache
def load_rows(table: str) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of a table."""
    return tuple(json.loads((TABLES / f"{table}.json").read_text(encoding="utf-8"))["rows"])


def _make_variant(row: Mapping[str, Any], variant: str, local: str) -> Wheel:
    """Return torch, or what is built with it, in one variant. Its own files say the variant, whatever its version."""
    name, version = row["name"], row["version"]
    cuda = next((kit["cuda"] for kit in load_rows("toolkits") if kit["variant"] == variant), None)
    if name != "torch":
        files = label_files([f"{name}/_C.so"], f"{name} {version}+{variant}")
        return Wheel(name, version + local, tuple(row["requires"]), files)
    told = f"__version__ = '{version}+{variant}'\ncuda = {cuda!r}\n"
    libraries = label_files(_TORCH_FILES if cuda else (), f"{name} {version}+{variant}")
    return Wheel(name, version + local, _require(row, variant), {**libraries, "torch/version.py": told.encode()})


def _require(row: Mapping[str, Any], variant: str) -> tuple[str, ...]:
    """Return what a torch of this variant requires: its own libraries, and those of the toolkit."""
    kit = next((kit for kit in load_rows("toolkits") if kit["variant"] == variant), None)
    if kit is None:
        return tuple(text for text in row["requires"] if "Linux" not in text)
    major = kit["cuda"].split(".")[0]
    own = [text for text in row["requires"] if not text.startswith(tuple(kit.get("without", ())))]
    return (*(text.replace("{major}", major) for text in own), *kit["requires"])


def _make(row: Mapping[str, Any], version: str) -> Wheel:
    files = label_files(row.get("files", ()), f"{row['name']} {version}")
    return Wheel(row["name"], version, tuple(row.get("requires", ())), files)
