"""A source tree that pip builds without a network: its metadata, as a wheel and as an editable one."""

from __future__ import annotations

from pathlib import Path

from tests.piprig.wheel import Wheel

_PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
_BACKEND = """import shutil

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    shutil.copy({name!r}, wheel_directory)
    return {name!r}

build_editable = build_wheel
"""


def write_project(at: Path, wheel: Wheel) -> Path:
    """Write a source tree from which this wheel is built; return it."""
    at.mkdir()
    (at / wheel.filename).write_bytes(wheel.content)
    (at / "pyproject.toml").write_text(_PROJECT, encoding="utf-8")
    (at / "backend.py").write_text(_BACKEND.format(name=wheel.filename), encoding="utf-8")
    return at
