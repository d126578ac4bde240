"""The reproductions with NVIDIA's own wheels from PyPI: hundreds of megabytes, so only on demand (``-m pypi``)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from pip_hook.speech import BLOCKED
from tests.pipcuda.world import NCCL, torch_13
from tests.piprig.environment import Venv, make_venv
from tests.piprig.hook import find_hook
from tests.piprig.tool import Tool
from tests.rig.runner import Result

pytestmark = [pytest.mark.pip, pytest.mark.pypi]

SECONDS = 600
CU13, OLDER, NEWER = "nvidia-nccl-cu13==2.30.7", "nvidia-nccl-cu12==2.27.5", "nvidia-nccl-cu12==2.32.3"


@pytest.fixture
def target(tmp_path: Path) -> Venv:
    """An environment with the real NCCL of a torch for CUDA 13; torch itself is its metadata alone."""
    made = make_venv(tmp_path / "target")
    made.unpack(torch_13("2.14.1", "13.0.3"))
    run("pip", made, "install", "--no-deps", CU13)
    return made


def run(module: str, target: Venv, *words: str) -> Result:
    """Run pip or pip-cuda on the configured index, for a host that runs everything here."""
    environ = {**os.environ, "CONDA_PLUGINS_CUDA_PIN_TARGET": "13.0 8.0"}
    tool = Tool((str(find_hook().python), "-m", module, "--python", str(target.python)), environ, target.prefix)
    return tool.run(*words, timeout=SECONDS)


def hash_nccl(target: Venv) -> str:
    return hashlib.sha256((target.packages / NCCL).read_bytes()).hexdigest()


def test_pip_overwrites_nccl_and_pip_cuda_does_not(target: Venv) -> None:
    good = hash_nccl(target)
    assert run("pip_hook", target, "install", "--no-deps", OLDER).returncode == BLOCKED
    assert hash_nccl(target) == good
    assert run("pip", target, "install", "--no-deps", OLDER).returncode == 0
    assert hash_nccl(target) != good
    assert run("pip_hook", target, "check").returncode == 1


def test_a_newer_nccl_passes_and_cannot_be_taken_away_again(target: Venv) -> None:
    assert run("pip_hook", target, "install", "--no-deps", NEWER).returncode == 0
    refused = run("pip_hook", target, "uninstall", "-y", "nvidia-nccl-cu12")
    assert refused.returncode == BLOCKED
    assert "CUP203" in refused.stderr
    assert run("pip", target, "uninstall", "-y", "nvidia-nccl-cu12").returncode == 0
    assert not (target.packages / NCCL).exists()


def test_two_cupys(tmp_path: Path) -> None:
    target = make_venv(tmp_path / "target")
    assert run("pip_hook", target, "install", "--no-deps", "cupy-cuda13x").returncode == 0
    refused = run("pip_hook", target, "install", "--no-deps", "cupy-cuda12x")
    assert refused.returncode == BLOCKED
    assert "CUP202" in refused.stderr
