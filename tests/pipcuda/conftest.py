"""pip-cuda at work on a small world, on declared hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pipcuda.world import WORLD
from tests.piprig.environment import Venv
from tests.piprig.hook import make_hook
from tests.piprig.pips import PipMissing
from tests.piprig.server import IndexServer
from tests.piprig.tool import Tool
from tests.rig.runner import Result

TARGET = "CONDA_PLUGINS_CUDA_PIN_TARGET"
MODE = "CONDA_PLUGINS_CUDA_PIN_MODE"


@dataclass(frozen=True)
class Hook:
    """``pip-cuda`` on an environment, a world and a host."""

    tool: Tool
    target: Venv
    world: IndexServer

    def run(self, *words: str, host: str = "12.4 8.9", **env: str) -> Result:
        """Run one command on a declared host."""
        return self.tool.run(*words, env={TARGET: host, **env})

    def install(self, *words: str, host: str = "12.4 8.9", **env: str) -> Result:
        """Install, and fail where that does."""
        result = self.run("install", *words, host=host, **env)
        assert result.returncode == 0, result.stdout + result.stderr
        return result

    def plan(self, *words: str, host: str = "12.4 8.9", **env: str) -> dict[str, str]:
        """Return name -> version of what would be installed, and fail where that is refused; changes nothing."""
        result = self.install("--dry-run", "--json", *words, host=host, **env)
        return {package["name"]: package["version"] for package in json.loads(result.stdout)["packages"]}

    def place(self, name: str, text: str) -> Path:
        """Write a file where commands run; return it."""
        path = self.tool.at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    @property
    def left(self) -> list[str]:
        """What lies where temporary files are made."""
        return sorted(path.name for path in Path(self.tool.environ["TMPDIR"]).iterdir())

    @property
    def installed(self) -> dict[str, str]:
        """What is there."""
        return self.target.list_installed()


@pytest.fixture
def earth() -> Iterator[IndexServer]:
    with IndexServer(*WORLD) as server:
        yield server


@pytest.fixture
def hook(target: Venv, tmp_path: Path, earth: IndexServer) -> Hook:
    try:
        return Hook(make_hook(target, tmp_path, earth), target, earth)
    except PipMissing as reason:
        pytest.skip(str(reason))
