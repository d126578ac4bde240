"""Fixtures of the tutorials."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conda_cuda_pin.detect import detect_host
from tests.pipcuda.conftest import Hook
from tests.piprig.environment import Venv
from tests.piprig.hook import make_hook
from tests.piprig.pips import PipMissing
from tests.piprig.server import IndexServer
from tests.tutorials.world import WORLD


@pytest.fixture(scope="session")
def has_driver() -> bool:
    """Whether anything of NVIDIA's is seen on this machine."""
    return not detect_host().has_no_nvidia


@pytest.fixture(scope="module")
def tutorials() -> Iterator[IndexServer]:
    """The indexes that tutorials name."""
    with IndexServer(*WORLD) as server:
        yield server


@pytest.fixture
def hook(target: Venv, tmp_path_factory: pytest.TempPathFactory, tutorials: IndexServer) -> Hook:
    """``pip-cuda`` at work on an empty environment."""
    try:
        return Hook(make_hook(target, tmp_path_factory.mktemp("hook"), tutorials), target, tutorials)
    except PipMissing as reason:
        pytest.skip(str(reason))
