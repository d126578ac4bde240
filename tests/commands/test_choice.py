"""Whoever asks for CPU builds gets them, without a word."""

from collections.abc import Mapping

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, User, hear

pytestmark = pytest.mark.conda

PYTORCH = "-c pytorch -c conda-forge --override-channels"
CHOICES = {
    "build": ("pytorch=*=cpu*", {}),
    "build of a part": ("torchvision pytorch=*=cpu*", {}),
    "metapackage": ("pytorch-cpu", {}),
    "build of others": ("tensorflow-base=*=cpu*", {}),
    "cpuonly": (f"{PYTORCH} pytorch cpuonly", {}),
    "setting": ("pandas pytorch", {"CONDA_PLUGINS_CUDA_PIN_VARIANT": "cpu"}),
}


@pytest.mark.parametrize(("words", "setting"), CHOICES.values(), ids=list(CHOICES))
@pytest.mark.parametrize("start", [pytest.param("", id="create"), pytest.param("bare", id="install")])
def test_cpu_choice_is_respected(
    user: User, templates: Templates, words: str, setting: Mapping[str, str], start: str
) -> None:
    if start:
        templates.copy(start, user)
    verb = "install" if start else "create"
    result = user.run(verb, "-n", "x", *words.split(), env={**DRIVER, **setting}, check=True)
    said = hear(result)
    assert len(said) <= len(setting)  # the setting changed something, which is worth a line
    assert [line for line in said if "CUP" in line] == []
    builds = user.installed().values()
    assert [build for build in builds if "cuda" in build.name or "cuda" in build.build] == []
    assert [build for build in builds if build.name in ("pytorch", "tensorflow-base")]


def test_cpu_environment_stays_one(user: User, templates: Templates) -> None:
    templates.copy("cpu", user)
    result = user.run("install", "-n", "x", "torchvision", env=DRIVER, check=True)
    assert hear(result) == []
    assert "cpu" in user.installed()["torchvision"].build
    assert user.installed()["pytorch"].build.startswith("cpu")


def test_cpu_environment_is_updated_as_one(user: User, templates: Templates) -> None:
    templates.copy("cpu", user)
    result = user.run("update", "-n", "x", "--all", env=DRIVER, check=True)
    assert hear(result) == []
    assert user.installed()["pytorch"].build.startswith("cpu")


def test_cuda_is_had_for_the_asking(user: User, templates: Templates) -> None:
    templates.copy("cpu", user)
    user.run("install", "-n", "x", "pytorch=*=*cu*", env=DRIVER, check=True)
    assert user.installed()["pytorch"].build.startswith("cuda129")
