"""Small source distributions that pip builds without a network: each carries the wheel that it builds."""

from __future__ import annotations

import gzip
import io
import tarfile
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.piprig.wheel import Wheel

_PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
_BACKEND = """import shutil
{imports}

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    shutil.copy({wheel!r}, wheel_directory)
    return {wheel!r}
"""


@dataclass(frozen=True)
class Sdist:
    """A source distribution."""

    wheel: Wheel
    """What is built from it."""
    imports: tuple[str, ...] = ()
    """Modules that its build imports, as torch-scatter's imports torch: it fails where they are not."""

    @property
    def project(self) -> str:
        """The name as an index has it."""
        return self.wheel.project

    @property
    def requires_python(self) -> str:
        """What it says about Python."""
        return self.wheel.requires_python

    @property
    def filename(self) -> str:
        """The name of the file."""
        return f"{self.wheel.stem}.tar.gz"

    @cached_property
    def content(self) -> bytes:
        """The bytes of the archive, always the same."""
        wheel = self.wheel
        imports = "".join(f"import {module}\n" for module in self.imports)
        files = {
            "PKG-INFO": wheel.metadata,
            "pyproject.toml": _PROJECT.encode(),
            "backend.py": _BACKEND.format(imports=imports, wheel=wheel.filename).encode(),
            wheel.filename: wheel.content,
        }
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for path, content in files.items():
                member = tarfile.TarInfo(f"{wheel.stem}/{path}")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        return gzip.compress(buffer.getvalue(), mtime=0)
