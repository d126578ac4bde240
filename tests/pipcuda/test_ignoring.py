"""Rules that are ignored, by code and by word, everywhere, for one environment and for one command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pip_hook.cli import main
from tests.inventory.places import add_wheel
from tests.piprig.wheel import Wheel

if TYPE_CHECKING:
    from tests.pipcuda.conftest import Hook

VARIABLE = "CONDA_PLUGINS_CUDA_PIN_IGNORE"


def ignore(place: Path, *names: str) -> None:
    place.mkdir(exist_ok=True)
    (place / ".condarc").write_text(f"plugins:\n  cuda_pin_ignore: [{', '.join(names)}]\n", encoding="utf-8")


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment with a torch that the driver cannot run."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "12.4")
    for name in ("LD_LIBRARY_PATH", "CONDA_EXE", "CONDARC", "XDG_CONFIG_HOME", VARIABLE):
        monkeypatch.delenv(name, raising=False)
    add_wheel(tmp_path / "env", "torch", "2.14.1+cu130")
    return tmp_path / "env"


@pytest.mark.parametrize("name", ["CUP101", "driver-too-old"])
@pytest.mark.parametrize("place", ["home", "env", "variable"])
def test_a_rule_is_ignored(
    prefix: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, place: str
) -> None:
    assert main(["check", str(prefix)]) == 1
    if place == "variable":
        monkeypatch.setenv(VARIABLE, f"CUP201, {name}")
    else:
        ignore(prefix.parent / place, "CUP201", name)
    capsys.readouterr()
    assert main(["check", str(prefix)]) == 0
    assert "CUP101" not in capsys.readouterr().out


def test_the_file_of_another_environment_does_not_count(prefix: Path) -> None:
    ignore(prefix.parent / "other", "CUP101")
    assert main(["check", str(prefix)]) == 1


@pytest.mark.parametrize("name", ["CUP999", "driver-too-new"])
def test_what_is_no_rule_is_named(prefix: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    ignore(prefix, "CUP101", name)
    assert main(["check", str(prefix)]) == 1
    told = capsys.readouterr().err
    assert f"cuda_pin_ignore names '{name}', which is no rule; there are CUP101 driver-too-old" in told


@pytest.mark.pip
def test_an_installation_heeds_the_environments_own_file(hook: Hook) -> None:
    hook.target.unpack(Wheel("torch", "2.14.1+cu130"), Wheel("cupy-cuda13x", "14.2.0"))
    words = ("--no-deps", "cupy-cuda12x")
    assert hook.run("install", *words, host="13.0 8.9").returncode == 30
    ignore(hook.target.prefix, "file-clobber")
    hook.install(*words, host="13.0 8.9")
    ignore(hook.target.prefix, "file-clobbered")
    refused = hook.run("install", "cupy-cuda12x", host="13.0 8.9")
    assert (refused.returncode, "'file-clobbered', which is no rule" in refused.stderr) == (1, True)
