"""What pip resolved: the report of a dry run (https://pip.pypa.io/en/stable/reference/installation-report/)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.errors import PipError
from conda_cuda_pin.package import PIP, Package
from conda_cuda_pin.tag import normalise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMA = "1"


@dataclass(frozen=True)
class Resolution:
    """The packages that pip would install, and what fixes that choice."""

    packages: tuple[Package, ...]
    pins: tuple[str, ...]
    """Lines of a constraints file: versions, with hashes where they are known."""

    @property
    def bare_pins(self) -> tuple[str, ...]:
        """The pins without their hashes."""
        return tuple(pin.split(" ", 1)[0] for pin in self.pins)


def read_resolution(file: Path, name_source: Callable[[str, str], str]) -> Resolution:
    """Read a report; ``name_source`` names the index of a project, given its name and the address of its file.

    Raises PipError where the report is of another format.
    """
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
        entries: list[dict[str, Any]] = report["install"]
        if report["version"] != SCHEMA:
            raise PipError(f"pip {report.get('pip_version')} reports in format {report['version']}, not {SCHEMA}")
        packages = tuple(_read_package(entry, name_source) for entry in entries)
        pins = tuple(pin for pin in map(_make_pin, entries) if pin)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PipError(f"the report of pip's dry run cannot be read: {error!r}") from error
    return Resolution(packages, pins)


def _read_package(entry: dict[str, Any], name_source: Callable[[str, str], str]) -> Package:
    metadata = entry["metadata"]
    name = normalise(metadata["name"])
    return Package(
        name,
        metadata["version"],
        channel=name_source(name, entry["download_info"]["url"]),
        depends=tuple(metadata.get("requires_dist") or ()),
        ecosystem=PIP,
    )


def _make_pin(entry: dict[str, Any]) -> str:
    """Return the line that fixes one package; nothing for what the user gave by its address."""
    if entry.get("is_direct"):
        return ""
    metadata = entry["metadata"]
    info = entry["download_info"].get("archive_info") or {}
    digest = (info.get("hashes") or {}).get("sha256", "")
    return f"{metadata['name']}=={metadata['version']}" + (f" --hash=sha256:{digest}" if digest else "")
