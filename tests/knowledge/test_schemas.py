"""Every table meets its schema, and every schema can be failed."""

from __future__ import annotations

import copy
import json
from importlib import resources
from typing import Any

import jsonschema
import pytest

from conda_cuda_pin.errors import KnowledgeError
from conda_cuda_pin.knowledge.table import FORMAT, load_table

DATA = resources.files("conda_cuda_pin.knowledge").joinpath("data")
FILES = sorted(entry.name for entry in DATA.iterdir() if entry.name.endswith(".json"))
TABLES = sorted(name.removesuffix(".json") for name in FILES if not name.endswith(".schema.json"))
every_table = pytest.mark.parametrize("name", TABLES)


def read(name: str) -> dict[str, Any]:
    """Read a file of the data folder."""
    content: dict[str, Any] = json.loads(DATA.joinpath(name).read_text(encoding="utf-8"))
    return content


def find_errors(name: str, table: dict[str, Any]) -> list[str]:
    """Return what a table's schema says against it."""
    validator = jsonschema.Draft202012Validator(read(f"{name}.schema.json"))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(table)]


def test_every_table_has_a_schema_and_every_schema_a_table() -> None:
    assert sorted(FILES) == sorted(f"{name}{ending}" for name in TABLES for ending in (".json", ".schema.json"))
    assert len(TABLES) == 9


@every_table
def test_a_table_meets_its_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(read(f"{name}.schema.json"))
    assert find_errors(name, read(f"{name}.json")) == []


@every_table
def test_a_table_that_lacks_something_fails_its_schema(name: str) -> None:
    table = read(f"{name}.json")
    lists = [key for key, value in table.items() if isinstance(value, list)]
    for part in lists:
        for column in table[part][0]:
            broken = copy.deepcopy(table)
            del broken[part][0][column]
            assert find_errors(name, broken), f"{part}.{column}"
        assert find_errors(name, {**table, part: []})
        assert find_errors(name, {**table, part: [{**table[part][0], "sourse": "https://example.org"}]})
    assert find_errors(name, {**table, "format": FORMAT + 1})


@every_table
def test_every_row_names_its_source(name: str) -> None:
    table = load_table(name)
    rows = [row for value in table.values() if isinstance(value, list) for row in value]
    assert rows
    assert [row for row in rows if not row["source"].startswith("https://")] == []


@pytest.mark.parametrize("table", TABLES)
def test_a_source_that_is_no_address_fails(table: str) -> None:
    content = read(f"{table}.json")
    content["rows"][0]["source"] = "my own memory"
    assert find_errors(table, content)


def test_a_table_that_does_not_exist_is_named() -> None:
    with pytest.raises(KnowledgeError, match=r"weather\.json"):
        load_table("weather")
