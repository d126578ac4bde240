"""Settings hold for the environment that a command changes, active or not, however it is named."""

import pytest

from tests.commands.rows import ASKING, Row
from tests.commands.templates import Templates
from tests.commands.user import DRIVER, TOO_NEW, VOLTA, WARN, User, hear

pytestmark = pytest.mark.conda

NAMED = {name: row for name, row in ASKING.items() if row.start and not row.command.count("--")}
WRONG = {
    "cuda_pin_mode": ("strict", "enforce, warn, off"),
    "cuda_pin_level": ("patch", "auto, major, minor"),
    "cuda_pin_variant": ("gpu", "auto, cuda, cpu"),
    "cuda_pin_max": ("twelve", "12.4"),
    "cuda_pin_channel_priority": ("loose", "strict, flexible, disabled"),
    "cuda_pin_ignore": (["CUP1"], "CUP101"),
    "cuda_pin_mirrors": (["mirror.example.org"], "FROM=TO"),
}


@pytest.mark.parametrize("row", NAMED.values(), ids=list(NAMED))
def test_settings_of_the_prefix(user: User, templates: Templates, row: Row) -> None:
    command = row.prepare(user, templates, TOO_NEW)
    user.write_condarc({"plugins": {"cuda_pin_mode": "warn"}})
    result = user.run(*command, env=VOLTA, check=True)
    assert hear(result)
    assert all("CUP103" in line for line in hear(result))
    assert user.installed()["cuda-version"].major == 13


def test_settings_of_another_prefix_do_not_count(user: User, templates: Templates) -> None:
    for name in ("x", "y"):
        templates.copy("bare", user, name)
    user.write_condarc({"plugins": {"cuda_pin_mode": "off"}}, "y")
    assert user.run("install", "-n", "x", TOO_NEW, env=VOLTA).returncode == 1
    assert hear(user.run("install", "-n", "y", TOO_NEW, env=VOLTA, check=True)) == []


def test_environment_variable_comes_before_the_file(user: User, templates: Templates) -> None:
    templates.copy("bare", user)
    user.write_condarc({"plugins": {"cuda_pin_mode": "enforce"}})
    user.run("install", "-n", "x", TOO_NEW, env={**VOLTA, **WARN}, check=True)
    assert user.installed()["cuda-version"].major == 13


@pytest.mark.parametrize("code", ["CUP103", "arch-unsupported"])
@pytest.mark.parametrize("place", ["file", "variable"])
def test_rule_is_ignored(user: User, templates: Templates, code: str, place: str) -> None:
    templates.copy("bare", user)
    env = {**VOLTA}
    if place == "file":
        user.write_condarc({"plugins": {"cuda_pin_ignore": ["CUP201", code]}})
    else:
        env["CONDA_PLUGINS_CUDA_PIN_IGNORE"] = f"CUP201,{code}"
    assert hear(user.run("install", "-n", "x", TOO_NEW, env=env, check=True)) == []
    assert user.installed()["cuda-version"].major == 13


@pytest.mark.parametrize("key", WRONG)
def test_wrong_value_is_named(user: User, templates: Templates, key: str) -> None:
    templates.copy("bare", user)
    value, allowed = WRONG[key]
    file = user.write_condarc({"plugins": {key: value}})
    result = user.run("install", "-n", "x", "tqdm", env=DRIVER)
    assert result.returncode == 1
    word = value if isinstance(value, str) else value[0]
    for part in (str(file), key, word, allowed):
        assert part in result.stderr
    assert "Traceback" not in result.stderr
    assert user.run("list", "-n", "x", env=DRIVER, check=True).stderr == ""


def test_wrong_variable_is_named(user: User, templates: Templates) -> None:
    templates.copy("bare", user)
    result = user.run("install", "-n", "x", "tqdm", env={"CONDA_PLUGINS_CUDA_PIN_MODE": "strict"})
    assert result.returncode == 1
    for part in ("cuda_pin_mode", "strict", "enforce, warn, off"):
        assert part in result.stderr


def test_conda_config_sets_it(user: User, templates: Templates) -> None:
    prefix = str(templates.copy("bare", user))
    command = ("config", "--set", "plugins.cuda_pin_mode", "warn", "--prefix", prefix)
    if user.version < (25,):
        pytest.skip("this conda cannot set the settings of plugins")
    user.run(*command, check=True)
    assert "cuda_pin_mode: warn" in (user.prefix("x") / ".condarc").read_text()
    user.run("install", "-n", "x", TOO_NEW, env=VOLTA, check=True)


def test_maximum_is_kept(user: User) -> None:
    user.run("create", "-n", "x", "pytorch", env={**DRIVER, "CONDA_PLUGINS_CUDA_PIN_MAX": "11.8"}, check=True)
    cuda = user.installed().get("cuda-version")
    assert cuda is None or cuda.major == 11


def test_minor_level(user: User) -> None:
    user.run("create", "-n", "x", "cupy", env={**DRIVER, "CONDA_PLUGINS_CUDA_PIN_LEVEL": "minor"}, check=True)
    assert user.installed()["cuda-version"].version <= "12.4"
