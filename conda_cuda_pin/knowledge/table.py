"""Reads the JSON tables beside this module, once and only when asked."""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

from ..errors import KnowledgeError

FORMAT = 1
"""The format of the tables; a table of another format is refused."""


@functools.cache
def load_table(name: str) -> dict[str, Any]:
    """Return the table ``data/NAME.json``; raises KnowledgeError where it is missing or of another format.

    The rows are checked against ``data/NAME.schema.json`` by the tests, not at run time.
    """
    try:
        text = resources.files(__package__).joinpath("data").joinpath(f"{name}.json").read_text(encoding="utf-8")
        table: dict[str, Any] = json.loads(text)
    except (OSError, ValueError) as error:
        raise KnowledgeError(f"the table {name}.json cannot be read: {error}") from error
    if table.get("format") != FORMAT:
        raise KnowledgeError(f"the table {name}.json has format {table.get('format')!r}, not {FORMAT}")
    return table
