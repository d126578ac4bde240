"""What plain conda makes of the rig's channels: the ground that all other tests stand on."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.rig import closure
from tests.rig.fixtures import Rig
from tests.rig.runner import Conda, checksum
from tests.rig.server import ChannelServer, Fault

pytestmark = pytest.mark.conda

PYTORCH = ("--channel", "pytorch", "--channel", "nvidia")
REQUESTS = [
    ("jax",),
    ("cupy",),
    ("tensorflow",),
    ("timm",),
    ("pandas",),
    ("torchvision",),
    ("pytorch", "torchvision"),
    ("pytorch=*=cpu*",),
    ("pytorch-cpu",),
    (*PYTORCH, "pytorch", "pytorch-cuda=11.8"),
]


def test_every_dependency_can_be_satisfied(rig: Rig) -> None:
    command: list[str | Path] = [rig.python, closure.__file__, rig.channels]
    assert json.loads(subprocess.check_output(command)) == []


def test_info_stays_inside_the_scratch_directory(conda: Conda, tmp_path: Path) -> None:
    info = conda.run("info", "--json", check=True).json()
    assert info["pkgs_dirs"] == [str(tmp_path / "pkgs")]
    assert info["envs_dirs"][0] == str(tmp_path / "envs")
    assert all("conda-forge" in channel for channel in info["channels"])


def test_install_links_real_files_and_leaves_the_rig_alone(plain_conda: Conda, rig: Rig) -> None:
    pristine = checksum(rig.at / "conda" / "conda-meta"), checksum(rig.channels)
    env = {"CONDA_OVERRIDE_CUDA": "12.9"}
    plain_conda.run("create", "-n", "x", "pytorch=2.12.0=cuda129*", "python=3.12", env=env, check=True)
    prefix = plain_conda.prefix("x")
    assert (prefix / "lib" / "libcudart.so.12").read_text().startswith("cuda-cudart 12.9")
    metadata = prefix / "lib/python3.12/site-packages/torch-2.12.0.dist-info/METADATA"
    assert metadata.read_text().splitlines()[1:] == ["Name: torch", "Version: 2.12.0"]
    assert len(list((prefix / "conda-meta").glob("pytorch-2.12.0-*.json"))) == 1
    before_tqdm = checksum(prefix / "lib" / "python3.12")
    plain_conda.run("install", "-n", "x", "tqdm", env=env, check=True)
    assert checksum(prefix / "lib" / "python3.12") == before_tqdm
    assert (checksum(rig.at / "conda" / "conda-meta"), checksum(rig.channels)) == pristine


@pytest.mark.parametrize("cuda", ["13.0", "12.4", "11.4"])
def test_plain_classic_takes_the_newest_cuda_whatever_the_driver(plain_conda: Conda, cuda: str) -> None:
    """Constrains on ``__cuda`` do not count in classic: the failure that the plugin is there for."""
    records = plain_conda.solve("pytorch", cuda=cuda)
    assert records["pytorch"]["version"] == "2.12.0"
    assert records["pytorch"]["build_string"].startswith("cuda130")
    assert records["cuda-version"]["version"] == "13.2"


def test_plain_classic_takes_the_cpu_build_without_a_driver(plain_conda: Conda) -> None:
    records = plain_conda.solve("pytorch")
    assert records["pytorch"]["build_string"].startswith("cpu_mkl")
    assert "cuda-version" not in records


@pytest.mark.parametrize("request_", REQUESTS, ids=" ".join)
def test_request_has_a_solution(plain_conda: Conda, request_: tuple[str, ...]) -> None:
    records = plain_conda.solve(*request_, cuda="12.4")
    names = [word.split("=")[0] for word in request_ if word not in PYTORCH]
    assert set(names) <= set(records)


def test_pytorch_cuda_gets_libraries_of_a_newer_toolkit(plain_conda: Conda) -> None:
    records = plain_conda.solve(*PYTORCH, "pytorch", "pytorch-cuda=11.8", cuda="12.9")
    assert records["pytorch"]["build_string"].startswith("py3.12_cuda11.8")
    assert records["cuda-cudart"]["version"].startswith("11.8")
    assert records["libcurand"]["version"] == "10.3.7.77"
    assert records["libcufile"]["version"] == "1.11.1.6"


def test_three_channels_give_cpu_torch_beside_a_cuda_runtime(plain_conda: Conda) -> None:
    channels = ("--override-channels", "--channel", "conda-forge", *PYTORCH)
    records = plain_conda.solve(*channels, "pytorch", "pytorch-cuda=12.1", cuda="12.9")
    assert records["pytorch"]["channel"] == "conda-forge"
    assert records["cuda-cudart"]["version"].startswith("12.1")
    assert records["cuda-version"]["version"] == "13.2"


def test_an_install_without_a_driver_swaps_cuda_torch_for_cpu(plain_conda: Conda) -> None:
    driver = {"CONDA_OVERRIDE_CUDA": "12.9"}
    plain_conda.run("create", "-n", "x", "pytorch", "cuda-version=12.9", env=driver, check=True)
    install = ("install", "-n", "x", "torchvision", "--dry-run", "--json")
    links = plain_conda.run(*install, env={"CONDA_OVERRIDE_CUDA": ""}, check=True).json()["actions"]["LINK"]
    builds = {record["name"]: record["build_string"] for record in links}
    assert builds["pytorch"].startswith("cpu_mkl")


@pytest.mark.parametrize(
    ("specs", "build"),
    [
        (("pytorch=*=*cu*", "cuda-version<13.0a0"), "cuda129_mkl"),
        (("pytorch=*=*cu*", "cuda-version<12.5.0a0"), "cuda120"),
        (("pytorch=*=*cu*", "cudatoolkit<12.0a0", "cuda-version<12.0a0"), "cuda118"),
        (("pytorch", "cuda-version<12.5.0a0"), "cpu_mkl"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_caps_have_builds_to_fall_to(plain_conda: Conda, specs: tuple[str, ...], build: str) -> None:
    assert plain_conda.solve(*specs, cuda="12.4")["pytorch"]["build_string"].startswith(build)


def test_cupy_follows_a_minor_cap(plain_conda: Conda) -> None:
    records = plain_conda.solve("cupy", "cuda-version<12.7.0a0", cuda="12.6")
    assert records["cupy"]["version"] == plain_conda.solve("cupy", cuda="12.6")["cupy"]["version"]
    assert records["cuda-version"]["version"] == "12.6"


def test_conda_solves_and_fails_over_http(rig: Rig, tmp_path: Path, channel_server: ChannelServer) -> None:
    conda = Conda(rig.conda, tmp_path, alias=channel_server.url)
    assert "tqdm" in conda.solve("tqdm")
    assert "/conda-forge/noarch/current_repodata.json" in channel_server.requested
    assert not [path for path in channel_server.requested if path.endswith(".tar.bz2")]
    for subdir in ("linux-64", "noarch"):
        for name in ("current_repodata.json", "repodata.json"):
            channel_server.faults[f"/conda-forge/{subdir}/{name}"] = Fault(200, b"<html>")
    broken = Conda(rig.conda, tmp_path / "fresh", alias=channel_server.url)
    assert broken.run("create", "-n", "x", "--dry-run", "tqdm").returncode == 1
