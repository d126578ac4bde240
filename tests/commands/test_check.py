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


LOCK = """\
@EXPLICIT
https://conda.anaconda.org/conda-forge/noarch/cuda-version-13.0-h0_0.conda
https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.12.0-cuda130_mkl_py312_h0_300.conda
"""


def test_check_judges_a_file(user: User) -> None:
    (user.home / "lock.txt").write_text(LOCK)
    said = user.run("cuda-pin", "check", "--file", "lock.txt", env=DRIVER)
    assert (said.returncode, "breaks: CUP101 driver-too-old: pytorch 2.12.0" in said.stdout) == (1, True)
    facts = user.run("cuda-pin", "check", "--file", "lock.txt", "--json", env=DRIVER).json()
    assert (facts["file"], facts["kind"]) == ("lock.txt", "explicit file")
    assert user.run("cuda-pin", "check", "--file", "lock.txt", env=declare("13.2")).returncode == 0


def test_check_judges_yaml(user: User) -> None:
    file = user.write_file("pytorch=2.12.0=cuda130_mkl_py312_h0_300", "numpy")
    said = user.run("cuda-pin", "check", "--file", file, env=DRIVER)
    assert (said.returncode, "CUP101" in said.stdout) == (1, True)
    assert "not judged: 1 without a settled version (numpy)" in said.stdout


@pytest.mark.parametrize("text", [None, "Dear all,\n"])
def test_a_file_that_is_none_is_refused(user: User, text: str | None) -> None:
    if text is not None:
        (user.home / "file").write_text(text)
    said = user.run("cuda-pin", "check", "--file", "file", env=DRIVER)
    assert (said.returncode, "CudaPinError: file" in said.stderr, "Traceback" in said.stderr) == (1, True, False)


def test_check_prints_sarif(user: User) -> None:
    (user.home / "my lock.txt").write_text(LOCK)
    result = user.run("cuda-pin", "check", "--file", "my lock.txt", "--sarif", env=DRIVER)
    (run,) = result.json()["runs"]
    places = {
        one["ruleId"]: one["locations"][0]["physicalLocation"] for one in run["results"] if one["level"] == "error"
    }
    assert places["CUP101"] == {"artifactLocation": {"uri": "my%20lock.txt"}, "region": {"startLine": 3}}
    assert result.returncode == 1
