"""One list of an environment: real venvs, real pip, conda's records as they lie on disk."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conda_cuda_pin.inventory import is_environment, read_distributions, read_inventory, read_wheels, take_inventory
from conda_cuda_pin.package import File, Package
from tests.inventory.places import SITES, add_record, add_wheel, build_wheel, make_venv, pip, sign

NCCL = {"nvidia/nccl/lib/libnccl.so.2": "elf", "nvidia/nccl/include/nccl.h": "header"}


def names(packages: tuple[Package, ...]) -> list[tuple[str, str, str]]:
    return [(package.ecosystem, package.name, package.version) for package in packages]


def test_a_wheel_that_pip_installed_in_a_venv(tmp_path: Path) -> None:
    prefix = make_venv(tmp_path / "env")
    wheel = build_wheel(tmp_path, "nvidia-nccl-cu12", "2.27.5", ["numpy>=1; extra == 'x'"], NCCL)
    pip("install", wheel, "--prefix", prefix, "--no-warn-script-location")
    (found,) = read_inventory(prefix)
    assert found == Package(
        "nvidia-nccl-cu12",
        "2.27.5",
        depends=("numpy>=1; extra == 'x'",),
        ecosystem="pip",
        files=(File("nvidia/nccl/lib/libnccl.so.2", sign("elf")),),
    )


def test_a_target_directory(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path, "torch", "2.8.0+cu126")
    pip("install", wheel, "--target", tmp_path / "vendor")
    assert names(read_distributions([tmp_path / "vendor"])) == [("pip", "torch", "2.8.0+cu126")]
    assert read_distributions([tmp_path / "nosuch"]) == ()


def test_the_first_directory_of_a_name_wins(tmp_path: Path) -> None:
    for directory, version in (("user", "2"), ("system", "1")):
        pip("install", build_wheel(tmp_path, "cupy", version), "--target", tmp_path / directory)
    assert names(read_distributions([tmp_path / "user", tmp_path / "system"])) == [("pip", "cupy", "2")]


def test_a_source_tree_is_local(tmp_path: Path) -> None:
    add_wheel(
        tmp_path, "torch", "2.8.0", direct_url_json='{"url": "file:///src/torch", "dir_info": {"editable": true}}'
    )
    assert read_inventory(tmp_path)[0].channel == "local"


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        (
            "https://download.pytorch.org/whl/cu126/torch-2.8.0%2Bcu126-cp311-cp311-linux_x86_64.whl",
            "download.pytorch.org/whl/cu126",
        ),
        (
            "https://me:secret@pypi.example.org/simple/torch/torch-2.8.0-py3-none-any.whl#sha256=00",
            "pypi.example.org/simple/torch",
        ),
        ("https://files.pythonhosted.org/packages/aa/bb/torch-2.8.0-py3-none-any.whl", "pypi"),
        ("file:///downloads/torch-2.8.0-py3-none-any.whl", ""),
    ],
)
def test_the_index_of_a_wheel_by_url(tmp_path: Path, url: str, channel: str) -> None:
    add_wheel(tmp_path, "torch", "2.8.0", direct_url_json=json.dumps({"url": url, "archive_info": {}}))
    assert read_inventory(tmp_path)[0].channel == channel


def test_a_venv_sees_the_system_only_when_told(tmp_path: Path) -> None:
    base = tmp_path / "base"
    add_record(base, "python", "3.11.7")
    add_record(base, "cudatoolkit", "11.8.0")
    add_wheel(base, "torch", "2.1.0")
    add_wheel(base, "six", "1.16")
    prefix = tmp_path / "env"
    add_wheel(prefix, "torch", "2.8.0")
    settings = f"home = {base}/bin\ninclude-system-site-packages = {{}}\nversion = 3.11.7\n"
    (prefix / "pyvenv.cfg").write_text(settings.format("false"))
    assert names(read_inventory(prefix)) == [("pip", "torch", "2.8.0")]
    (prefix / "pyvenv.cfg").write_text(settings.format("true"))
    conda = [("conda", "cudatoolkit", "11.8.0"), ("conda", "python", "3.11.7")]
    assert names(read_inventory(prefix)) == [*conda, ("pip", "six", "1.16"), ("pip", "torch", "2.8.0")]


def test_a_real_venv_with_the_packages_of_the_system(tmp_path: Path) -> None:
    own = {package.name for package in read_inventory(make_venv(tmp_path / "env", system=True))}
    assert own == {package.name for package in read_inventory(sys.base_prefix)}


def test_venvs_that_point_at_each_other_end(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        add_wheel(tmp_path / one, one, "1")
        (tmp_path / one / "pyvenv.cfg").write_text(f"home={tmp_path / other}/bin\ninclude-system-site-packages=true\n")
    assert names(read_inventory(tmp_path / "a")) == [("pip", "a", "1"), ("pip", "b", "1")]


def test_a_record_of_conda(tmp_path: Path) -> None:
    add_record(tmp_path, "pytorch", "2.5.1", "cuda126_py312_300", depends=["__cuda"], constrains=["pytorch-cpu ==2"])
    assert read_inventory(tmp_path) == (
        Package("pytorch", "2.5.1", "cuda126_py312_300", "conda-forge", ("__cuda",), ("pytorch-cpu ==2",)),
    )


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        ("https://conda.anaconda.org/conda-forge/linux-64", "conda-forge"),
        ("https://conda.anaconda.org/nvidia/label/cuda-12.1.0/noarch", "nvidia/label/cuda-12.1.0"),
        ("https://conda.anaconda.org/t/SECRET/pytorch/linux-64", "pytorch"),
        ("https://repo.anaconda.com/pkgs/main/linux-64", "pkgs/main"),
        ("https://prefix.dev/conda-forge/", "conda-forge"),
        ("http://me:secret@mirror.example/t/SECRET/conda-forge/linux-aarch64", "http://mirror.example/conda-forge"),
        ("conda-forge", "conda-forge"),
        ("", ""),
    ],
)
def test_channels_are_named_as_conda_names_them(tmp_path: Path, url: str, channel: str) -> None:
    add_record(tmp_path, "x", "1", channel=url)
    assert read_inventory(tmp_path)[0].channel == channel


def test_a_wheel_that_conda_brought_is_conda_s(tmp_path: Path) -> None:
    add_record(tmp_path, "python", "3.11.7")
    add_record(tmp_path, "pytorch", "2.5.1", files=[f"{SITES}/torch-2.5.1.dist-info/METADATA"])
    add_wheel(tmp_path, "torch", "2.5.1")
    add_wheel(tmp_path, "torch_scatter", "2.1.2")
    conda = [("conda", "python", "3.11.7"), ("conda", "pytorch", "2.5.1")]
    assert names(read_inventory(tmp_path)) == [*conda, ("pip", "torch-scatter", "2.1.2")]
    assert names(read_wheels(tmp_path, [f"{SITES}/torch-2.5.1.dist-info/METADATA"], SITES)) == [
        ("pip", "torch-scatter", "2.1.2")
    ]


def test_wheels_of_a_python_that_conda_replaced_do_not_count(tmp_path: Path) -> None:
    add_record(tmp_path, "python", "3.12.1")
    add_wheel(tmp_path, "torch", "2.5.1")
    assert names(read_inventory(tmp_path)) == [("conda", "python", "3.12.1")]
    add_record(tmp_path, "python", "3.12.1", python_site_packages_path=SITES)
    assert len(read_inventory(tmp_path)) == 2


@pytest.mark.parametrize("sites", ["Lib/site-packages", "lib/python3.13t/site-packages", "lib/python3/dist-packages"])
def test_other_places_of_wheels(tmp_path: Path, sites: str) -> None:
    pip("install", build_wheel(tmp_path, "torch", "2.8.0"), "--target", tmp_path / "env" / sites)
    assert names(read_inventory(tmp_path / "env")) == [("pip", "torch", "2.8.0")]
    assert is_environment(tmp_path / "env")


def test_lib64_that_is_lib_counts_once(tmp_path: Path) -> None:
    add_wheel(tmp_path, "torch", "2.8.0")
    (tmp_path / "lib64").symlink_to("lib")
    inventory = take_inventory(tmp_path)
    assert (names(inventory.packages), inventory.problems) == ([("pip", "torch", "2.8.0")], ())


def test_what_is_no_environment(tmp_path: Path) -> None:
    assert not is_environment(tmp_path)
    assert take_inventory(tmp_path / "nosuch").packages == ()
    (tmp_path / "conda-meta").mkdir()
    assert is_environment(tmp_path)


def test_eggs_and_links_to_source_trees(tmp_path: Path) -> None:
    site = tmp_path / SITES
    for path, name in (
        ("old.egg-info", "Old_Name"),
        ("whole.egg/EGG-INFO/PKG-INFO", "whole"),
        ("d.egg-info/PKG-INFO", "d"),
    ):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(f"Name: {name}\nVersion: 1.0\n")
    (site / "d.egg-info/requires.txt").write_text("torch>=2\n\n[extra]\nscipy\n")
    source = tmp_path / "src" / "linked.egg-info"
    source.mkdir(parents=True)
    (source / "PKG-INFO").write_text("Name: linked\nVersion: 2.0\n")
    (site / "linked.egg-link").write_text(f"{source.parent}\n.\n")
    found = {package.name: package for package in read_inventory(tmp_path)}
    assert set(found) == {"old-name", "whole", "d", "linked"}
    assert found["d"].depends == ("torch>=2",)
    assert {name for name, package in found.items() if package.channel == "local"} == {"whole", "linked"}


def test_libraries_and_nothing_else_are_owned(tmp_path: Path) -> None:
    record = (
        "a/libx.so,sha256=1,3\na/libx.so.12.4,sha256=2,3\r\na/x.pyd,sha256=3,3\na/x.dll,,\na/x.so.py,sha256=4,3\n"
        '"a/b,c.so",sha256=5,3\na\\win.dll,sha256=6,3\n../../bin/x.so,sha256=7,3\na/notes.sock,sha256=8,3\nbroken.so\n'
    )
    add_wheel(tmp_path, "x", "1", record=record)
    assert read_inventory(tmp_path)[0].files == (
        File("a/libx.so", "sha256=1"),
        File("a/libx.so.12.4", "sha256=2"),
        File("a/x.pyd", "sha256=3"),
        File("a/x.dll", ""),
        File("a/b,c.so", "sha256=5"),
        File("a/win.dll", "sha256=6"),
        File("../../bin/x.so", "sha256=7"),
        File("broken.so", ""),
    )
