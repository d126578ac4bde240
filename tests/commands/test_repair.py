"""``conda cuda-pin check --repair``: the commands that mend an environment of conda, and what they lead to."""

from pathlib import Path

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, User, declare
from tests.piprig.environment import make_venv
from tests.piprig.wheel import Wheel

pytestmark = pytest.mark.conda
OFFLINE = {"PIP_NO_INDEX": "1"}


def test_what_the_driver_cannot_run_is_named_then_mended(user: User, templates: Templates) -> None:
    templates.copy("cuda13", user)
    before = user.installed("x")["pytorch"]
    said = user.run("cuda-pin", "check", "-n", "x", "--repair", env=DRIVER)
    assert (said.returncode, "1. conda install -n x 'cuda-version<13'" in said.stdout) == (1, True)
    assert user.installed("x")["pytorch"] == before
    done = user.run("cuda-pin", "check", "-n", "x", "--repair", "--yes", env=DRIVER)
    assert done.returncode == 0, done.stdout + done.stderr
    assert user.installed("x")["pytorch"].build.startswith("cuda12")


def test_a_cpu_build_gives_way_to_a_cuda_build(user: User, templates: Templates) -> None:
    templates.copy("cpu", user)
    result = user.run("cuda-pin", "check", "-n", "x", "--repair", "--yes", "--json", env=declare("12.9"))
    facts = result.json()
    (step,) = facts["repair"]["steps"]
    assert step["command"] == ["conda", "install", "-n", "x", "pytorch=*=*cu*"]
    assert (result.returncode, step["done"], facts["findings"]) == (0, True, [])
    assert user.installed("x")["pytorch"].build.startswith("cuda12")


def test_wheels_are_mended_with_pip_cuda(user: User, tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "env")
    venv.unpack(Wheel("cupy-cuda12x", "14.2.0"), Wheel("cupy-cuda13x", "14.2.0"))
    said = user.run("cuda-pin", "check", "-p", str(venv.prefix), "--repair", env=DRIVER)
    assert said.returncode == 1
    assert f"1. pip-cuda --python {venv.prefix} uninstall cupy-cuda12x cupy-cuda13x" in said.stdout
    assert f"2. pip-cuda --python {venv.prefix} install --upgrade cupy-cuda12x==14.2.0" in said.stdout
    ended = user.run("cuda-pin", "check", "-p", str(venv.prefix), "--repair", "--yes", env={**DRIVER, **OFFLINE})
    assert (ended.returncode, "nothing was removed for it" in ended.stdout) == (1, True), ended.stdout + ended.stderr
    assert set(venv.list_installed()) == {"cupy-cuda12x", "cupy-cuda13x"}


@pytest.mark.parametrize("words", [["--repair", "--sarif"], ["--repair", "--file", "x.txt"], ["--yes"]])
def test_options_that_do_not_go_together_are_refused(user: User, templates: Templates, words: list[str]) -> None:
    templates.copy("bare", user)
    said = user.run("cuda-pin", "check", "-n", "x", *words, env=DRIVER)
    assert (said.returncode, "--repair" in said.stderr) == (1, True)
