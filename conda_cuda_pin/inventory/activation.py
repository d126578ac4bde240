"""The variables that the dynamic loader heeds, as they are once a prefix is active; scripts are read, never run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .problems import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ASSIGNMENT = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(LD_LIBRARY_PATH|LD_PRELOAD|CUDA_HOME|CUDA_PATH)="
    r"(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s;#]*))",
    re.MULTILINE,
)
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?([-+])((?:[^{}]|\$\{\w+\})*))?\})")
_COMPUTED = re.compile(r"\$\(|`")


def read_activated(prefix: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables as ``conda activate`` would leave them; of an active prefix, as they are.

    Plain assignments count, whatever condition they stand under; what a script computes by commands is not followed.
    https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html#setting-environment-variables
    """
    values = dict(environ)
    if values.get("CONDA_PREFIX") == str(prefix):
        return values
    values["CONDA_PREFIX"] = str(prefix)
    for name, text in _find_assignments(prefix):
        values[name] = _expand(text, values)
    return values


def _find_assignments(prefix: Path) -> Iterator[tuple[str, str]]:
    problems = Problems()
    state = prefix / "conda-meta" / "state"
    data = problems.read(state)
    named = problems.parse(state, data).get("env_vars") if data else None
    yield from ((key, str(value)) for key, value in named.items()) if isinstance(named, dict) else ()
    for path in problems.list(prefix / "etc" / "conda" / "activate.d"):
        text = problems.decode(path, problems.read(path) or b"") if path.suffix == ".sh" else ""
        for name, double, single, bare in _ASSIGNMENT.findall(text):
            value = double or single or bare
            if not _COMPUTED.search(value):
                yield name, value


def _expand(text: str, values: Mapping[str, str]) -> str:
    """Put values for ``$NAME``, ``${NAME}``, ``${NAME:-other}`` and ``${NAME:+other}``."""

    def replace(match: re.Match[str]) -> str:
        value = values.get(match[1] or match[2], "")
        if match[3] == "+":
            return _expand(match[4], values) if value else ""
        return value or _expand(match[4] or "", values)

    return _VARIABLE.sub(replace, text)
