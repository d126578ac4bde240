"""The same on every pip: an older one takes no hashes in constraints, and fetches whole wheels to resolve."""

from __future__ import annotations

from pathlib import Path

import pytest

from pip_hook.speech import BLOCKED
from tests.pipcuda.conftest import Hook
from tests.pipcuda.project import write_project
from tests.piprig.environment import Venv
from tests.piprig.hook import make_hook
from tests.piprig.pips import OLD, YEAR_OLD, PipMissing
from tests.piprig.server import IndexServer
from tests.piprig.wheel import Wheel

pytestmark = pytest.mark.pip


@pytest.fixture(params=[YEAR_OLD, OLD])
def older(request: pytest.FixtureRequest, target: Venv, tmp_path: Path, earth: IndexServer) -> Hook:
    """``pip-cuda`` beside an older pip."""
    try:
        return Hook(make_hook(target, tmp_path, earth, pip=request.param), target, earth)
    except PipMissing as reason:
        pytest.skip(str(reason))


def test_what_is_met_on_the_way_is_chosen_and_what_breaks_it_refused(older: Hook) -> None:
    result = older.install("lightning")
    assert older.installed["torch"] == "2.14.1+cu126"
    assert "ERROR" not in result.stderr
    before = older.installed
    result = older.run("install", "nvidia-nccl-cu12==2.27.5")
    assert result.returncode == BLOCKED
    assert older.installed == before
    assert older.left == []


def test_the_trap_of_the_extra_index(older: Hook) -> None:
    extra = ("--extra-index-url", "https://download.pytorch.org/whl/cu126")
    planned = older.plan("torch", "numpy", *extra, host="13.0 8.9")
    assert (planned["torch"], planned["numpy"]) == ("2.14.1+cu126", "2.4.0")
    result = older.run("install", "torch", "--index-url", "https://download.pytorch.org/whl/cu132")
    assert result.returncode == BLOCKED
    assert older.installed == {}


def test_a_source_tree(older: Hook) -> None:
    write_project(older.tool.at / "proj", Wheel("proj", "1.0", ("torch",)))
    older.install("-e", "./proj", "numpy")
    assert older.installed["torch"] == "2.14.1+cu126"


def test_what_is_not_about_cuda_is_pips(older: Hook) -> None:
    result = older.install("pandas")
    assert older.installed == {"pandas": "2.9.0", "numpy": "2.4.0"}
    assert "pip-cuda" not in result.stdout + result.stderr
