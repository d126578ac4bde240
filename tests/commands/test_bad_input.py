"""What is wrong with the request or the channels is conda's to say, in its own words."""

import re
from collections.abc import Mapping

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, OFF, User, hear
from tests.rig.runner import Result
from tests.rig.server import ChannelServer, Fault

pytestmark = pytest.mark.conda

WRONG = {
    "unknown package": "create -n x nosuchpackage",
    "unknown version": "create -n x pytorch=99",
    "unknown build": "create -n x pytorch=*=rocm*",
    "no solution": "create -n x pytorch=2.12 python=2.7",
    "bad spec": "create -n x py(((torch",
    "bad version": "create -n x pytorch=>=<2",
    "unknown solver": "create -n x pytorch --solver nosuch",
    "unknown channel": "create -n x --override-channels -c nosuchchannel pytorch",
    "no such file": "create -n x --file {home}/nosuch.txt",
    "no such environment": "install -n nosuch pytorch",
    "no environment": "remove -p {home} pytorch",
    "no such source": "create -n x --clone nosuch",
    "no such revision": "install -n bare --revision 99",
    "bad revision": "install -n bare --revision first",
    "no such archive": "install -n bare {home}/nosuch-1.0-0.tar.bz2",
    "bad archive name": "install -n bare {home}/nosuch.conda",
    "not installed": "update -n bare pytorch",
    "no such environment file": "env create -f {home}/nosuch.yml",
    "no specs": "install -n bare",
}


NOISE = re.compile(r"Examining|Building graph|Determining|.*\d+%\||.*<lambda>|\s*[A-Z_]+=| {5}|.* : |Elapsed")
"""Progress, the frames of a traceback, and the facts about the machine that conda adds to one."""


def strip_noise(result: Result) -> tuple[int, list[str]]:
    """Return what a command came to, without what may differ from run to run."""
    lines = re.split(r"[\r\n]+", result.stderr)
    return result.returncode, [line.rstrip() for line in lines if line.strip() and not NOISE.match(line)]


def compare(user: User, command: list[str], env: Mapping[str, str] = DRIVER) -> tuple[int, list[str]]:
    """Run a command with us and without, and return what it came to with us. AssertionError: it differs."""
    with_us, without = (strip_noise(user.run(*command, env={**env, **mode})) for mode in ({}, OFF))
    assert with_us == without
    return with_us


@pytest.mark.parametrize("words", WRONG.values(), ids=list(WRONG))
def test_error_is_condas_own(user: User, templates: Templates, words: str) -> None:
    templates.copy("bare", user, "bare")
    status, said = compare(user, words.format(home=user.home).split())
    assert status
    assert said


def test_directory_that_is_no_environment(user: User) -> None:
    compare(user, ["install", "-p", str(user.home), "tqdm", "--dry-run"])  # 24.7 makes it one


def test_broken_repodata(user: User, channel_server: ChannelServer) -> None:
    for subdir in ("linux-64", "noarch"):
        for name in ("current_repodata.json", "repodata.json"):
            channel_server.faults[f"/conda-forge/{subdir}/{name}"] = Fault(200, b"<html>")
    remote = User(user.setup, user.home.parent / "remote", channel_server.url)
    status, said = compare(remote, ["create", "-n", "x", "pytorch"])
    assert status
    assert said


def test_channel_that_does_not_answer(user: User, channel_server: ChannelServer) -> None:
    channel_server.faults = {
        f"/conda-forge/{subdir}/{name}": Fault(503)
        for subdir in ("linux-64", "noarch")
        for name in ("current_repodata.json", "repodata.json")
    }
    remote = User(user.setup, user.home.parent / "remote", channel_server.url)
    remote.environ["CONDA_REMOTE_MAX_RETRIES"] = "0"
    status, said = compare(remote, ["create", "-n", "x", "pytorch"])
    assert status
    assert said


def test_read_only_prefix(user: User, templates: Templates) -> None:
    prefix = templates.copy("bare", user)
    history = prefix / "conda-meta" / "history"
    history.unlink()
    history.mkdir()  # it cannot be written, not even by root
    status, _ = compare(user, ["install", "-n", "x", "pytorch"])
    assert status


def test_error_of_a_missing_package_is_the_same_in_json(user: User) -> None:
    command = ("create", "-n", "x", "--json", "nosuchpackage", "pytorch")
    with_us, without = (user.run(*command, env={**DRIVER, **mode}).json() for mode in ({}, OFF))
    assert with_us == without
    assert hear(user.run(*command, env=DRIVER)) == []
