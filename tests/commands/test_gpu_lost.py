"""No command takes the CUDA build from an environment unasked, least of all where the driver cannot be seen."""

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, LOST, User, hear
from tests.rig.runner import checksum

pytestmark = pytest.mark.conda

COMMANDS = {
    "install torchvision": ("cuda12", "install -n x torchvision"),
    "install pandas": ("older", "install -n x pandas"),
    "update": ("older", "update -n x pytorch"),
    "update --all": ("older", "update -n x --all"),
    "update --all of the newest": ("cuda12", "update -n x --all"),
    "env update": ("cuda12", "env update -n x -f {file}"),
}


@pytest.mark.parametrize(("start", "command"), COMMANDS.values(), ids=list(COMMANDS))
def test_cuda_build_stays_where_no_driver_is_seen(user: User, templates: Templates, start: str, command: str) -> None:
    prefix = templates.copy(start, user)
    before = user.installed()["pytorch"]
    total = checksum(prefix)
    result = user.run(*command.format(file=user.write_file("torchvision")).split(), env=LOST)
    after = user.installed()
    if result.returncode:
        assert "CUP402" in result.stderr or str(before.build) in result.stderr
        assert checksum(prefix) == total
    assert after["pytorch"].build.startswith("cuda")
    assert "torchvision" not in after or after["torchvision"].build.startswith("cuda")


def test_unrelated_install_goes_through_where_no_driver_is_seen(user: User, templates: Templates) -> None:
    templates.copy("cuda12", user)
    before = user.installed()
    assert hear(user.run("install", "-n", "x", "pandas", env=LOST, check=True)) == []
    after = user.installed()
    assert {name: after[name] for name in before} == before
    assert "pandas" in after


@pytest.mark.parametrize("host", [pytest.param(LOST, id="none"), pytest.param(DRIVER, id="driver 12.4")])
@pytest.mark.parametrize("start", ["cuda12", "older"])
def test_cpu_is_had_for_the_asking(user: User, templates: Templates, host: dict[str, str], start: str) -> None:
    templates.copy(start, user)
    result = user.run("install", "-n", "x", "pytorch=*=cpu*", env=host, check=True)
    assert hear(result) == []
    assert user.installed()["pytorch"].build.startswith("cpu")


@pytest.mark.parametrize("command", ["update -n x pytorch", "update -n x --all", "install -n x torchvision pytorch"])
def test_cuda_build_is_updated_to_one(user: User, templates: Templates, command: str) -> None:
    templates.copy("older", user)
    user.run(*command.split(), env=DRIVER, check=True)
    assert user.installed()["pytorch"].build.startswith("cuda129")
