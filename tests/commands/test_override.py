"""CONDA_OVERRIDE_CUDA decides; that no driver is active is worth one line, where CUDA builds come in."""

import pytest

from tests.commands.templates import Templates
from tests.commands.user import User, hear, override

pytestmark = pytest.mark.conda


def test_override_is_obeyed(user: User) -> None:
    user.run("create", "-n", "x", "pytorch", env=override("12.4"), check=True)
    assert user.installed()["cuda-version"].major == 12


def test_remark_comes_once_at_most(user: User) -> None:
    said = hear(user.run("create", "-n", "x", "pytorch", env=override("12.9"), check=True))
    assert len([line for line in said if "CUP104" in line]) <= 1  # none where a driver is active
    assert [line for line in said if "CUP" in line and "CUP104" not in line] == []


@pytest.mark.parametrize("command", ["install -n x pandas", "install -n x pytorch=*=cpu*", "remove -n x pytorch"])
def test_no_remark_where_no_cuda_build_comes_in(user: User, templates: Templates, command: str) -> None:
    templates.copy("cuda12", user)
    assert hear(user.run(*command.split(), env=override("12.9"), check=True)) == []
