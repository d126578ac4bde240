"""Files that pip reads: requirements.txt with what it includes, and pylock.toml."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import DocumentError
from ..package import PIP, Package
from ..tag import normalise
from .document import Contents, Document
from .lines import join_lines
from .metadata import LOCAL
from .urls import name_place, read_wheel_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_INDEX = re.compile(r"(?:-i|--index-url)(?:\s+|=)(\S+)")
_MORE = re.compile(r"(?:--extra-index-url|-f|--find-links)\b")
_INCLUDE = re.compile(r"(?:-r|--requirement)(?:\s*=\s*|\s*)(\S+)")
_HASH = re.compile(r"\s+--(?:hash|config-settings|global-option)\b.*$")
_SOURCE = re.compile(r"-e|--editable|[./~$]|\w+[+:]")
"""How a line begins that points to sources instead of a name."""


def read_requirements(text: str, directory: Path, platform: str) -> Contents:
    """Read requirements, those of included files too; what has no exact version stays open.

    https://pip.pypa.io/en/stable/reference/requirements-file-format/
    """
    lines = list(dict.fromkeys(_find_lines(text, directory, ())))
    indexes = [match[1] for match in map(_INDEX.match, lines) if match]
    alone = len(indexes) == 1 and not any(map(_MORE.match, lines))
    channel = name_place(indexes[0]) if alone else ""
    wanted = [line for line in lines if not line.startswith("-") or line.startswith(("-e", "--editable"))]
    return Contents.join(_read_line(line, channel, platform) for line in wanted)


def _find_lines(text: str, directory: Path, including: tuple[Path, ...]) -> Iterator[str]:
    for line, _ in join_lines(text):
        include = _INCLUDE.match(line)
        if include is None:
            yield from [line] if line else []
            continue
        path = (directory / include[1]).absolute()
        if path not in including:
            yield from _find_lines(read_text(path), path.parent, (*including, path))


def read_text(path: Path) -> str:
    """Return the text of a file; DocumentError where there is none that can be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path} is no text: {error.reason} at byte {error.start}") from error


def _read_line(line: str, channel: str, platform: str) -> Contents:
    from packaging.requirements import InvalidRequirement, Requirement

    from ..requirement import describe_markers

    wheel = read_wheel_url(line.partition(" ")[0])
    if wheel is not None:
        return Contents((wheel,))
    try:
        requirement = Requirement(_HASH.sub("", line))
    except InvalidRequirement as error:
        if _SOURCE.match(line) is None:
            raise DocumentError(f"{line!r} is no requirement: {str(error).splitlines()[0]}") from error
        return Contents((), (line,))
    if requirement.marker is not None and not requirement.marker.evaluate(describe_markers(platform)):
        return Contents()
    wheel = read_wheel_url(requirement.url) if requirement.url else None
    pins = [pin for pin in requirement.specifier if pin.operator in ("==", "===") and not pin.version.endswith("*")]
    if wheel is not None or not pins:
        return Contents((wheel,)) if wheel is not None else Contents((), (line,))
    return Contents((Package(normalise(requirement.name), pins[0].version, channel=channel, ecosystem=PIP),))


def read_pylock(text: str, platform: str) -> Document:
    """Read a ``pylock.toml``: https://packaging.python.org/en/latest/specifications/pylock-toml/."""
    facts = _load_toml(text)
    rows = facts.get("packages")
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    contents = Contents.join(_read_locked(row, platform) for row in rows)
    return Document("pylock.toml", "", contents.packages, contents.unsettled)


def _load_toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib

        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise DocumentError(f"no TOML: {error}") from error
    raise DocumentError("reading a pylock.toml needs Python 3.11")


def _read_locked(row: dict[str, Any], platform: str) -> Contents:
    from packaging.markers import InvalidMarker, Marker

    from ..requirement import describe_markers

    name = str(row.get("name", ""))
    try:
        if "marker" in row and not Marker(str(row["marker"])).evaluate(describe_markers(platform)):
            return Contents()
    except InvalidMarker:
        return Contents((), (name,))
    version = str(row.get("version", ""))
    urls = (str(wheel.get("url") or wheel.get("path", "")) for wheel in row.get("wheels", ()))
    wheel = next(filter(None, map(read_wheel_url, urls)), None)
    if wheel is None and not version:
        return Contents((), (name,))
    package = wheel or Package(normalise(name), version, ecosystem=PIP)
    built = "vcs" in row or "directory" in row
    channel = LOCAL if built else name_place(str(row["index"])) if "index" in row else package.channel
    depends = tuple(str(needed.get("name")) for needed in row.get("dependencies", ()) if isinstance(needed, dict))
    return Contents((replace(package, name=normalise(name), channel=channel, depends=depends),))
