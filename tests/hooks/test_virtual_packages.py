"""``__cuda`` and ``__cuda_arch`` as conda shows them: from our detection, or from another plugin if there is one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.rig.runner import Conda

if TYPE_CHECKING:
    from tests.rig.fixtures import Rig

pytestmark = pytest.mark.conda

PLUGIN = """
from conda.plugins import hookimpl
from conda.plugins.types import CondaVirtualPackage

@hookimpl
def conda_virtual_packages():
    yield CondaVirtualPackage("{name}", "{version}", None)
"""


@pytest.fixture
def conda(rig: Rig, tmp_path: Path) -> Conda:
    return Conda(rig.conda, tmp_path / "conda")


def show(conda: Conda, **environ: str) -> dict[str, str]:
    """Return the virtual packages of CUDA that ``conda info`` lists."""
    rows = conda.run("info", "--json", env=environ, check=True).json()["virtual_pkgs"]
    return {name: version for name, version, _ in rows if name.startswith("__cuda")}


def install_plugin(place: Path, name: str, version: str) -> str:
    """Install a plugin that provides one virtual package; return the directory for PYTHONPATH."""
    (place / "other_plugin.py").write_text(PLUGIN.format(name=name, version=version))
    info = place / "other_plugin-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-plugin\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[conda]\nother = other_plugin\n")
    return str(place)


def test_an_override_is_the_driver(conda: Conda) -> None:
    assert show(conda, CONDA_OVERRIDE_CUDA="12.4") == {"__cuda": "12.4"}


def test_an_arch_override_is_the_capability(conda: Conda) -> None:
    assert show(conda, CONDA_OVERRIDE_CUDA="12.4", CONDA_OVERRIDE_CUDA_ARCH="8.9") == {
        "__cuda": "12.4",
        "__cuda_arch": "8.9",
    }


def test_no_arch_without_a_driver(conda: Conda) -> None:
    assert show(conda, CONDA_OVERRIDE_CUDA="", CONDA_OVERRIDE_CUDA_ARCH="8.9") == {}


def test_the_arch_is_the_lowest_of_all_gpus(conda: Conda) -> None:
    shown = show(conda, CONDA_PLUGINS_CUDA_PIN_TARGET="12.4 9.0 7.0")
    assert shown == {"__cuda": "12.4", "__cuda_arch": "7.0"}


def test_mode_off_leaves_it_to_conda(conda: Conda) -> None:
    off = {"CONDA_PLUGINS_CUDA_PIN_MODE": "off", "CONDA_PLUGINS_CUDA_PIN_TARGET": "12.4 9.0"}
    assert show(conda, CONDA_OVERRIDE_CUDA="11.8", **off) == {"__cuda": "11.8"}


@pytest.mark.parametrize(("name", "version"), [("cuda_arch", "9.0"), ("cuda", "11.1")])
def test_what_another_plugin_provides_stands(conda: Conda, tmp_path: Path, name: str, version: str) -> None:
    place = install_plugin(tmp_path, name, version)
    shown = show(conda, PYTHONPATH=place, CONDA_PLUGINS_CUDA_PIN_TARGET="12.4 8.0")
    assert shown == {"__cuda": "12.4", "__cuda_arch": "8.0", f"__{name}": version}


@pytest.mark.parametrize("value", ["foo", "500000"])
def test_an_override_that_cannot_be_read_breaks_nothing_and_is_named(conda: Conda, value: str) -> None:
    result = conda.run("info", env={"CONDA_OVERRIDE_CUDA": value}, check=True)
    assert f"CONDA_OVERRIDE_CUDA is '{value}'" in result.stderr
    assert "ignored" in result.stderr
