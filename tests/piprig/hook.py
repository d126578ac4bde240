"""``pip-cuda`` as it is when installed: the project beside the newest pip, in an environment of their own."""

from __future__ import annotations

import fcntl
import sysconfig
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.piprig.environment import Venv, make_venv
from tests.piprig.index import PYPI
from tests.piprig.pips import HERE, NEWEST, find_pip
from tests.piprig.tool import make_tool
from tests.rig.build import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.piprig.server import IndexServer
    from tests.piprig.tool import Tool

MODULE = "pip_hook"
"""What is run in the place of pip."""
MIRRORS = "CONDA_PLUGINS_CUDA_PIN_MIRRORS"
"""The variable that says what stands in the place of what: ``FROM=TO`` for each host."""
HOSTS = ("pypi.org", "files.pythonhosted.org", "download.pytorch.org", "data.pyg.org")
"""The hosts that stand in the world whatever it is about."""


def find_hook(version: str = NEWEST) -> Venv:
    """Return the environment that ``pip-cuda`` runs in, with this pip; PipMissing where that cannot be had."""
    pip = find_pip(version)
    hook = Venv(HERE / f"hook-{version}-{sysconfig.get_python_version()}")
    with (HERE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (hook.packages / f"pip-{version}.dist-info").is_dir() or not hook.python.exists():
            make_venv(hook.prefix, with_pip=pip.packages)
        # after its own packages, so that the pip of whoever runs the tests is not the one that is used
        (hook.packages / "project.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n")
    return hook


def make_hook(target: Venv, scratch: Path, world: IndexServer, *hosts: str, pip: str = NEWEST) -> Tool:
    """Return ``pip-cuda --python TARGET``, sent to the world in the place of these hosts and the usual ones.

    It runs beside a pip of this version; its home lies under ``scratch``. pip itself knows of no mirrors, so PyPI's
    copy is its configured index too.
    """
    tool = make_tool((find_hook(pip).python, "-m", MODULE, "--python", target.python), scratch)
    pairs = (f"https://{host}={world.locate(host)}" for host in dict.fromkeys((*HOSTS, *hosts)))
    own = {MIRRORS: ",".join(pairs), "PIP_INDEX_URL": world.locate(PYPI)}
    return replace(tool, environ={**tool.environ, **own})
