"""Reads a file that describes an environment; what it is follows from its content, whatever its name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import DocumentError
from .conda_files import read_conda_list, read_conda_lock, read_environment, read_explicit, read_pixi_lock
from .document import Document
from .requirements import read_pylock, read_requirements, read_text

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

KNOWN = "environment.yml, @EXPLICIT, conda list, conda-lock.yml, pixi.lock, requirements.txt, pylock.toml"
"""The formats that can be read."""
_EXPLICIT = re.compile(r"^(?:@EXPLICIT|\w+://\S+\.(?:conda|tar\.bz2)(?:#\w+)?)\s*$", re.MULTILINE)
_PYLOCK = re.compile(r"^lock-version\s*=", re.MULTILINE)
_YAML = re.compile(r"^(?:[\w-]+:(?:\s|$)|---|\{)", re.MULTILINE)
_EXPORTED = re.compile(r"^[ \t]*\w[\w./-]*(?:::[\w.-]+|=[^=\s]+|[ \t]+\d[\w.!+]*[ \t]+\w+(?:[ \t]|$))", re.MULTILINE)
"""A spec of conda's that pip would refuse, or a line of ``conda list``."""


def read_document(file: str | os.PathLike[str], platform: str) -> tuple[Document, ...]:
    """Return the environments that a file describes for a platform (``linux-64``).

    Raises:
        DocumentError: it cannot be read, is none of the known formats, or has nothing for the platform.
    """
    path = Path(file)
    text = read_text(path)
    try:
        found = _read(text, path.absolute().parent, platform)
    except DocumentError as error:
        raise DocumentError(f"{path}: {error}") from error
    if not any(document.packages or document.unsettled for document in found):
        raise DocumentError(f"{path} names no packages; what can be read: {KNOWN}")
    return found


def find_lines(file: str | os.PathLike[str], names: Iterable[str]) -> dict[str, int]:
    """Return the number of the first line of a file that names each package; those that none names are left out."""
    lines = read_text(Path(file)).splitlines()
    found = {}
    for name in names:
        spelled = re.escape(name).replace(r"\-", "[-_.]")
        pattern = re.compile(rf"(?<![\w.-]){spelled}(?=-\d|[^\w.-]|$)", re.IGNORECASE)
        number = next((number for number, line in enumerate(lines, 1) if pattern.search(line)), None)
        if number is not None:
            found[name] = number
    return found


def _read(text: str, directory: Path, platform: str) -> tuple[Document, ...]:
    if _EXPLICIT.search(text):
        return (read_explicit(text),)
    if _PYLOCK.search(text):
        return (read_pylock(text, platform),)
    if _YAML.search(text):
        return _read_yaml(_load(text), directory, platform)
    if _EXPORTED.search(text):
        return (read_conda_list(text),)
    try:
        contents = read_requirements(text, directory, platform)
    except DocumentError as error:
        raise DocumentError(f"{error}; what can be read: {KNOWN}") from error
    return (Document("requirements.txt", "", contents.packages, contents.unsettled),)


def _read_yaml(facts: dict[str, Any], directory: Path, platform: str) -> tuple[Document, ...]:
    if "environments" in facts and "packages" in facts:
        return read_pixi_lock(facts, platform)
    if "package" in facts:
        return (read_conda_lock(facts, platform),)
    if "dependencies" in facts:
        return (read_environment(facts, directory, platform),)
    raise DocumentError(f"YAML without dependencies or packages; what can be read: {KNOWN}")


def _load(text: str) -> dict[str, Any]:
    """Load YAML with every scalar as text, because ``version: 1.10`` is no number."""
    try:
        import yaml
    except ImportError as error:
        raise DocumentError("YAML is read with PyYAML, which is not here: `python -m pip install pyyaml`") from error
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        facts = yaml.load(text, Loader=loader)  # noqa: S506 - the base loader makes text, lists and mappings only
    except yaml.YAMLError as error:
        raise DocumentError(f"no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(facts, dict):
        raise DocumentError(f"YAML without keys; what can be read: {KNOWN}")
    return facts
