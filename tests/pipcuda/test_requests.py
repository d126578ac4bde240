"""All the ways of saying to pip what is wanted, with a real pip behind them."""

from __future__ import annotations

import dataclasses
import subprocess

import pytest

from pip_hook.speech import BLOCKED
from tests.pipcuda.conftest import Hook
from tests.pipcuda.project import write_project
from tests.pipcuda.world import WORLD, find
from tests.piprig.index import Index, as_offers, hash_content, make_torch
from tests.piprig.server import Asked, IndexServer
from tests.piprig.wheel import Wheel

pytestmark = pytest.mark.pip

CU126 = "https://download.pytorch.org/whl/cu126"
PLANNED = {
    "torch": "2.14.1+cu126",
    "nvidia-cuda-runtime-cu12": "12.6.77",
    "nvidia-cudnn-cu12": "9.24.0.43",
    "nvidia-nccl-cu12": "2.30.7",
}
PROJECT = Wheel("proj", "1.0", ("numpy", 'torch; extra == "gpu"'))


def hashed(name: str, version: str) -> str:
    return f"{name}=={version} --hash=sha256:{hash_content(find(name, version).content)}\n"


def test_files_with_includes_constraints_indexes_and_markers(hook: Hook) -> None:
    hook.place(
        "requirements.txt", f"-r more/base.txt\n--extra-index-url {CU126}\nflash-attn; sys_platform == 'win32'\n"
    )
    hook.place("more/base.txt", "lightning\nsympy  # any\n-c bounds.txt\n-f ./wheels\n")
    hook.place("more/bounds.txt", "sympy<1.14\ntorch<2.14\n")
    hook.place("more/wheels/none.txt", "")
    planned = hook.plan("-r", "requirements.txt", host="13.0 8.9")
    assert planned["torch"] == "2.13.0+cu126"
    assert planned["sympy"] == "1.10"
    assert planned["numpy"] == "2.4.0"


def test_a_marker_that_does_not_hold_blocks_nothing(hook: Hook) -> None:
    page = "https://data.pyg.org/whl/torch-2.0.0+cu118.html"
    hook.place("r.txt", f"-f {page}\npandas\ntorch-scatter; python_version < '3'\n")
    assert set(hook.plan("-r", "r.txt")) == {"pandas", "numpy"}
    hook.place("r.txt", f"-f {page}\npandas\ntorch-scatter; python_version > '3'\n")
    assert hook.run("install", "-r", "r.txt").returncode == BLOCKED


@pytest.mark.parametrize("words", [("-r", "hashed.txt"), ("-r", "hashed.txt", "--require-hashes")])
def test_hashes(hook: Hook, words: tuple[str, ...]) -> None:
    hook.place("hashed.txt", "".join(hashed(*pair) for pair in PLANNED.items()))
    hook.install(*words)
    assert hook.installed == PLANNED


def test_a_hash_of_another_file_is_refused(hook: Hook) -> None:
    rest = "".join(hashed(*pair) for pair in PLANNED.items() if pair[0] != "torch")
    hook.place("hashed.txt", rest + f"torch==2.14.1+cu126 --hash=sha256:{'0' * 64}\n")
    result = hook.run("install", "-r", "hashed.txt")
    assert result.returncode == 1
    assert "DO NOT MATCH THE HASHES" in result.stderr
    assert hook.installed == {}


class Switch(list[Asked]):
    """A log that changes the world when the metadata of torch has been asked for."""

    def __init__(self, world: IndexServer, later: Index) -> None:
        super().__init__()
        self.world, self.later = world, later

    def append(self, asked: Asked) -> None:
        super().append(asked)
        if asked.path.endswith("/torch-2.14.1+cu126-py3-none-any.whl.metadata"):
            self.world.indexes[1] = self.later


def test_what_changes_between_the_decision_and_the_installation_is_refused(hook: Hook) -> None:
    other = Wheel("torch", "2.14.1+cu126", find("torch", "2.14.1+cu126").requires, {"torch/other.py": b""})
    hook.world.asked = Switch(hook.world, make_torch("cu126", other))
    result = hook.run("install", "torch")
    assert result.returncode == 1
    assert "HASHES" in result.stderr
    assert hook.installed == {}


