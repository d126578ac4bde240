"""pip's packages in an environment of conda, and in a venv: ``check`` reads both, and conda survives both."""

from pathlib import Path

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, User, declare
from tests.inventory.places import build_wheel, make_venv, pip

pytestmark = pytest.mark.conda


def damage(prefix: Path) -> Path:
    """Leave a distribution without metadata beside the others of an environment."""
    broken = next((prefix / "lib").glob("python3*")) / "site-packages" / "broken-1.dist-info"
    broken.mkdir(parents=True)
    return broken


def test_check_reads_a_venv(user: User, tmp_path: Path) -> None:
    prefix = make_venv(tmp_path / "env")
    pip("install", build_wheel(tmp_path, "six", "1.16"), "--prefix", prefix)
    fine = user.run("cuda-pin", "check", "-p", str(prefix), env=DRIVER)
    assert (fine.returncode, "nothing wrong" in fine.stdout) == (0, True)
    broken = damage(prefix)
    said = user.run("cuda-pin", "check", "-p", str(prefix), env=DRIVER)
    assert (said.returncode, f"not judged: {broken / 'METADATA'}" in said.stdout) == (0, True)
    facts = user.run("cuda-pin", "check", "-p", str(prefix), "--json", env=DRIVER).json()
    assert [row["file"] for row in facts["unread"]] == [str(broken / "METADATA")]


def test_check_refuses_what_is_no_environment(user: User, tmp_path: Path) -> None:
    said = user.run("cuda-pin", "check", "-p", str(tmp_path), env=DRIVER)
    assert (said.returncode, "EnvironmentLocationNotFound" in said.stderr) == (1, True)


def test_a_broken_wheel_does_not_stop_conda(user: User, templates: Templates) -> None:
    prefix = templates.copy("cuda12", user)
    (prefix / "lib" / "python3.12" / "site-packages").mkdir(parents=True, exist_ok=True)
    damage(prefix)
    result = user.run("install", "-n", "x", "tqdm", "torchvision", "--dry-run", env=declare("12.9"))
    assert "DryRunExit" in result.stdout + result.stderr
    assert "internal error" not in result.stderr
