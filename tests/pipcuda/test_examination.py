"""``pip-cuda check`` of a prefix and of a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pip_hook.cli import main
from tests.inventory.places import add_wheel

TOO_NEW = "torch==2.14.1+cu130\n"


@pytest.fixture(autouse=True)
def driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host whose driver runs CUDA 12.4."""
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "12.4")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)


def test_a_file_is_judged_before_anything_is_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(TOO_NEW)
    assert main(["check", "--file", str(file)]) == 1
    assert "breaks: CUP101 driver-too-old: torch 2.14.1+cu130" in capsys.readouterr().out
    file.write_text("torch==2.8.0+cu126\n")
    assert main(["check", "--file", str(file)]) == 0


def test_a_prefix_is_judged_with_what_could_not_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_wheel(tmp_path, "torch", "2.14.1+cu130")
    (add_wheel(tmp_path, "bad", "1") / "METADATA").unlink()
    assert main(["check", str(tmp_path), "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert "CUP101" in [finding["code"] for finding in facts["findings"]]
    assert len(facts["unread"]) == 1


def test_sarif(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "requirements.txt").write_text(TOO_NEW)
    assert main(["check", "--file", str(tmp_path / "requirements.txt"), "--sarif"]) == 1
    assert json.loads(capsys.readouterr().out)["version"] == "2.1.0"


@pytest.mark.parametrize("words", [["nosuch"], ["--file", "nosuch.txt"]])
def test_what_is_not_there_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *words]) == 1
    assert "ERROR: nosuch" in capsys.readouterr().err
