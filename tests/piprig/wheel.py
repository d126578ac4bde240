"""Small valid wheels, always the same bytes for the same description.

Formats: https://packaging.python.org/en/latest/specifications/binary-distribution-format/ and core-metadata there.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_EXTRA = re.compile(r"""extra\s*==\s*['"]([\w.-]+)['"]""")
_RUN = re.compile(r"[-_.]+")


@dataclass(frozen=True)
class Wheel:
    """What a wheel says and installs."""

    name: str
    version: str
    """Its local part included: ``2.14.0+cu126``."""
    requires: tuple[str, ...] = ()
    """``Requires-Dist``, markers included. The extras that markers name are provided."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Path from site-packages -> content. Without any, the wheel brings one module that says its version."""
    requires_python: str = ""
    tag: str = "py3-none-any"

    @property
    def project(self) -> str:
        """The name as an index has it (PEP 503)."""
        return normalise(self.name)

    @property
    def stem(self) -> str:
        """Name and version as file names have them."""
        return f"{self.project.replace('-', '_')}-{self.version}"

    @property
    def filename(self) -> str:
        """The name of the file."""
        return f"{self.stem}-{self.tag}.whl"

    @property
    def info(self) -> str:
        """The directory of what is known about it."""
        return f"{self.stem}.dist-info"

    @cached_property
    def metadata(self) -> bytes:
        """Its METADATA."""
        return write_metadata(self).encode()

    @cached_property
    def members(self) -> dict[str, bytes]:
        """Path in the archive -> content, RECORD last."""
        described = {
            f"{self.info}/METADATA": self.metadata,
            f"{self.info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\n{_list_tags(self.tag)}".encode(),
        }
        files = self.files or {f"{self.stem.split('-')[0]}/__init__.py": f"__version__ = {self.version!r}\n".encode()}
        return with_record({**files, **described}, self.info)

    @cached_property
    def content(self) -> bytes:
        """The bytes of the archive; stored, not compressed, so that a size that is asked for is a size that is sent."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for path, content in self.members.items():
                archive.writestr(zipfile.ZipInfo(path), content)
        return buffer.getvalue()


def normalise(name: str) -> str:
    """Return a project's name as indexes have it: https://peps.python.org/pep-0503/#normalized-names."""
    return _RUN.sub("-", name).lower()


def label_files(paths: Iterable[str], owner: str) -> dict[str, bytes]:
    """Return files that differ from those of another owner at the same paths, as two builds of a library do."""
    return {path: f"{path} of {owner}\n".encode() for path in paths}


def write_metadata(wheel: Wheel) -> str:
    """Return the core metadata of a wheel."""
    extras = dict.fromkeys(extra for text in wheel.requires for extra in _EXTRA.findall(text))
    lines = ["Metadata-Version: 2.1", f"Name: {wheel.name}", f"Version: {wheel.version}"]
    lines += [f"Requires-Python: {wheel.requires_python}"] if wheel.requires_python else []
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    lines += [f"Requires-Dist: {text}" for text in wheel.requires]
    return "".join(f"{line}\n" for line in lines)


def with_record(members: Mapping[str, bytes], info: str) -> dict[str, bytes]:
    """Return the members with the RECORD that lists them."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    record = f"{info}/RECORD"
    rows.writerows((path, _digest(content), len(content)) for path, content in members.items() if path != record)
    rows.writerow((record, "", ""))
    return {**members, record: text.getvalue().encode()}


def _digest(content: bytes) -> str:
    return f"sha256={base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip('=')}"


def _list_tags(tag: str) -> str:
    """Return the lines of the file WHEEL for a tag such as ``py2.py3-none-any``."""
    pythons, abis, platforms = (part.split(".") for part in tag.split("-"))
    return "".join(f"Tag: {p}-{a}-{m}\n" for p in pythons for a in abis for m in platforms)
