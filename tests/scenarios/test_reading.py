"""How the runner reads a scenario: expectations, hosts, settings, specs, channels, environments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conda_cuda_pin.host import State
from conda_cuda_pin.request import Spec
from tests.rig.build import find_fault
from tests.scenarios.channels import lay_channels
from tests.scenarios.command import find_matches
from tests.scenarios.hosts import is_foreign, read_host
from tests.scenarios.outcome import Outcome, find_faults
from tests.scenarios.packages import read_after
from tests.scenarios.policy import read_settings
from tests.scenarios.prefix import write_prefix
from tests.scenarios.records import complete_record
from tests.scenarios.scenario import Scenario, ScenarioError
from tests.scenarios.specs import read_specs

GPU = {"name": "Tesla V100-SXM2-16GB", "compute_capability": "7.0"}
TORCH = {"channel": "conda-forge", "name": "pytorch", "version": "2.10.0", "build": "cuda130_h1_0"}


def make(**parts: Any) -> Scenario:
    entry = {"kind": "judge", "host": {"driver_cuda": "12.4"}, "expect": {}, "folder": Path(), **parts}
    return Scenario(id="made", request={"tool": "conda", **entry.pop("request", {})}, **entry)


@pytest.mark.parametrize(
    ("expect", "outcome", "faults"),
    [
        ({"action": "allow"}, Outcome("inert"), 0),
        ({"action": "inert"}, Outcome("allow"), 1),
        ({"action": "allow"}, Outcome("warn", ("a",), ("a",)), 1),
        ({"action": "allow", "findings": ["a"]}, Outcome("warn", ("a",), ("a",)), 0),
        ({"action": "allow", "findings": ["a"]}, Outcome("warn", ("a", "b"), ("a", "b")), 1),
        ({"action": "allow", "findings": ["a"]}, Outcome("allow", ("a",)), 0),
        ({"action": "warn"}, Outcome("block"), 1),
        ({"action": "warn", "findings": ["a", "b"]}, Outcome("warn", ("a",), ("a",)), 1),
        ({"findings": ["a"]}, Outcome("block", ("a", "b")), 0),
        ({"action": "select"}, Outcome("warn"), 0),
        ({"action": "select"}, Outcome("block"), 1),
        ({"must_select": ["a"]}, Outcome("allow", matches={"a": ("a 1 0",)}), 0),
        ({"must_select": ["a"]}, Outcome("allow", matches={"a": ()}), 1),
        ({"must_not_select": ["a"]}, Outcome("allow", matches={"a": ("a 1 0",)}), 1),
        ({"must_not_select": ["a"]}, Outcome("allow"), 1),
        ({"says": ["CUDA", "12.4"]}, Outcome("block", texts=("the driver runs cuda 12.4",)), 0),
        ({"says": ["toolkit"]}, Outcome("block", texts=("the driver",)), 1),
        ({"says_not": ["DRIVER"]}, Outcome("block", texts=("the driver",)), 1),
        ({"max_seconds": 1}, Outcome("allow"), 1),
        ({"max_seconds": 5}, Outcome("allow"), 0),
        ({"must_sing": True}, Outcome("allow"), 1),
    ],
)
def test_expectations(expect: dict[str, Any], outcome: Outcome, faults: int) -> None:
    assert len(find_faults(expect, outcome, seconds=2)) == faults


@pytest.mark.parametrize(
    ("host", "state", "cuda"),
    [
        ({}, State.NONE, None),
        ({"driver_cuda": "12.4", "gpus": [GPU]}, State.OK, "12.4"),
        ({"driver_cuda": None, "gpus": [GPU]}, State.GPU_NO_DRIVER, None),
        ({"driver_release": "550.54.14"}, State.OK, "12.4"),
        ({"driver_cuda": "12.2", "virtual": {"cuda_compat": "12.8"}}, State.OK, "12.8"),
        ({"driver_cuda": "12.2", "override": {"CONDA_OVERRIDE_CUDA": "11.8"}}, State.DECLARED, "11.8"),
        ({"driver_cuda": "12.2", "override": {"CONDA_OVERRIDE_CUDA": ""}}, State.DECLARED, None),
    ],
)
def test_hosts(host: dict[str, Any], state: State, cuda: str | None) -> None:
    read = read_host(make(host=host))
    assert (read.verdict.state, str(read.driver_cuda) if read.driver_cuda else None) == (state, cuda)


def test_a_target_takes_the_place_of_the_host() -> None:
    host = read_host(make(config={"target": {"platform": "linux-aarch64", "driver_cuda": "13.0"}}))
    assert (host.platform, str(host.driver_cuda), host.verdict.state) == ("linux-aarch64", "13.0", State.DECLARED)


def test_kinds_of_machine_are_kept() -> None:
    host = read_host(
        make(host={"driver_cuda": "12.6", "virtual": {"tegra": True, "wsl": False, "cuda_compat": "12.8"}})
    )
    assert host.kinds == {"tegra", "cuda-compat"}


def test_another_platform_is_foreign() -> None:
    assert is_foreign(make(request={"args": ["--platform", "osx-arm64"]}))
    assert not is_foreign(make(request={"args": ["--platform", "linux-64"]}))


def test_settings_in_either_kind_of_word() -> None:
    read = read_settings(make(config={"mode": "warn", "level": "strict", "cuda_pin_ignore": ["CUP101"], "target": {}}))
    assert (read.mode, read.level, read.ignore) == ("warn", "minor", frozenset({"CUP101"}))


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("pytorch", Spec("pytorch")),
        ("pytorch=2.1", Spec("pytorch", "2.1")),
        ("pytorch==2.1", Spec("pytorch", "==2.1")),
        ("pytorch>=2,<3", Spec("pytorch", ">=2,<3")),
        ("pytorch >= 2, <3", Spec("pytorch", ">=2,<3")),
        ("pytorch 2.1.* *cuda*", Spec("pytorch", "2.1.*", "*cuda*")),
        ("pytorch=*=*cuda*", Spec("pytorch", "", "*cuda*")),
        ("nnpops>=0.4=cuda*", Spec("nnpops", ">=0.4", "cuda*")),
        ("nvidia/label/cuda-12.1.0::cuda-nvcc=12.1", Spec("cuda-nvcc", "12.1", "", "nvidia/label/cuda-12.1.0")),
        ("pytorch[version='>=2,<3', build=*cu*]", Spec("pytorch", ">=2,<3", "*cu*")),
    ],
)
def test_specs(text: str, spec: Spec) -> None:
    assert read_specs([text]) == (spec,)


def test_a_spec_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="match spec"):
        read_specs(["=1.2"])


def test_a_linked_package_takes_the_place_of_its_older_self() -> None:
    env = {"conda": [{**TORCH, "version": "2.6.0"}, {"name": "tqdm", "version": "4.67.1"}]}
    after = read_after(make(env=env, plan={"link": [TORCH], "unlink": ["tqdm"]}))
    assert [(package.name, package.version) for package in after] == [("pytorch", "2.10.0")]


def test_inline_channels_are_filled_in(tmp_path: Path) -> None:
    data = {"conda-forge": [{"name": "python", "version": "3.12.4", "build": "h194c7f8_7_cpython"}, TORCH]}
    request = {"channels": ["inline:conda-forge"]}
    assert lay_channels(make(request=request, channels_data=data), tmp_path, "linux-64") == ["conda-forge"]
    packages = json.loads((tmp_path / "conda-forge/linux-64/repodata.json").read_text())["packages"]
    torch = packages["pytorch-2.10.0-cuda130_h1_0.tar.bz2"]
    assert {record["name"] for record in packages.values()} == {"python", "pytorch", "pip"}
    assert (torch["build_number"], torch["subdir"], torch["constrains"]) == (0, "linux-64", [])
    assert (tmp_path / "conda-forge/noarch/repodata.json").exists()


def test_corpus_channels_get_their_own_name(tmp_path: Path) -> None:
    (tmp_path / "channels" / "pytorch-2023-10" / "noarch").mkdir(parents=True)
    scenario = make(folder=tmp_path, request={"channels": ["corpus:pytorch-2023-10"]})
    assert lay_channels(scenario, tmp_path / "at", "linux-64") == ["pytorch"]
    assert (tmp_path / "at" / "pytorch" / "noarch").is_dir()


@pytest.mark.parametrize("channel", ["corpus:nowhere", "inline:nowhere", "conda-forge"])
def test_a_channel_without_data_is_refused(tmp_path: Path, channel: str) -> None:
    with pytest.raises(ScenarioError, match=channel):
        lay_channels(make(folder=tmp_path, request={"channels": [channel]}), tmp_path / "at", "linux-64")


def test_the_environment_before_is_one_of_conda(tmp_path: Path) -> None:
    write_prefix(make(env={"conda": [TORCH]}), tmp_path / "env", "http://127.0.0.1:8", "linux-64")
    record = json.loads((tmp_path / "env/conda-meta/pytorch-2.10.0-cuda130_h1_0.json").read_text())
    assert record["channel"] == "http://127.0.0.1:8/conda-forge"
    assert (tmp_path / "env/conda-meta/history").exists()


@pytest.mark.conda
def test_conda_itself_says_what_matches() -> None:
    if find_fault():
        pytest.skip(str(find_fault()))
    records = [
        complete_record(record, "linux-64") for record in (TORCH, {"name": "libcusparse", "version": "11.7.4.91"})
    ]
    fields = ("name", "version", "build", "build_number", "subdir")
    slim = [{**{field: record[field] for field in fields}, "channel": "conda-forge"} for record in records]
    found = find_matches(["pytorch=2.10=*cuda13*", "pytorch=*=*cpu*", "libcusparse=11.7", "libcusparse>=12"], slim)
    assert [len(packages) for packages in found.values()] == [1, 0, 1, 0]
