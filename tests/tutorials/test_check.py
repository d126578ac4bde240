"""T13 and T17: what ``check`` says of an environment, through both front ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.commands.user import User, find_setups
from tests.inventory.places import SITES
from tests.inventory.test_libraries import put
from tests.rig.runner import Result
from tests.verification import places

ROOT = Path(__file__).parents[2]
Check = Callable[..., Result]
"""Runs ``check`` with words, in an environment of variables."""


@pytest.fixture(params=[pytest.param("pip-cuda"), pytest.param("conda", marks=pytest.mark.conda)])
def check(request: pytest.FixtureRequest, tmp_path: Path) -> Check:
    """``check`` of either front end, of a prefix, on a host whose driver runs CUDA 13.0."""
    if request.param == "conda":
        request.getfixturevalue("rig")
        user = User(find_setups()[0], tmp_path / "user")
        return lambda prefix, *words, env=(): user.run(
            "cuda-pin", "check", "-p", str(prefix), *words, env={"CONDA_OVERRIDE_CUDA": "13.0", **dict(env)}
        )
    return lambda prefix, *words, env=(): run_pip_cuda("check", str(prefix), *words, env=dict(env))


def run_pip_cuda(*words: str, env: Mapping[str, str]) -> Result:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LD_", "CUDA", "CONDA"))}
    environ = {**kept, "CONDA_OVERRIDE_CUDA": "13.0", **env}
    command = [sys.executable, "-m", "pip_hook", *words]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    return Result(done.returncode, done.stdout, done.stderr)


def test_t13_other_toolkits_come_first(check: Check, tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    (prefix / SITES).mkdir(parents=True)
    (prefix / "conda-meta").mkdir()
    (prefix / "conda-meta" / "history").touch()
    put(prefix / "lib", "libcudart.so.12.4.127", "libcublas.so.12.4.5.8", "libcudnn.so.9.1.0")
    homes = [tmp_path / "cuda-11.7", tmp_path / "cuda-11.8"]
    for home, version in zip(homes, ("11.7.99", "11.8.89"), strict=True):
        put(home / "lib64", f"libcudart.so.{version}", f"libcublas.so.{version}", "libcudnn.so.8.9.7")
    listed = ":".join(f"{home}/lib64" for home in homes)
    assert "shadowed" not in check(prefix).stdout
    said = check(prefix, env={"CUDA_HOME": str(homes[1]), "LD_LIBRARY_PATH": listed})
    assert said.returncode == 0
    for library in ("libcudart", "libcublas", "libcudnn"):
        assert f"warning: shadowed {library}: {homes[0]}/lib64/" in said.stdout


def test_t17_it_works(check: Check, tmp_path: Path) -> None:
    prefix = places.make_environment(tmp_path, places.GOOD)
    said = check(prefix, "--verify")
    assert (said.returncode, said.stderr) == (0, "")
    assert "imported: torch 2.8.0+cu126, CUDA 12.6; sees NVIDIA L4" in said.stdout
    facts = check(prefix, "--verify", "--json").stdout
    assert [row["discords"] for row in json.loads(facts)["imports"]] == [[]]


def test_t17_it_does_not(check: Check, tmp_path: Path) -> None:
    said = check(places.make_environment(tmp_path, places.KILLED), "--verify")
    assert said.returncode == 1
    assert "breaks: torch 2.8.0+cu126: torch ended its process in its import: SIGSEGV" in said.stdout


def test_t17_there_is_nothing_to_import(check: Check, tmp_path: Path) -> None:
    said = check(places.make_environment(tmp_path, "", "six", "1.16"), "--verify")
    assert said.returncode == 0
    assert "imported: nothing; no torch, tensorflow, jax or cupy is installed" in said.stdout


def test_t17_nothing_is_imported_unasked(check: Check, tmp_path: Path) -> None:
    said = check(places.make_environment(tmp_path, places.KILLED))
    assert (said.returncode, "imported" in said.stdout) == (0, False)


def test_t17_of_a_file_there_is_nothing_to_import(check: Check, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("torch==2.8.0\n")
    said = check(tmp_path, "--verify", "--file", str(tmp_path / "requirements.txt"))
    assert (said.returncode, "--verify imports what is installed" in said.stderr) == (1, True)
