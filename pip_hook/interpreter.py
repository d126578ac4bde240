"""The interpreter that is installed for: this one, or the one that ``--python`` names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.errors import PipError

from . import description

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 30.0
"""How long an interpreter may take to say what it is; a cold network file system is slow."""
OLDEST = (3, 10)
"""The oldest Python that the pip beside us runs in (https://pip.pypa.io/en/stable/news/)."""


@dataclass(frozen=True)
class Interpreter:
    """What has to be known of a Python before something is installed for it."""

    executable: str
    prefix: Path
    version: tuple[int, int]
    sites: tuple[Path, ...]
    """Where wheels are unpacked."""
    user_site: Path
    has_user_site: bool
    """Whether it looks there: a virtual environment does not, unless it sees the packages of its base."""
    platform: str
    """As sysconfig names it: ``linux-x86_64``, ``win-amd64``."""
    markers: Mapping[str, str]
    """The values of environment markers (https://packaging.python.org/specifications/dependency-specifiers/)."""
    is_own: bool = False

    @property
    def takes_hashed_constraints(self) -> bool:
        """Whether its pip takes hashes in a constraints file without asking for hashes of everything (from 26.2 on)."""
        if self.version < OLDEST:
            return False
        from importlib import metadata

        major, minor = metadata.version("pip").split(".")[:2]
        return (int(major), int(minor)) >= (26, 2)

    @property
    def pip(self) -> tuple[str, ...]:
        """The command that runs the best pip there is for it: ours from outside, its own where ours is too new."""
        if self.is_own or self.version < OLDEST:
            return (self.executable, "-m", "pip")
        return (sys.executable, "-m", "pip", "--python", self.executable)


def find_interpreter(named: str) -> Interpreter:
    """Return the interpreter of an executable or an environment's directory; this one where nothing is named.

    Raises PipError where there is none or it does not answer.
    """
    if not named:
        return _make(description.describe(), is_own=True)
    executable = _find_executable(Path(named))
    if executable is None:
        raise PipError(f"--python {named}: there is no Python interpreter there")
    if _is_this(executable):
        return _make(description.describe(), is_own=True)
    command = [executable, "-I", description.__file__]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS)
        return _make(json.loads(done.stdout), is_own=False)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise PipError(f"--python {named}: the interpreter does not answer: {error}") from error


def _find_executable(path: Path) -> str | None:
    """Return an interpreter as pip's ``--python`` finds it: the file itself, or that of an environment."""
    if path.is_dir():
        inside = [path / "bin" / "python", path / "Scripts" / "python.exe", path / "python.exe"]
        return next((str(file) for file in inside if file.exists()), None)
    if path.exists():
        return str(path)
    from shutil import which

    return which(str(path))


def _is_this(executable: str) -> bool:
    """Whether it is this very interpreter: the same file by the same name, because links tell environments apart."""
    return os.path.abspath(executable) == os.path.abspath(sys.executable)  # noqa: PTH100 - resolve() follows links


def _make(facts: dict[str, Any], is_own: bool) -> Interpreter:
    return Interpreter(
        executable=facts["executable"],
        prefix=Path(facts["prefix"]),
        version=(facts["version"][0], facts["version"][1]),
        sites=tuple(dict.fromkeys(map(Path, facts["sites"]))),
        user_site=Path(facts["user_site"]),
        has_user_site=facts["has_user_site"],
        platform=facts["platform"],
        markers=facts["markers"],
        is_own=is_own,
    )
