"""conda as a test runs it: in an environment of its own, so that neither the rig nor the user is touched."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rig.base import FACTS
from tests.rig.build import DEFAULT

PASSED = ("PATH", "LANG", "LC_ALL", "TMPDIR", "COVERAGE_PROCESS_START")
OWN_SETTINGS = ("solver",)


@dataclass(frozen=True)
class Result:
    """What a command left: its exit status and both outputs."""

    returncode: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        """Return the standard output read as JSON; ValueError when it is not."""
        return json.loads(self.stdout)


class Conda:
    """One conda, with HOME, package cache and environments under ``scratch``.

    ``alias`` is the ``channel_alias`` to use instead of the configured one: a server's address, or the
    directory of the channels for a conda that is not the rig's, which then gets the rig's settings too.
    """

    def __init__(self, executable: Path, scratch: Path, alias: str | None = None) -> None:
        """Prepare ``scratch``, which is made if it does not exist."""
        self.executable = executable
        self.home = scratch / "home"
        self.envs = scratch / "envs"
        self.home.mkdir(parents=True, exist_ok=True)
        own = {"HOME": str(self.home), "RIG_HOME": str(self.home), "CONDA_ENVS_PATH": str(self.envs)}
        self.environ = {name: os.environ[name] for name in PASSED if name in os.environ}
        self.environ |= {**own, "CONDA_PKGS_DIRS": str(scratch / "pkgs")}
        if alias:
            settings = {key: value for key, value in FACTS["condarc"].items() if key not in OWN_SETTINGS}
            (self.home / ".condarc").write_text(json.dumps(settings))
            self.environ["CONDA_CHANNEL_ALIAS"] = alias

    def prefix(self, name: str) -> Path:
        """Return where the environment ``name`` lies, whether it exists or not."""
        return self.envs / name

    def run(
        self, *args: str, env: Mapping[str, str] | None = None, check: bool = False, timeout: float = 120
    ) -> Result:
        """Run ``conda ARGS`` with ``env`` added to the environment.

        AssertionError: ``check`` is set and conda failed. subprocess.TimeoutExpired: it took too long.
        """
        command = [str(self.executable), *args]
        environ = {**self.environ, **(env or {})}
        done = subprocess.run(
            command, env=environ, cwd=self.home, capture_output=True, text=True, timeout=timeout, check=False
        )
        result = Result(done.returncode, done.stdout, done.stderr)
        if check and result.returncode:
            raise AssertionError(f"{' '.join(command)}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result

    def solve(self, *args: str, cuda: str = "", env: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return name -> record of what ``conda create --dry-run ARGS`` would link on a driver of ``cuda``.

        ``cuda`` empty means a host without a driver. AssertionError: there is no solution.
        """
        command = ("create", "--name", "solved", "--dry-run", "--json", *args)
        result = self.run(*command, env={"CONDA_OVERRIDE_CUDA": cuda, **(env or {})}, check=True)
        return {record["name"]: record for record in result.json()["actions"]["LINK"]}


def find_condas() -> Iterator[Path]:
    """Yield the rig's conda and, where the environment variable CONDA_EXE names another, that one."""
    own = DEFAULT / "conda" / "bin" / "conda"
    yield own
    other = os.environ.get("CONDA_EXE")
    if other and Path(other) != own:
        yield Path(other)


def checksum(directory: Path) -> str:
    """Return one digest of names, modes and contents under ``directory``, byte code left out."""
    total = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if "__pycache__" in path.parts:
            continue
        content = str(path.readlink()).encode() if path.is_symlink() else _read(path)
        total.update(f"{path.relative_to(directory)}\0{path.lstat().st_mode:o}\0".encode())
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
