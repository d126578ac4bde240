"""pytest fixtures on the pip rig; load them with ``pytest_plugins = ["tests.piprig.fixtures"]``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.piprig.environment import Venv, make_venv
from tests.piprig.hook import make_hook
from tests.piprig.pips import NEWEST, OLD, YEAR_OLD, PipMissing, find_pip
from tests.piprig.server import IndexServer
from tests.piprig.tool import Tool, make_tool
from tests.piprig.world import make_world


def require_pip(version: str) -> Venv:
    """Return a pip; the test is skipped where it is not here and cannot be fetched."""
    try:
        return find_pip(version)
    except PipMissing as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def newest_pip() -> Venv:
    """The environment of the newest pip."""
    return require_pip(NEWEST)


@pytest.fixture(scope="session")
def old_pip() -> Venv:
    """The environment of an old pip, which an environment may have brought with it."""
    return require_pip(OLD)


@pytest.fixture(scope="session", params=[NEWEST, YEAR_OLD, OLD])
def any_pip(request: pytest.FixtureRequest) -> Venv:
    """The environment of each pip in turn."""
    return require_pip(request.param)


@pytest.fixture
def target(tmp_path: Path) -> Venv:
    """An empty virtual environment without pip."""
    return make_venv(tmp_path / "target")


@pytest.fixture
def pip(newest_pip: Venv, target: Venv, tmp_path: Path) -> Tool:
    """The newest pip at work on ``target``."""
    return make_tool((newest_pip.python, "-m", "pip", "--python", target.python), tmp_path)


@pytest.fixture
def each_pip(any_pip: Venv, target: Venv, tmp_path: Path) -> Tool:
    """Each pip in turn at work on ``target``."""
    return make_tool((any_pip.python, "-m", "pip", "--python", target.python), tmp_path)


@pytest.fixture
def world() -> Iterator[IndexServer]:
    """An empty world of indexes; add to its ``indexes``."""
    with IndexServer() as server:
        yield server


@pytest.fixture
def real_world() -> Iterator[IndexServer]:
    """PyPI and the indexes of PyTorch, in small."""
    with IndexServer(*make_world()) as server:
        yield server


@pytest.fixture
def pip_cuda(newest_pip: Venv, target: Venv, real_world: IndexServer, tmp_path: Path) -> Tool:
    """``pip-cuda`` at work on ``target``, on ``real_world``."""
    assert newest_pip.python.exists()  # the test was skipped without it
    return make_hook(target, tmp_path, real_world)
