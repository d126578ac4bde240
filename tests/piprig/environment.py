"""Virtual environments for pips to work on, made in milliseconds."""

from __future__ import annotations

import shutil
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.piprig.wheel import normalise, with_record

if TYPE_CHECKING:
    from tests.piprig.wheel import Wheel


@dataclass(frozen=True)
class Venv:
    """A virtual environment."""

    prefix: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.prefix / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Its site-packages."""
        base = {"base": str(self.prefix), "platbase": str(self.prefix)}
        return Path(sysconfig.get_path("purelib", "posix_prefix", base))

    def unpack(self, *wheels: Wheel, installer: str = "pip") -> None:
        """Put wheels in place as an installer leaves them, without one: a later one overwrites files of an earlier."""
        for wheel in wheels:
            own = f"{wheel.info}/RECORD"
            members = {path: content for path, content in wheel.members.items() if path != own}
            note = {f"{wheel.info}/INSTALLER": f"{installer}\n".encode()}
            for path, content in with_record({**members, **note}, wheel.info).items():
                place = self.packages / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)

    def list_installed(self, installer: str = "*") -> dict[str, str]:
        """Return project -> version of what an installer put there: of everything, if none is named."""
        return list_projects(self.packages, installer)


def list_projects(packages: Path, installer: str = "*") -> dict[str, str]:
    """Return project -> version of what an installer put into a directory: of everything, if none is named."""
    infos = list(packages.glob("*.dist-info"))
    found = [info.name for info in infos if installer in ("*", _read(info / "INSTALLER"))]
    parts = (name.removesuffix(".dist-info").rpartition("-") for name in found)
    return {normalise(project): version for project, _, version in parts}


def make_venv(at: Path, with_pip: Path | None = None) -> Venv:
    """Make a virtual environment in milliseconds; ``with_pip`` is the site-packages that its pip is copied from."""
    venv.EnvBuilder(symlinks=True).create(at)
    made = Venv(at)
    if with_pip:
        shutil.copytree(with_pip, made.packages, dirs_exist_ok=True)
    return made


def _read(file: Path) -> str:
    return file.read_text().strip() if file.exists() else ""