def test_source_trees_with_extras(hook: Hook) -> None:
    write_project(hook.tool.at / "proj", PROJECT)
    hook.install("-e", "./proj[gpu]")
    assert hook.installed == {**PLANNED, "numpy": "2.4.0", "proj": "1.0"}
    assert set(hook.plan("./proj")) == {"proj"}


def test_a_source_tree_in_a_file_of_another_folder(hook: Hook) -> None:
    write_project(hook.tool.at / "proj", PROJECT)
    hook.place("deep/r.txt", f"--extra-index-url {CU126}\n-e ./proj[gpu]\n")
    assert hook.plan("-r", "deep/r.txt")["torch"] == "2.14.1+cu126"


def test_a_wheel_by_its_path_and_by_its_address(hook: Hook) -> None:
    wheel = find("torch", "2.15.0+cu130")
    (hook.tool.at / wheel.filename).write_bytes(wheel.content)
    for named in (f"./{wheel.filename}", f"torch @ {(hook.tool.at / wheel.filename).as_uri()}"):
        result = hook.run("install", named)
        assert result.returncode == BLOCKED, result
        assert "torch 2.15.0+cu130 is built for CUDA 13" in result.stderr
    hook.install("--no-deps", f"{hook.world.url}/download.pytorch.org/whl/cu126/torch-2.14.1%2Bcu126-py3-none-any.whl")
    assert hook.installed == {"torch": "2.14.1+cu126"}


def test_without_a_network(hook: Hook) -> None:
    folder = hook.tool.at / "wheels"
    folder.mkdir()
    for name, version in (*PLANNED.items(), ("torch", "2.15.0+cu130"), ("numpy", "2.4.0"), ("lightning", "2.6.0")):
        wheel = find(name, version)
        (folder / wheel.filename).write_bytes(wheel.content)
    offline = ("--no-index", "--find-links", str(folder))
    assert hook.plan(*offline, "torch<2.15", "lightning")["torch"] == "2.14.1+cu126"
    assert hook.plan("lightning", "torch<2.15", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(folder))["numpy"] == "2.4.0"
    hook.place("r.txt", "--no-index\n-f wheels\ntorch\n")
    result = hook.run("install", "--no-deps", "-r", "r.txt")
    assert result.returncode == BLOCKED
    assert hook.world.asked == []


def test_a_file_that_can_be_read_only_once(hook: Hook) -> None:
    words = [*hook.tool.command, "install", "--dry-run", "-r", "/dev/stdin"]
    environ = {**hook.tool.environ, "CONDA_PLUGINS_CUDA_PIN_TARGET": "12.4 8.9"}
    for text, found in (("torch\n", "torch-2.14.1+cu126"), ("pandas\n", "pandas-2.9.0")):
        done = subprocess.run(words, input=text, env=environ, cwd=hook.tool.at, capture_output=True, text=True)
        assert done.returncode == 0, done
        assert found in done.stdout


def test_a_file_by_its_address_brings_no_index_past_the_plan(hook: Hook) -> None:
    file = hook.place("r.txt", "--index-url https://download.pytorch.org/whl/cu130\n--pre\ntorch\n")
    result = hook.run("install", "-r", file.as_uri())
    assert result.returncode == BLOCKED
    assert "CUP101" in result.stderr


def test_upgrades_and_reinstalls_stay_within_the_plan(hook: Hook) -> None:
    hook.install("torch==2.13.0")
    assert hook.installed["torch"] == "2.13.0+cu126"
    assert "torch" not in hook.plan("torch")
    assert hook.plan("torch", "--upgrade")["torch"] == "2.14.1+cu126"
    assert hook.plan("torch", "--force-reinstall", "--no-deps") == {"torch": "2.14.1+cu126"}


def test_no_deps_brings_the_build_and_nothing_else(hook: Hook) -> None:
    hook.install("--no-deps", "--pre", "torch")
    assert hook.installed == {"torch": "2.14.1+cu126"}


def test_an_older_release_that_needs_no_cuda_does_not_slip_in(hook: Hook) -> None:
    """The tripwires stop pip; they do not send it to another version."""
    more = as_offers([Wheel("alib", "1.0"), Wheel("alib", "2.0", ("torch",))])
    hook.world.indexes[0] = dataclasses.replace(WORLD[0], offers=(*WORLD[0].offers, *more))
    assert hook.install("alib").returncode == 0
    assert hook.installed["alib"] == "2.0"
    assert hook.installed["torch"] == "2.14.1+cu126"
