"""What an installation leaves behind is what pip leaves for the same packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipcuda.conftest import Hook
from tests.pipcuda.project import write_project
from tests.piprig.environment import make_venv
from tests.piprig.hook import find_hook
from tests.piprig.tool import Tool
from tests.piprig.wheel import Wheel

pytestmark = pytest.mark.pip

CPU = "download.pytorch.org/whl/cpu"
WHEEL = "torchvision-0.30.0%2Bcpu-py3-none-any.whl"
FILES = ("INSTALLER", "REQUESTED", "direct_url.json", "METADATA", "WHEEL")


def read_metadata(packages: Path) -> dict[str, str]:
    """Return every file that says how a distribution came here, and which files it has."""
    found: dict[str, str] = {}
    for info in packages.glob("*.dist-info"):
        found |= {f"{info.name}/{name}": (info / name).read_text() for name in FILES if (info / name).exists()}
        record = (info / "RECORD").read_text()
        found[f"{info.name}/RECORD"] = "\n".join(sorted(line.split(",")[0] for line in record.splitlines()))
    return found


def test_names_extras_addresses_and_source_trees(hook: Hook, tmp_path: Path) -> None:
    """The same set once by pip, from the one index that the plan takes, and once by pip-cuda."""
    write_project(hook.tool.at / "proj", Wheel("proj", "1.0", ("numpy", 'pandas; extra == "more"')))
    wheel = Wheel("local", "1.0", ("torch",))
    (hook.tool.at / wheel.filename).write_bytes(wheel.content)
    words = [
        "install", "--quiet", "-e", "./proj[more]", f"./{wheel.filename}", "Torch>=2",
        f"torchvision @ {hook.world.locate(CPU)}/{WHEEL}",
    ]  # fmt: skip
    ours = hook.run(*words, CONDA_PLUGINS_CUDA_PIN_VARIANT="cpu")
    assert ours.returncode == 0, ours
    pins = hook.place("pins.txt", "torch==2.15.0+cpu\n")
    plain = make_venv(tmp_path / "plain")
    command = (str(find_hook().python), "-m", "pip", "--python", str(plain.python))
    pip = Tool(command, hook.tool.environ, hook.tool.at)
    pip.run(*words, "--extra-index-url", hook.world.locate(CPU), "-c", str(pins), check=True)
    assert read_metadata(hook.target.packages) == read_metadata(plain.packages)
    assert hook.run("freeze").stdout == pip.run("freeze").stdout
    assert hook.run("inspect").stdout.count('"requested": true') == 4
