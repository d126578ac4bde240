"""A command that installs, shut off from the machine it runs on."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.rig.runner import Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_SECONDS = 60
_DEAD = "http://127.0.0.1:9"
"""A proxy that is not there: what leaves the loopback fails at once."""


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
