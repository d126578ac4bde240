"""The files of one dist-info, as values: what ``METADATA``, ``RECORD`` and ``direct_url.json`` say.

https://packaging.python.org/en/latest/specifications/recording-installed-packages/
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

from ..package import File

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL = "local"
"""The channel of what was built on this machine."""
_HEADER = re.compile(r"^(Name|Version|Requires-Dist):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_LIBRARY = re.compile(r"\.(?:so(?:\.\d+)*|pyd|dll)$")
_MARKS = (".so", ".pyd", ".dll")


def cut_headers(data: bytes) -> bytes:
    """Leave out the long description, which may be most of the file."""
    return data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]


def read_headers(text: str) -> tuple[str, str, tuple[str, ...]]:
    """Return name, version and ``Requires-Dist``; empty where a header is missing."""
    found = _HEADER.findall(text)
    first = dict(reversed(found))
    requires = tuple(value for key, value in found if key == "Requires-Dist")
    return first.get("Name", ""), first.get("Version", ""), requires


def read_requires(text: str) -> tuple[str, ...]:
    """Return the dependencies of an egg's ``requires.txt``, those of extras left out."""
    plain = re.split(r"^\[", text, maxsplit=1, flags=re.MULTILINE)[0]
    return tuple(line.strip() for line in plain.splitlines() if line.strip())


def read_libraries(text: str) -> tuple[File, ...]:
    """Return the shared libraries that a ``RECORD`` lists, with their digests."""
    if not any(mark in text for mark in _MARKS):
        return ()
    lines = [line for line in text.split("\n") if ".so" in line or ".pyd" in line or ".dll" in line]
    return tuple(File(path, digest) for path, digest in map(_split_line, lines) if _LIBRARY.search(path))


def _split_line(line: str) -> tuple[str, str]:
    fields = next(csv.reader([line])) if '"' in line else line.rstrip("\r").rsplit(",", 2)
    path, digest, *_ = *fields, "", ""
    return path.replace("\\", "/"), digest


def read_origin(facts: dict[str, Any]) -> str:
    """Return the channel that a ``direct_url.json`` gives: an index, ``local`` for a source tree, or nothing.

    https://packaging.python.org/en/latest/specifications/direct-url-data-structure/
    """
    url = facts.get("url")
    if "dir_info" in facts or "vcs_info" in facts:
        return LOCAL
    return name_index(url) if isinstance(url, str) else ""


def name_index(url: str) -> str:
    """Name the index that the URL of a wheel belongs to, without scheme and credentials; empty for a plain file."""
    match = re.match(r"https?://(?:[^/@]*@)?(?P<place>[^?#]*)/", url)
    if match is None:
        return ""
    return "pypi" if match["place"].startswith(("files.pythonhosted.org/", "pypi.org/")) else match["place"]


def read_variant(facts: dict[str, Any]) -> str:
    """Return the local label that stands for a wheel variant: ``cu126``; empty where it says nothing of CUDA.

    The label itself where it is one, else the lowest CUDA version of NVIDIA's provider. https://peps.python.org/pep-0825/
    """
    variants = facts.get("variants")
    for label, properties in variants.items() if isinstance(variants, dict) else ():
        if re.fullmatch(r"cu\d{2,3}", label):
            return str(label)
        versions = list(_find_versions(properties))
        if versions:
            return "cu" + min(versions, key=lambda version: tuple(map(int, version.split(".")))).replace(".", "")
    return ""


def _find_versions(properties: Any) -> Iterator[str]:
    nvidia = properties.get("nvidia") if isinstance(properties, dict) else None
    bounds = nvidia.get("cuda_version_lower_bound") if isinstance(nvidia, dict) else None
    for version in bounds if isinstance(bounds, list) else ():
        if isinstance(version, str) and re.fullmatch(r"\d+\.\d+", version):
            yield version
