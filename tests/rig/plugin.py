"""The plugin under test in the rig's conda, as an editable install of the repository."""

from pathlib import Path

from tests.rig.base import run_pip

PROJECT = "pyproject.toml"


def install_plugin(at: Path, root: Path) -> str:
    """Install the project at ``root`` into ``at/conda`` and return a word on it; nothing without a project.

    BuildError: pip could not build it (the build backend comes from PyPI).
    """
    if not (root / PROJECT).exists():
        return f"no {PROJECT} yet, nothing to install"
    run_pip(at / "conda", "install", "--editable", str(root))
    return "installed from the working tree"
