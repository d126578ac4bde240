"""Where CUDA is not concerned, and where we are off, everything is as without us."""

from collections.abc import Mapping

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, LOST, OFF, VOLTA, User, declare, hear, override

pytestmark = pytest.mark.conda

UNRELATED = {
    "install tqdm": ("bare", "install -n x tqdm"),
    "install pandas": ("bare", "install -n x pandas"),
    "create pandas": ("", "create -n x pandas"),
    "update python": ("bare", "update -n x python"),
    "update --all": ("bare", "update -n x --all"),
    "install beside CPU builds": ("cpu", "install -n x pandas"),
    "remove from CUDA 12": ("cuda12", "remove -n x triton"),
}


@pytest.mark.parametrize(("start", "command"), UNRELATED.values(), ids=list(UNRELATED))
@pytest.mark.parametrize("host", [pytest.param(declare("12.9"), id="driver 12.9"), pytest.param(LOST, id="none")])
def test_unrelated_command_is_as_without_us(
    user: User, templates: Templates, start: str, command: str, host: Mapping[str, str]
) -> None:
    if start:
        templates.copy(start, user)
    before = frozenset(user.installed().values())
    plain = user.plan(*command.split(), env={**host, **OFF})
    assert hear(user.run(*command.split(), env=host, check=True)) == []
    assert before ^ frozenset(user.installed().values()) == plain.linked ^ plain.unlinked


def test_unrelated_install_beside_cuda_builds(user: User, templates: Templates) -> None:
    templates.copy("cuda12", user)
    command = ("install", "-n", "x", "pandas")
    before = frozenset(user.installed().values())
    plain = user.plan(*command, env={**declare("12.9"), **OFF})
    assert hear(user.run(*command, env=declare("12.9"), check=True)) == []
    assert before ^ frozenset(user.installed().values()) == plain.linked ^ plain.unlinked


OTHER_SYSTEM = {
    "--platform": (["--platform", "linux-aarch64"], {}),
    "--subdir": (["--subdir", "linux-aarch64"], {}),
    "CONDA_SUBDIR": ([], {"CONDA_SUBDIR": "linux-aarch64"}),
}


@pytest.mark.parametrize(("options", "variables"), OTHER_SYSTEM.values(), ids=list(OTHER_SYSTEM))
def test_other_system_is_left_alone(user: User, options: list[str], variables: Mapping[str, str]) -> None:
    command = ["create", "-n", "x", "cuda-version=13.0", *options]
    if user.run("create", "-n", "x", "--dry-run", "tqdm", *options[:1], "linux-64").returncode == 2:
        pytest.skip(f"this conda has no {options[0]}")
    result = user.run(*command, env={**override("12.4"), **variables})
    assert hear(result) == []
    assert (result.returncode == 0) == (user.solver == "classic")  # rattler refuses by itself


SWITCHES = {
    "mode": OFF,
    "CONDA_NO_PLUGINS": {"CONDA_NO_PLUGINS": "true"},
}


@pytest.mark.parametrize("switch", SWITCHES.values(), ids=list(SWITCHES))
def test_switched_off(user: User, switch: Mapping[str, str]) -> None:
    if user.solver != "classic" and "CONDA_NO_PLUGINS" in switch:
        pytest.skip("the solver is a plugin itself")
    result = user.run("create", "-n", "x", "pytorch", env={**VOLTA, **switch}, check=True)
    assert hear(result) == []
    assert user.installed()["cuda-version"].major == 13


def test_no_plugins_option(user: User) -> None:
    if user.solver != "classic":
        pytest.skip("the solver is a plugin itself")
    user.run("--no-plugins", "create", "-n", "x", "pytorch", env=DRIVER, check=True)
    assert user.installed()["cuda-version"].major == 13
