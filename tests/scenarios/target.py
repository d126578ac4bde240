"""The environment of a scenario for pip: a virtual environment, and conda's too where conda installed in it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.piprig.environment import Venv, make_venv
from tests.piprig.wheel import Wheel
from tests.scenarios.hosts import find_platform
from tests.scenarios.indexes import read_wheel
from tests.scenarios.prefix import write_prefix
from tests.scenarios.records import complete_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.scenarios.scenario import Json, Scenario

CONDA = "conda"
_FOR_PYTHON = re.compile(r"py(h|thon|\d)")
_RENAMED = {
    "pytorch": "torch",
    "torchtriton": "triton",
    "py-xgboost": "xgboost",
    "cupy-core": "cupy",
    "pyg": "torch-geometric",
    "pytorch_geometric": "torch-geometric",
    "pytorch_scatter": "torch-scatter",
    "pytorch_sparse": "torch-sparse",
    "pytorch_cluster": "torch-cluster",
    "tensorflow-base": "tensorflow",
}
"""conda packages whose Python distribution has another name."""
_BARE = {"python", "python_abi", "pytorch-cuda", "pytorch-mutex", "pytorch-gpu", "pytorch-cpu"}
"""conda packages that speak of Python and bring no distribution."""


def make_target(scenario: Scenario, at: Path) -> Venv:
    """Make the environment before the request under ``at``; nothing in it can be run but its Python."""
    target = make_venv(at)
    if scenario.env.get("conda"):
        subdir = find_platform(scenario)
        write_prefix(scenario, at, (at.parent / "channels").as_uri(), subdir)
        for record, wheel in list_brought(scenario):
            target.unpack(wheel, installer=CONDA)
            _own(target, wheel, at / "conda-meta" / f"{complete_record(record, subdir)['fn'][: -len('.tar.bz2')]}.json")
    for dist in scenario.env.get("pip", ()):
        target.unpack(read_wheel(dist), installer=CONDA if dist.get("index") == CONDA else "pip")
    return target


def list_brought(scenario: Scenario) -> Iterator[tuple[Json, Wheel]]:
    """Yield the conda records that bring a Python distribution, each with what it brings."""
    for record in scenario.env.get("conda", ()):
        speaks = any(text.split()[0] == "python" for text in record.get("depends", ()))
        if record["name"] not in _BARE and (speaks or _FOR_PYTHON.match(str(record.get("build", "")))):
            yield record, Wheel(_RENAMED.get(record["name"], record["name"]), str(record["version"]))


def _own(target: Venv, wheel: Wheel, record: Path) -> None:
    """List the files of a distribution in the conda record that brought it, as real ones do."""
    home = target.packages.relative_to(target.prefix).as_posix()
    content = json.loads(record.read_text(encoding="utf-8"))
    content["files"] += [f"{home}/{path}" for path in (*wheel.members, f"{wheel.info}/INSTALLER")]
    record.write_text(json.dumps(content), encoding="utf-8")
