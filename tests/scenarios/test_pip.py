"""The runner of pip's scenarios, with plain pip in the place of ``pip-cuda``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.piprig import hook
from tests.piprig.environment import Venv, make_venv
from tests.piprig.pips import PipMissing, find_pip
from tests.piprig.server import IndexServer
from tests.piprig.tool import Tool, make_tool
from tests.scenarios.indexes import find_hosts, lay_indexes, move_urls, read_wheel
from tests.scenarios.pip import find_matching, run_pip
from tests.scenarios.report import Status, run_scenario
from tests.scenarios.scenario import Scenario
from tests.scenarios.target import make_target

PYPI = "https://pypi.org/simple"
CU126 = "download.pytorch.org/whl/cu126"
NCCL = {"name": "nvidia-nccl-cu12", "version": "2.27.3", "files": ["nvidia/nccl/lib/libnccl.so.2"]}
TORCH = {"name": "torch", "version": "2.8.0", "requires_dist": ['nvidia-nccl-cu12==2.27.3; platform_system == "Linux"']}
LOCAL = {**TORCH, "version": "2.8.0+cu126"}
DATA = {"pypi": [TORCH, NCCL, NCCL, {**NCCL, "version": "3.1"}], CU126: [LOCAL]}
CONDA = [
    {"channel": "pytorch", "name": "pytorch", "version": "1.11.0", "build": "py3.8_cuda11.3_0"},
    {"channel": "conda-forge", "name": "cudatoolkit", "version": "11.3.1", "build": "hb98b00a_13"},
]


def make(*args: str, specs: tuple[str, ...] = ("torch",), verb: str = "install", **parts: Any) -> Scenario:
    entry = {"host": {"driver_cuda": "12.4"}, "expect": {}, "channels_data": DATA, **parts}
    request = {
        "tool": "pip",
        "verb": verb,
        "specs": specs,
        "args": args,
        "channels": ["inline:pypi", f"inline:{CU126}"],
    }
    return Scenario(id="made", kind="solve", folder=Path(), request=request, **entry)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch, newest_pip: Venv) -> Venv:
    """Put pip itself in the place of the command."""
    monkeypatch.setattr(hook, "MODULE", "pip")
    return newest_pip


# --- reading


def test_indexes_lie_where_they_lie_on_the_net() -> None:
    pypi, torch = lay_indexes(make())
    assert (pypi.path, list(pypi.projects)) == ("pypi.org/simple", ["torch", "nvidia-nccl-cu12"])
    assert (torch.path, torch.missing) == (CU126, 403)
    assert [offer.file.filename for offer in torch.offers] == ["torch-2.8.0+cu126-py3-none-any.whl"]


def test_an_index_without_data_is_not_there() -> None:
    assert not lay_indexes(make(channels_data={}))


def test_addresses_move_into_the_world(world: IndexServer) -> None:
    assert move_urls(["--index-url", f"https://{CU126}", "torch"], world) == [
        "--index-url",
        f"{world.url}/{CU126}",
        "torch",
    ]


def test_hosts_are_those_of_indexes_and_of_words() -> None:
    assert find_hosts(make("-f", "https://data.pyg.org/whl/x.html")) == ["download.pytorch.org", "data.pyg.org"]


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("torch==2.8.0", 1),
        ("torch===2.8.0", 0),
        ("torch==2.8.0+cu126", 1),
        ("torch==2.8.0+cu128", 0),
        ("Torch>=2", 1),
        ("torch>2.8.0", 0),
        ("torchvision", 0),
        ("flash-attn==2.7.4.post1+cu12torch2.6cxx11abiFALSE", 1),
        ("pre", 1),
    ],
)
def test_matching(spec: str, found: int) -> None:
    installed = {"torch": "2.8.0+cu126", "flash-attn": "2.7.4.post1+cu12torch2.6cxx11abiFALSE", "pre": "1.0rc1"}
    assert len(find_matching(spec, installed)) == found


def test_what_conda_brought_is_listed_in_its_record(tmp_path: Path) -> None:
    target = make_target(make(env={"conda": CONDA, "pip": [NCCL]}), tmp_path / "target")
    assert target.list_installed() == {"torch": "1.11.0", "nvidia-nccl-cu12": "2.27.3"}
    assert target.list_installed("pip") == {"nvidia-nccl-cu12": "2.27.3"}
    record = json.loads((tmp_path / "target/conda-meta/pytorch-1.11.0-py3.8_cuda11.3_0.json").read_text())
    assert all((target.prefix / path).exists() for path in record["files"])
    assert any(path.endswith("torch-1.11.0.dist-info/METADATA") for path in record["files"])
    other = json.loads((tmp_path / "target/conda-meta/cudatoolkit-11.3.1-hb98b00a_13.json").read_text())
    assert other["files"] == []


def test_an_environment_without_conda_is_none_of_conda(tmp_path: Path) -> None:
    assert not (make_target(make(env={"pip": [LOCAL]}), tmp_path / "t").prefix / "conda-meta").exists()


# --- running


@pytest.mark.pip
@pytest.mark.usefixtures("plain")
class TestPlainPip:
    def test_a_choice(self) -> None:
        scenario = make(
            "--index-url", PYPI, expect={"action": "select", "must_select": ["torch===2.8.0", "nvidia-nccl-cu12"]}
        )
        assert run_scenario(scenario).status is Status.PASSED

    def test_the_trap_of_an_extra_index_is_there(self) -> None:
        args = ("--index-url", PYPI, "--extra-index-url", f"https://{CU126}")
        outcome = run_pip(make(*args, expect={"must_not_select": ["torch==2.8.0+cu126"]}))
        assert outcome.matches["torch==2.8.0+cu126"] == ("torch 2.8.0+cu126",)

    def test_what_is_installed_stays(self) -> None:
        env = {"pip": [{**LOCAL, "requires_dist": []}], "conda": CONDA}
        outcome = run_pip(make("--index-url", PYPI, env=env, expect={"must_select": ["torch==2.8.0+cu126"]}))
        assert outcome.matches["torch==2.8.0+cu126"]
        assert outcome.action == "inert"

    def test_a_link_page_is_an_index_too(self) -> None:
        outcome = run_pip(make("--no-index", "--no-deps", "-f", f"https://{CU126}", expect={"must_select": ["torch"]}))
        assert outcome.matches["torch"] == ("torch 2.8.0+cu126",)

    def test_a_failure_of_pip_is_no_refusal(self) -> None:
        report = run_scenario(make("--index-url", PYPI, specs=("nowhere",), expect={"action": "block"}))
        assert report.status is Status.FAILED
        assert "No matching distribution found for nowhere" in report.why

    def test_requirements_that_exclude_each_other_are_refused(self) -> None:
        says = {"action": "block", "says": ["nvidia-nccl-cu12==2.27.3"]}
        scenario = make("--index-url", PYPI, specs=("torch", "nvidia-nccl-cu12>3"), expect=says)
        assert run_scenario(scenario).status is Status.PASSED, run_scenario(scenario)

    def test_what_is_removed_is_gone(self) -> None:
        scenario = make(verb="uninstall", specs=("nvidia-nccl-cu12",), env={"pip": [NCCL]})
        scenario = Scenario(**{**vars(scenario), "expect": {"must_not_select": ["nvidia-nccl-cu12"]}})
        assert run_scenario(scenario).status is Status.PASSED


@pytest.mark.pip
def test_the_command_runs_with_the_newest_pip_in_the_world(pip_cuda: Tool, real_world: IndexServer) -> None:
    python = make_tool((pip_cuda.command[0], "-c", "import pip, pip_hook; print(pip.__version__)"), pip_cuda.at)
    assert python.run(check=True).stdout == "26.3\n"
    assert pip_cuda.command[1:3] == ("-m", "pip_hook")
    pairs = pip_cuda.environ[hook.MIRRORS].split(",")
    assert f"https://pypi.org={real_world.url}/pypi.org" in pairs


def test_without_a_pip_a_scenario_is_skipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tests.piprig.pips._fetch", _refuse)
    with pytest.raises(PipMissing):
        find_pip("26.3", tmp_path)
    monkeypatch.setattr("tests.piprig.hook.HERE", tmp_path)
    monkeypatch.setattr("tests.piprig.hook.find_pip", _refuse)
    assert run_scenario(make()).status is Status.SKIPPED


def _refuse(*_: Any) -> None:
    raise PipMissing("there is no network")


def test_a_distribution_becomes_a_wheel_for_any_platform(tmp_path: Path) -> None:
    target = make_venv(tmp_path / "v")
    target.unpack(read_wheel(NCCL))
    assert (target.packages / "nvidia/nccl/lib/libnccl.so.2").exists()
