"""pip's configuration, as pip itself combines it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pip_hook.preferences import name_variables, read_preferences
from pip_hook.runner import make_environ


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "pip").mkdir()
    (tmp_path / "prefix").mkdir()
    (tmp_path / "pip" / "pip.conf").write_text(
        "[global]\nindex-url = https://user\ntimeout = 5\n[install]\nextra-index-url =\n    https://one\n    https://two\n",
        encoding="utf-8",
    )
    (tmp_path / "prefix" / "pip.conf").write_text("[global]\ntimeout = 7\n", encoding="utf-8")
    return {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "none")}


def read(home: dict[str, str], verb: str = "install", **more: str) -> dict[str, str]:
    found = read_preferences(verb, Path(home["HOME"], "prefix"), {**home, **more})
    return {name: value for name, value in found.items() if name in ("index-url", "extra-index-url", "timeout", "pre")}


def test_sections_files_and_variables_win_in_pips_order(home: dict[str, str]) -> None:
    assert read(home)["extra-index-url"].split() == ["https://one", "https://two"]
    assert read(home, "download") == {"index-url": "https://user", "timeout": "7"}
    assert read(home, PIP_INDEX_URL="https://variable")["index-url"] == "https://variable"


def test_a_file_of_its_own_stands_in_for_the_users(home: dict[str, str], tmp_path: Path) -> None:
    named = tmp_path / "own.conf"
    named.write_text("[global]\npre = true\n", encoding="utf-8")
    assert read(home, PIP_CONFIG_FILE=str(named)) == {"timeout": "7", "pre": "true"}


def test_no_file_at_all(home: dict[str, str]) -> None:
    assert read(home, PIP_CONFIG_FILE=os.devnull) == {}


def test_isolated_leaves_out_the_user_and_the_variables(home: dict[str, str]) -> None:
    found = read_preferences("install", Path(home["HOME"], "prefix"), {**home, "PIP_PRE": "1"}, isolated=True)
    assert "index-url" not in found
    assert "pre" not in found
    assert found["timeout"] == "7"


def test_a_broken_file_is_for_pip_to_refuse(home: dict[str, str]) -> None:
    Path(home["XDG_CONFIG_HOME"], "pip", "pip.conf").write_text("index-url = nothing above\n", encoding="utf-8")
    assert read(home) == {"timeout": "7"}


def test_pip_gets_the_configuration_without_its_indexes() -> None:
    preferences = {"index-url": "https://corp", "timeout": "7", "trusted-host": "corp"}
    environ = make_environ(
        {"HOME": "/h", "PIP_INDEX_URL": "https://corp", "NO_PROXY": "corp"}, preferences, "http://proxy"
    )
    assert environ["PIP_TIMEOUT"] == "7"
    assert environ["PIP_TRUSTED_HOST"] == "corp"
    assert "PIP_INDEX_URL" not in environ
    assert environ["NO_PROXY"] == "corp,127.0.0.1"
    assert environ["HTTPS_PROXY"] == "http://proxy"
    assert environ["HOME"] == "/h"


def test_names_of_variables() -> None:
    assert name_variables({"no-cache-dir": "1"}) == {"PIP_NO_CACHE_DIR": "1"}
