"""``pip-cuda check --repair``: a damaged environment, and the commands that mend it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pip_hook.cli import main
from tests.pipcuda.world import NCCL, WORLD
from tests.piprig.wheel import Wheel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pipcuda.conftest import Hook

WHEELS = [offer.file for index in WORLD for offer in index.offers if isinstance(offer.file, Wheel)]
LIBRARIES = ("cuda-toolkit 13.0.3", "nvidia-cudnn-cu13 9.24.0.43", "nvidia-nccl-cu13 2.30.7")
TORCH_13 = ("torch 2.14.1", *LIBRARIES, "sympy 1.14.0")
OLD_NCCL = "nvidia-nccl-cu12 2.27.5"
NEW = "13.0 8.9"


def unpack(hook: Hook, *texts: str) -> None:
    for text in texts:
        hook.target.unpack(next(wheel for wheel in WHEELS if f"{wheel.name} {wheel.version}" == text))


def read_nccl(hook: Hook) -> str:
    return (hook.target.packages / NCCL).read_text()


@pytest.mark.pip
def test_a_clobbered_library_is_named_then_mended(hook: Hook) -> None:
    unpack(hook, *TORCH_13, OLD_NCCL, "xgboost 3.2.0", "numpy 2.4.0")
    assert "cu12" in read_nccl(hook)
    proposed = hook.run("check", "--repair", host=NEW)
    assert proposed.returncode == 1
    assert "install --force-reinstall --no-deps nvidia-nccl-cu13==2.30.7" in proposed.stdout
    assert "nothing was run" in proposed.stdout
    assert "cu12" in read_nccl(hook)
    before = hook.installed
    done = hook.run("check", "--repair", "--yes", host=NEW)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nvidia-nccl-cu13 2.30.7" in read_nccl(hook)
    assert hook.installed == before
    assert "there is nothing to mend" in hook.run("check", "--repair", host=NEW).stdout


@pytest.mark.pip
def test_a_library_that_a_removal_took_along_is_written_again(hook: Hook) -> None:
    unpack(hook, *TORCH_13)
    (hook.target.packages / NCCL).unlink()
    facts = json.loads(hook.run("check", "--repair", "--json", host=NEW).stdout)
    (step,) = facts["repair"]["steps"]
    assert (step["tool"], step["done"]) == ("pip-cuda", None)
    assert [finding["code"] for finding in step["mends"]] == ["CUP203"]
    done = hook.run("check", "--repair", "--yes", "--json", host=NEW)
    assert (done.returncode, json.loads(done.stdout)["repair"]["steps"][0]["done"]) == (0, True)
    assert "nvidia-nccl-cu13 2.30.7" in read_nccl(hook)


@pytest.mark.pip
def test_torch_and_its_family_change_in_one_command(hook: Hook) -> None:
    unpack(hook, *TORCH_13, "torchvision 0.29.1")
    done = hook.run("check", "--repair", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"torch": "2.14.1+cu126", "torchvision": "0.29.1+cu126"}.items() <= hook.installed.items()


@pytest.mark.pip
def test_of_two_owners_the_one_that_runs_here_is_installed_afresh(hook: Hook) -> None:
    unpack(hook, "numpy 2.4.0", "cupy-cuda12x 14.2.0", "cupy-cuda13x 14.2.0")
    done = hook.run("check", "--repair", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert hook.installed == {"numpy": "2.4.0", "cupy-cuda12x": "14.2.0"}
    assert "12x" in (hook.target.packages / "cupy/_core/core.so").read_text()


@pytest.mark.pip
def test_an_extension_for_another_torch_gets_its_file(hook: Hook) -> None:
    unpack(hook, "torch 2.14.1+cu126", "nvidia-cuda-runtime-cu12 12.6.77", "sympy 1.14.0")
    hook.target.unpack(Wheel("torch-scatter", "2.1.2+pt213cu126"))
    done = hook.run("check", "--repair", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert hook.installed["torch-scatter"] == "2.1.2+pt214cu126"


@pytest.mark.pip
def test_nothing_is_removed_where_its_successor_is_not_to_be_had(hook: Hook) -> None:
    unpack(hook, "numpy 2.4.0", "cupy-cuda13x 14.2.0")
    hook.world.indexes.clear()
    ended = hook.run("check", "--repair", "--yes")
    assert (ended.returncode, "nothing was removed" in ended.stdout) == (1, True)
    assert hook.installed == {"numpy": "2.4.0", "cupy-cuda13x": "14.2.0"}


def test_without_a_fault_there_is_nothing_to_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyvenv.cfg").write_text("")
    assert main(["check", str(tmp_path), "--repair", "--yes"]) == 0
    assert "repair: there is nothing to mend" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--file", "x.txt"], ["--sarif"]])
def test_only_an_environment_is_mended(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--repair", *words]) == 1
    assert "--repair mends an environment" in capsys.readouterr().err
