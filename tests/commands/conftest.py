"""Fixtures of the tests of commands."""

from pathlib import Path

import pytest

from tests.commands.templates import Templates
from tests.commands.user import Setup, User, find_setups
from tests.rig.fixtures import Rig

SETUPS = find_setups()


@pytest.fixture(params=SETUPS, ids=[setup.id for setup in SETUPS])
def setup(request: pytest.FixtureRequest, rig: Rig) -> Setup:
    """Each conda with each of its solvers in turn."""
    del rig  # its absence is the failure to report
    found: Setup = request.param
    return found


@pytest.fixture
def user(setup: Setup, tmp_path: Path) -> User:
    """A user of the setup with a scratch directory of their own."""
    return User(setup, tmp_path)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The prepared environments."""
    return Templates(tmp_path_factory.mktemp("templates"))
