"""The commands of pip-cuda that only answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conda_cuda_pin.detect import host_from_json
from conda_cuda_pin.host import State
from conda_cuda_pin.versions import CudaVersion
from pip_hook.cli import main

ROOT = Path(__file__).parent.parent.parent


def test_debug_says_who_said_what(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "12.4")
    assert main(["debug"]) == 0
    out = capsys.readouterr().out
    assert "the driver runs CUDA 12.4 (says CONDA_OVERRIDE_CUDA)" in out
    assert "no system-wide CUDA toolkit" in out


def test_debug_json_is_a_host_that_can_be_read_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "12.4")
    assert main(["debug", "--json"]) == 0
    host = host_from_json(json.loads(capsys.readouterr().out)["host"])
    assert (host.driver_cuda, host.verdict.state) == (CudaVersion(12, 4), State.DECLARED)


def test_debug_speaks_of_the_host_that_is_installed_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_PLUGINS_CUDA_PIN_TARGET", "12.4 8.9")
    assert main(["debug"]) == 0
    out = capsys.readouterr().out
    assert "the driver runs CUDA 12.4 (says cuda_pin_target)" in out
    assert "settings: mode enforce, target 12.4 8.9" in out


def test_a_garbage_override_is_named_and_is_no_crash(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "500000")
    assert main(["debug"]) == 1
    told = capsys.readouterr().err
    assert "CONDA_OVERRIDE_CUDA" in told
    assert "500000" in told


def test_a_rule_is_explained_and_what_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "CUP202", "driver-too-old"]) == 0
    told = capsys.readouterr().out
    assert "file-clobber" in told
    assert "CUP101" in told
    assert main(["explain", "CUP999"]) == 1
    assert "CUP999 is no rule" in capsys.readouterr().err


def test_a_word_of_two_rules_explains_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "abi-mismatch"]) == 0
    told = capsys.readouterr().out
    assert all(words in told for words in ("CUP301", "CUP302", "docs/rules/CUP302.md"))


def test_it_runs_as_a_module() -> None:
    result = subprocess.run([sys.executable, "-m", "pip_hook", "--version"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0
    assert result.stdout.startswith("pip ")
