"""The world in small: its tables, and that what is in it can be installed from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from packaging.requirements import Requirement

from tests.piprig.index import PYPI
from tests.piprig.server import IndexServer
from tests.piprig.tool import Tool, list_planned
from tests.piprig.wheel import Wheel, normalise
from tests.piprig.world import TABLES, list_pypi, list_variant, load_rows, make_world

TABLE_FILES = sorted(path for path in TABLES.glob("*.json") if path.stem != "schema")
WORLD = make_world()


def list_wheels() -> list[Wheel]:
    wheels = [offer.file for index in WORLD for offer in index.offers]
    return [wheel for wheel in wheels if isinstance(wheel, Wheel)]


def find(name: str, version: str) -> Wheel:
    return next(wheel for wheel in list_wheels() if (wheel.name, wheel.version) == (name, version))


@pytest.mark.parametrize("path", TABLE_FILES, ids=lambda path: path.stem)
def test_table_meets_the_schema(path: Path) -> None:
    table = json.loads(path.read_text())
    jsonschema.validate(table, json.loads((TABLES / "schema.json").read_text()))
    assert {row["source"] for row in table["rows"]} == set(table["sources"])


def test_no_index_has_a_file_twice() -> None:
    for index in WORLD:
        names = [offer.file.filename for offer in index.offers]
        assert len(names) == len(set(names))


def test_everything_that_is_required_is_there() -> None:
    there: dict[str, list[str]] = {}
    for wheel in list_pypi():
        there.setdefault(wheel.project, []).append(wheel.version)
    missing = set()
    for wheel in list_wheels():
        for requirement in map(Requirement, wheel.requires):
            if requirement.marker and "python_version" in str(requirement.marker):
                continue
            if not any(requirement.specifier.filter(there.get(normalise(requirement.name), ()))):
                missing.add(f"{wheel.stem}: {requirement}")
    assert not missing


def test_a_variant_is_made_of_its_own_toolkit() -> None:
    old, new = find("torch", "2.14.1+cu126"), find("torch", "2.14.1")
    assert 'nvidia-cuda-runtime-cu12==12.6.77; platform_system == "Linux"' in old.requires
    assert 'nvidia-nccl-cu12==2.30.7; platform_system == "Linux"' in old.requires
    assert any(text.startswith("cuda-toolkit[") for text in new.requires)
    assert b"2.14.1+cu130" in new.files["torch/version.py"]
    assert not any("nvidia" in text for text in find("torch", "2.14.1+cpu").requires)
    assert not any("cusparselt" in text for text in find("torch", "2.7.1+cu118").requires)


def test_two_majors_share_the_paths_that_they_share_in_the_world() -> None:
    files = {row["name"]: set(row.get("files", ())) for row in load_rows("nvidia")}
    for name in ("cudnn", "nccl", "nvshmem"):
        assert files[f"nvidia-{name}-cu12"] == files[f"nvidia-{name}-cu13"] != set()
    assert not files["nvidia-cublas-cu12"] & files["nvidia-cublas"]


def test_the_last_torch_of_a_variant_is_the_last_of_it() -> None:
    last = {variant: list_variant(variant) for variant in ("cu118", "cu126", "cu132")}
    versions = {variant: [w.version for w in wheels if w.name == "torch"][-1] for variant, wheels in last.items()}
    assert versions == {"cu118": "2.7.1+cu118", "cu126": "2.14.1+cu126", "cu132": "2.15.0+cu132"}


@pytest.fixture(scope="module")
def server() -> Iterator[IndexServer]:
    with IndexServer(*WORLD) as world:
        yield world


@pytest.mark.pip
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["torch"], {"torch": "2.15.0", "nvidia-cublas": "13.4.1.3", "triton": "3.9.0"}),
        (["torch==2.9.1", "xgboost==3.2.0"], {"nvidia-nccl-cu12": "2.27.5", "nvidia-cuda-runtime-cu12": "12.8.90"}),
        (["tensorflow[and-cuda]"], {"nvidia-cudnn-cu12": "9.28.0.42"}),
        (["jax[cuda13]", "cupy-cuda13x[ctk]"], {"jax-cuda13-plugin": "0.10.2", "cuda-toolkit": "13.5.0"}),
        (["onnxruntime-gpu[cuda,cudnn]"], {"nvidia-cudnn-cu13": "9.28.0.42"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_pip_finds_a_solution(pip: Tool, server: IndexServer, asked: list[str], found: dict[str, str]) -> None:
    planned = list_planned(pip.resolve("--index-url", server.locate(PYPI), *asked))
    assert found.items() <= planned.items()


@pytest.mark.pip
def test_pip_finds_a_variant(pip: Tool, server: IndexServer) -> None:
    variant = server.locate("download.pytorch.org/whl/cu126")
    asked = ("torch==2.14.1+cu126", "torchvision==0.29.1+cu126", "torchaudio")
    planned = list_planned(pip.resolve("--index-url", server.locate(PYPI), "--extra-index-url", variant, *asked))
    assert planned["nvidia-cudnn-cu12"] == "9.24.0.43"
    assert planned["torchaudio"] == "2.11.0+cu126"
