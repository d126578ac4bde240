"""Clones and revisions bring back what was there: worth a word, never a refusal."""

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, OFF, User, declare, hear

pytestmark = pytest.mark.conda


def test_clone_goes_through_with_a_line(user: User, templates: Templates) -> None:
    templates.copy("cuda13", user, "source")
    result = user.run("create", "-n", "x", "--clone", "source", env=DRIVER, check=True)
    assert user.installed() == user.installed("source")
    assert hear(result)
    assert all("CUP101" in line for line in hear(result))


def test_clone_of_what_runs_is_silent(user: User, templates: Templates) -> None:
    templates.copy("cuda12", user, "source")
    result = user.run("create", "-n", "x", "--clone", "source", env=declare("12.9"), check=True)
    assert user.installed() == user.installed("source")
    assert hear(result) == []


def test_revision_goes_through_with_a_line(user: User, templates: Templates) -> None:
    templates.copy("cuda13", user)
    before = user.installed()
    user.run("remove", "-n", "x", "pytorch", env={**DRIVER, **OFF}, check=True)
    assert "pytorch" not in user.installed()
    result = user.run("install", "-n", "x", "--revision", "0", env=DRIVER, check=True)
    assert user.installed() == before
    assert any("CUP101" in line for line in hear(result))


def test_revision_that_runs_is_silent(user: User, templates: Templates) -> None:
    templates.copy("bare", user)
    user.run("install", "-n", "x", "tqdm", env=DRIVER, check=True)
    result = user.run("install", "-n", "x", "--revision", "0", env=DRIVER, check=True)
    assert "tqdm" not in user.installed()
    assert hear(result) == []


@pytest.mark.parametrize(("start", "cuda"), [("cuda12", "12.9"), ("cuda13", "13.2"), ("cpu", "12.9")])
def test_lock_file_of_what_runs_is_silent(user: User, templates: Templates, start: str, cuda: str) -> None:
    templates.copy(start, user, "source")
    locked = user.home / "locked.txt"
    locked.write_text(user.run("list", "-n", "source", "--explicit", check=True).stdout)
    result = user.run("create", "-n", "x", "--file", str(locked), env=declare(cuda), check=True)
    assert user.installed() == user.installed("source")
    assert hear(result) == []


def test_rename_goes_through(user: User, templates: Templates) -> None:
    templates.copy("cuda13", user, "source")
    user.run("rename", "-n", "source", "x", env=DRIVER, check=True)
    assert user.installed()["cuda-version"].major == 13
    assert not user.prefix("source").exists()
