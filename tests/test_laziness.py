"""conda loads the plugin on every command: that must cost one small module and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RIG = ROOT / ".rig" / "conda" / "bin" / "python"
STUB = """
import sys, types
conda, plugins = types.ModuleType("conda"), types.ModuleType("conda.plugins")
plugins.hookimpl = lambda function=None, **options: function if function else (lambda inner: inner)
conda.plugins = plugins
sys.modules.update({"conda": conda, "conda.plugins": plugins})
"""
MEASURE = """
import json, sys
import conda.plugins
before = set(sys.modules)
import conda_cuda_pin.plugin
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def load_plugin(python: Path, preparation: str) -> list[str]:
    """Return the modules that importing the plugin adds in a fresh interpreter."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{preparation}\n{MEASURE}"
    done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(done.stdout)
    return modules


ALONE = ["conda_cuda_pin", "conda_cuda_pin.plugin"]


def test_beside_a_stub_the_plugin_loads_itself_and_nothing_else() -> None:
    added = load_plugin(Path(sys.executable), f"{STUB}\nimport __future__, json, typing")
    assert added == ALONE


@pytest.mark.conda
@pytest.mark.skipif(not RIG.exists(), reason="the rig is not built")
def test_in_a_real_conda_the_plugin_loads_itself_and_nothing_else() -> None:
    assert load_plugin(RIG, "") == ALONE
