"""What conda installed in a prefix: the records of ``conda-meta``, read without conda."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..package import Package

if TYPE_CHECKING:
    from pathlib import Path

    from .problems import Problems

_HOSTS = re.compile(
    r"^\w+://(?:[^/@]*@)?(?:conda\.anaconda\.org|repo\.anaconda\.com|(?:repo\.)?prefix\.dev)/(?:t/[^/]+/)?"
)
_TOKEN = re.compile(r"//[^/@]*@|/t/[^/]+(?=/)")
_SUBDIR = re.compile(r"/(?:noarch|(?:linux|osx|win|emscripten|wasi|zos|freebsd)-\w+)/?$")
METADATA = ("-info/METADATA", "-info/PKG-INFO", ".egg-info")
"""How the names end of the files by which pip knows a package."""


@dataclass(frozen=True)
class Records:
    """What ``conda-meta`` says."""

    packages: tuple[Package, ...] = ()
    metadata: frozenset[str] = frozenset()
    """Files that make a wheel known and that a conda package brought, relative to the prefix."""
    sites: str = ""
    """Where this prefix's Python keeps its packages, relative to the prefix; empty where nothing says it."""


def read_records(prefix: Path, problems: Problems) -> Records:
    """Read every record; what is damaged is noted and left out."""
    packages: list[Package] = []
    metadata: set[str] = set()
    sites = ""
    for path in problems.list(prefix / "conda-meta"):
        record = _read_record(path, problems) if path.suffix == ".json" else {}
        package = _to_package(record)
        if package is None:
            if record:
                problems.add(path, "a record without name or version")
            continue
        packages.append(package)
        metadata.update(name for name in _texts(record.get("files")) if name.endswith(METADATA))
        if package.name == "python":
            sites = locate_sites(version=package.version, said=record.get("python_site_packages_path"))
    return Records(tuple(packages), frozenset(metadata), sites)


def name_channel(url: str) -> str:
    """Name a channel as conda does: without the server that everybody uses, the platform and credentials."""
    named = _SUBDIR.sub("", _HOSTS.sub("", url))
    return _TOKEN.sub(lambda match: "//" if match[0].startswith("//") else "", named).rstrip("/")


def locate_sites(version: str, said: object = None) -> str:
    """Say where a conda Python looks: its record tells since 3.13, and before that it follows from its minor."""
    minor = ".".join(version.split(".")[:2])
    return said if isinstance(said, str) and said else f"lib/python{minor}/site-packages"


def _read_record(path: Path, problems: Problems) -> dict[str, Any]:
    data = problems.read(path)
    if data is None:
        problems.add(path, "a link to nothing") if path.is_symlink() else None
        return {}
    return problems.parse(path, data)


def _to_package(record: dict[str, Any]) -> Package | None:
    name, version = record.get("name"), record.get("version")
    if not (isinstance(name, str) and name and isinstance(version, str)):
        return None
    channel = record.get("channel") or record.get("schannel") or ""
    build = record.get("build") or record.get("build_string") or ""
    depends, constrains = _texts(record.get("depends")), _texts(record.get("constrains"))
    return Package(name, version, str(build), name_channel(str(channel)), depends, constrains)


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else ()
