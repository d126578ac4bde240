"""Real pips, each made once under ``.rig/pips``, and virtual environments for them to work on.

A pip is a virtual environment that has it and nothing else. It works on another one with ``--python``.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.piprig.wheel import normalise, with_record
from tests.rig.build import DEFAULT
from tests.rig.runner import Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.piprig.wheel import Wheel

NEWEST, YEAR_OLD, OLD = "26.3", "25.3", "23.2.1"
"""What is tested: https://pypi.org/project/pip/#history. 26.1 takes hashes in constraints, 25.3 resolves from
``.metadata`` alone; the old one is what came with a Python of 2023."""
HERE = DEFAULT / "pips"
"""Where what is made once lies."""
_SECONDS = 60
_DEAD = "http://127.0.0.1:9"
"""A proxy that is not there: what leaves the loopback fails at once."""


class PipMissing(Exception):  # noqa: N818 - it is no error: there is no network
    """A pip is not there and cannot be fetched; the text says why."""


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
        notes = self.packages.glob("*.dist-info/INSTALLER")
        found = [note.parent.name for note in notes if installer in ("*", note.read_text().strip())]
        parts = (name.removesuffix(".dist-info").rpartition("-") for name in found)
        return {normalise(project): version for project, _, version in parts}


@dataclass(frozen=True)
class Tool:
    """A command that installs: pip, or what stands in its place."""

    command: tuple[str, ...]
    environ: Mapping[str, str]
    at: Path

    def run(
        self, *args: str, env: Mapping[str, str] | None = None, check: bool = False, timeout: float = _SECONDS
    ) -> Result:
        """Run it with ``args``, ``env`` added to its environment.

        AssertionError: ``check`` is set and it failed. subprocess.TimeoutExpired: it took too long.
        """
        whole = (*self.command, *args)
        environ = {**self.environ, **(env or {})}
        done = subprocess.run(
            whole, env=environ, cwd=self.at, capture_output=True, text=True, timeout=timeout, check=False
        )
        result = Result(done.returncode, done.stdout, done.stderr)
        if check and result.returncode:
            raise AssertionError(f"{' '.join(whole)}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result

    def resolve(self, *args: str, env: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the report of ``install --dry-run ARGS``; AssertionError where it fails."""
        report = self.at / "report.json"
        report.unlink(missing_ok=True)
        self.run("install", "--dry-run", "--quiet", "--report", str(report), *args, env=env, check=True)
        content: dict[str, Any] = json.loads(report.read_text())
        return content


def list_planned(report: Mapping[str, Any]) -> dict[str, str]:
    """Return name -> version of what a report would install."""
    return {item["metadata"]["name"]: item["metadata"]["version"] for item in report["install"]}


def make_venv(at: Path, with_pip: Path | None = None) -> Venv:
    """Make a virtual environment in milliseconds; ``with_pip`` is the site-packages that its pip is copied from."""
    venv.EnvBuilder(symlinks=True).create(at)
    made = Venv(at)
    if with_pip:
        shutil.copytree(with_pip, made.packages, dirs_exist_ok=True)
    return made


def make_tool(command: Sequence[str | Path], scratch: Path) -> Tool:
    """Return a command that runs in ``scratch``, with a home of its own there."""
    home = scratch / "home"
    for name in ("home", "tmp"):
        (scratch / name).mkdir(parents=True, exist_ok=True)
    return Tool(tuple(map(str, command)), isolate(home, scratch / "tmp"), home)


def isolate(home: Path, temporary: Path) -> dict[str, str]:
    """Return an environment that nothing of this machine reaches: no configuration, no cache, no way out."""
    passed = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    places = {"CONFIG_HOME": ".config", "CACHE_HOME": ".cache", "DATA_HOME": ".data", "CONFIG_DIRS": "etc"}
    return {
        **passed,
        **{f"XDG_{name}": str(home / place) for name, place in places.items()},
        **{f"{scheme}_proxy": _DEAD for scheme in ("http", "https")},
        "no_proxy": "127.0.0.1,localhost",
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "PYTHONNOUSERSITE": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_CACHE_DIR": str(home / "cache"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_RETRIES": "0",
        "PIP_TRUSTED_HOST": "127.0.0.1",  # what has no TLS is kept in no cache otherwise
    }


def find_pip(version: str, at: Path = HERE) -> Venv:
    """Return the environment that has pip of this version and nothing else, made now if it is not there.

    PipMissing: it has to be fetched, and PyPI cannot be reached. It is fetched as this machine is configured.
    """
    made = Venv(at / f"{version}-{sysconfig.get_python_version()}")
    at.mkdir(parents=True, exist_ok=True)
    with (at / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made.packages / f"pip-{version}.dist-info").is_dir() or not made.python.exists():
            with tempfile.TemporaryDirectory(dir=at) as scratch:
                wheel = _fetch(version, Path(scratch))
                make_venv(made.prefix)
                with zipfile.ZipFile(wheel) as archive:
                    archive.extractall(made.packages)
    return made


def _fetch(version: str, at: Path) -> Path:
    """Download the wheel of a pip; PipMissing where that fails."""
    words = ("download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(at), f"pip=={version}")
    command = (sys.executable, "-m", "pip", "--disable-pip-version-check", *words)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
    except subprocess.TimeoutExpired as expired:
        raise PipMissing(f"pip {version} cannot be fetched: no answer within {_SECONDS} s") from expired
    if done.returncode:
        raise PipMissing(f"pip {version} cannot be fetched: {' '.join(done.stderr.split())[-200:]}")
    return next(at.glob("*.whl"))
