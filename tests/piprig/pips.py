"""Real pips, each made once under ``.rig/pips``.

A pip is a virtual environment that has it and nothing else. It works on another one with ``--python``.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

from tests.piprig.environment import Venv, make_venv
from tests.rig.build import DEFAULT

NEWEST, YEAR_OLD, OLD = "26.3", "25.3", "23.2.1"
"""What is tested: https://pypi.org/project/pip/#history. 26.1 takes hashes in constraints, 25.3 resolves from
``.metadata`` alone; the old one is what came with a Python of 2023."""
HERE = DEFAULT / "pips"
"""Where what is made once lies."""
_SECONDS = 60


class PipMissing(Exception):  # noqa: N818 - it is no error: there is no network
    """A pip is not there and cannot be fetched; the text says why."""


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
