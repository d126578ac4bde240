"""An environment that the host cannot run any more is left alone by commands that do not concern CUDA."""

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, OFF, User, hear, read_offer

pytestmark = pytest.mark.conda

UNRELATED = {
    "install": "install -n x pandas",
    "remove": "remove -n x tqdm",
    "update": "update -n x tqdm",
}


PANDAS = ("numpy", "python-dateutil", "python-tzdata", "pytz", "six")


@pytest.mark.parametrize("command", UNRELATED.values(), ids=list(UNRELATED))
def test_cuda_packages_stay(user: User, templates: Templates, command: str) -> None:
    templates.copy("cuda13", user)
    before = user.installed()
    plain = user.plan(*command.split(), env={**DRIVER, **OFF})
    result = user.run(*command.split(), env=DRIVER, check=True)
    changed = frozenset(user.installed().values()) ^ frozenset(before.values())
    assert hear(result) == []
    if command.startswith("remove"):  # not steered: rattler moves CUDA packages, with us and without
        assert changed == plain.linked ^ plain.unlinked
    else:
        assert {build.name for build in changed} <= {"tqdm", "pandas", *PANDAS}
    assert user.installed()["pytorch"].build.startswith("cuda")


def test_request_about_cuda_mends_it(user: User, templates: Templates) -> None:
    templates.copy("cuda13", user)
    result = user.run("install", "-n", "x", "torchvision", env=DRIVER)
    if result.returncode:  # classic changes nothing that it may keep: it takes the command that is offered
        user.run(*read_offer(result), env=DRIVER, check=True)
    builds = user.installed()
    assert builds["cuda-version"].major == 12
    assert builds["pytorch"].build.startswith("cuda129")
    assert builds["torchvision"].build.startswith("cuda129")
