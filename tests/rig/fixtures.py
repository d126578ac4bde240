"""pytest fixtures on the rig; load them with ``pytest_plugins = ["tests.rig.fixtures"]``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rig.build import DEFAULT, find_fault
from tests.rig.runner import Conda, find_condas
from tests.rig.server import ChannelServer

CONDAS = list(find_condas())


@dataclass(frozen=True)
class Rig:
    """A complete rig."""

    at: Path

    @property
    def conda(self) -> Path:
        """The conda executable."""
        return self.at / "conda" / "bin" / "conda"

    @property
    def python(self) -> Path:
        """The interpreter that runs conda."""
        return self.at / "conda" / "bin" / "python"

    @property
    def channels(self) -> Path:
        """The directory of the channels."""
        return self.at / "channels"


def pytest_report_header() -> str:
    """Say which condas the tests run on, and whether the rig is there."""
    return f"condas: {', '.join(map(str, CONDAS))} ({find_fault() or 'rig complete'})"


@pytest.fixture(scope="session")
def rig() -> Rig:
    """The rig in ``.rig``; tests that need it fail, with the command that builds it, when it is missing."""
    fault = find_fault()
    if fault:
        pytest.fail(fault, pytrace=False)
    return Rig(DEFAULT)


@pytest.fixture(params=CONDAS, ids=["rig", "other"][: len(CONDAS)])
def conda(request: pytest.FixtureRequest, rig: Rig, tmp_path: Path) -> Conda:
    """Each conda in turn: the rig's, then the one that CONDA_EXE names."""
    own = request.param == rig.conda
    return Conda(request.param, tmp_path, alias=None if own else rig.channels.as_uri())


@pytest.fixture
def plain_conda(rig: Rig, tmp_path: Path) -> Conda:
    """The rig's conda with no plugin of ours or of others."""
    conda = Conda(rig.conda, tmp_path)
    conda.environ["CONDA_NO_PLUGINS"] = "true"
    return conda


@pytest.fixture
def channel_server(rig: Rig) -> Iterator[ChannelServer]:
    """The rig's channels over HTTP."""
    with ChannelServer(rig.channels) as server:
        yield server
