"""Channels and their priority are as the user has them, unless a setting of ours says otherwise."""

import pytest

from tests.commands.user import DRIVER, OFF, User
from tests.rig.server import ChannelServer

pytestmark = pytest.mark.conda

TOP = {"CONDA_PLUGINS_CUDA_PIN_CHANNELS": "nvidia", "CONDA_PLUGINS_CUDA_PIN_CHANNEL_PRIORITY": "strict"}
COMMAND = ("create", "-n", "x", "--dry-run", "--json", "libcublas")


@pytest.fixture
def remote(user: User, channel_server: ChannelServer) -> User:
    """A user whose channels are on a server."""
    return User(user.setup, user.home.parent / "remote", channel_server.url)


def find_channel(user: User, command: tuple[str, ...], env: dict[str, str]) -> str:
    """Return the name of the channel that libcublas comes from."""
    links = user.run(*command, env=env, check=True).json()["actions"]["LINK"]
    return next(str(record["channel"]) for record in links if record["name"] == "libcublas").rsplit("/", 1)[-1]


def test_order_is_left_alone(remote: User) -> None:
    assert find_channel(remote, COMMAND, DRIVER) == "conda-forge"
    assert find_channel(remote, (*COMMAND, "-c", "nvidia", "--strict-channel-priority"), DRIVER) == "nvidia"


def test_channel_is_put_on_top(remote: User) -> None:
    assert find_channel(remote, COMMAND, {**DRIVER, **TOP}) == "nvidia"


def test_channel_is_put_above_those_of_the_command_line(remote: User) -> None:
    assert find_channel(remote, (*COMMAND, "-c", "conda-forge"), {**DRIVER, **TOP}) == "nvidia"


def test_override_channels_wins(remote: User) -> None:
    command = (*COMMAND, "--override-channels", "-c", "conda-forge")
    assert find_channel(remote, command, {**DRIVER, **TOP}) == "conda-forge"


def test_priority_of_the_command_line_wins(remote: User) -> None:
    command = (*COMMAND, "--no-channel-priority")
    assert find_channel(remote, command, {**DRIVER, **TOP}) == "conda-forge"


def test_channel_of_a_spec_is_asked(remote: User) -> None:
    command = ("create", "-n", "x", "--dry-run", "--json", "-c", "conda-forge", "-c", "nvidia", "nvidia::libcublas")
    if remote.run(*command, env={**DRIVER, **OFF}).returncode:
        pytest.skip("the solver does not find the channel of a spec under an alias")
    assert find_channel(remote, command, DRIVER) == "nvidia"
