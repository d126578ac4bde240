"""What pips make of the rig: they install from it, and every kind of answer reaches them as it is meant."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.piprig.environment import make_venv
from tests.piprig.fault import SILENCE, Fault, redirect, refuse, replace, truncate
from tests.piprig.index import Index, Offer, as_offers, make_page, make_pypi, make_torch
from tests.piprig.sdist import Sdist
from tests.piprig.tool import list_planned, make_tool
from tests.piprig.wheel import Wheel, label_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.piprig.environment import Venv
    from tests.piprig.server import IndexServer
    from tests.piprig.tool import Tool

HEAVY = {"torch/lib/libtorch.so": b"\0" * 1_000_000}
NUMPY = Wheel("numpy", "2.4.1")
TORCH = Wheel("torch", "2.14.0", ("numpy>=2", 'jax; extra == "jax"'), HEAVY, requires_python=">=3.9")
CU126 = Wheel("torch", "2.14.0+cu126", ("numpy>=2",))
PYPI = make_pypi(NUMPY, TORCH)

pytestmark = pytest.mark.pip


def at(world: IndexServer, *indexes: Index) -> tuple[str, str]:
    """Add indexes to a world and return the option that names the first."""
    world.indexes += indexes
    return "--index-url", world.locate(indexes[0])


def test_every_pip_installs_and_owns_what_it_installed(each_pip: Tool, target: Venv, world: IndexServer) -> None:
    each_pip.run("install", *at(world, PYPI), "torch", check=True)
    assert target.list_installed() == {"torch": "2.14.0", "numpy": "2.4.1"}
    each_pip.run("check", check=True)
    each_pip.run("uninstall", "--yes", "torch", check=True)
    assert target.list_installed() == {"numpy": "2.4.1"}
    assert not (target.packages / "torch/lib/libtorch.so").exists()


def test_metadata_saves_the_wheels(pip: Tool, world: IndexServer) -> None:
    assert list_planned(pip.resolve(*at(world, PYPI), "torch")) == {"torch": "2.14.0", "numpy": "2.4.1"}
    assert world.list_asked("*.metadata", 200)
    assert world.count_bytes("*.whl") == 0


def test_without_metadata_the_wheels_are_fetched(pip: Tool, world: IndexServer) -> None:
    plain = Index("pypi.nvidia.com", as_offers([NUMPY, TORCH]), core_metadata=False)
    pip.resolve(*at(world, plain), "torch")
    assert world.count_bytes("*.whl") > 1_000_000


def test_an_old_pip_fetches_them_all_the_same(old_pip: Venv, world: IndexServer, tmp_path: Path) -> None:
    make_tool((old_pip.python, "-m", "pip"), tmp_path).resolve(*at(world, PYPI), "torch")
    assert world.count_bytes("*.whl") > 1_000_000


def test_the_variant_comes_from_its_index_and_the_rest_from_pypi(pip: Tool, world: IndexServer) -> None:
    world.indexes += [make_torch("cu126", CU126)]
    extra = ("--extra-index-url", world.locate("download.pytorch.org/whl/cu126"))
    report = pip.resolve(*at(world, PYPI), *extra, "torch==2.14.0+cu126")
    assert list_planned(report) == {"torch": "2.14.0+cu126", "numpy": "2.4.1"}
    [url] = [one["download_info"]["url"] for one in report["install"] if one["metadata"]["name"] == "torch"]
    assert url == f"{world.url}/download.pytorch.org/whl/cu126/torch-2.14.0%2Bcu126-py3-none-any.whl"
    assert world.list_asked("/download.pytorch.org/whl/cu126/numpy/", 403)


def test_a_page_of_links_serves_many_projects(pip: Tool, target: Venv, world: IndexServer) -> None:
    page = make_page("data.pyg.org/whl/torch-2.8.0+cu126.html", Wheel("torch-scatter", "2.1.2+pt28cu126"), NUMPY)
    world.indexes.append(page)
    pip.run("install", "--no-index", "--find-links", world.locate(page), "torch-scatter", "numpy", check=True)
    assert target.list_installed() == {"torch-scatter": "2.1.2+pt28cu126", "numpy": "2.4.1"}


def test_a_source_is_built_without_a_network(pip: Tool, target: Venv, world: IndexServer) -> None:
    scatter = Wheel("torch-scatter", "2.1.2")
    index = at(world, make_pypi(Sdist(scatter)))
    pip.run("install", *index, "torch-scatter", check=True)
    assert target.list_installed() == {"torch-scatter": "2.1.2"}


def test_a_source_that_imports_torch_cannot_be_built(pip: Tool, world: IndexServer) -> None:
    index = at(world, make_pypi(Sdist(Wheel("torch-scatter", "2.1.2"), imports=("torch",))))
    result = pip.run("install", "--dry-run", *index, "torch-scatter")
    assert result.returncode == 1
    assert "No module named 'torch'" in result.stderr + result.stdout


def test_an_index_behind_a_login(pip: Tool, world: IndexServer) -> None:
    own = Index("packages.example/simple", as_offers([NUMPY]), login=("ann", "s3cret"), realm="corporate")
    option, address = at(world, own)
    assert pip.run("install", "--dry-run", option, address, "numpy").returncode == 1
    assert world.list_asked("*", 401)
    pip.resolve(option, address.replace("://", "://ann:s3cret@"), "numpy")
    assert {one.user for one in world.list_asked("*/numpy/", 200)} == {"ann"}


def test_a_page_of_pypi_may_be_kept_and_one_of_pytorch_not(pip: Tool, world: IndexServer) -> None:
    option, pypi = at(world, PYPI, make_torch("cpu", NUMPY))
    for _ in range(2):
        pip.resolve(option, pypi, "numpy")
        pip.resolve(option, world.locate("download.pytorch.org/whl/cpu"), "numpy")
    assert [one.status for one in world.list_asked("/pypi.org/simple/numpy/")] == [200]
    assert [one.status for one in world.list_asked("/download.pytorch.org/*/numpy/")] == [200, 200]


def test_a_page_that_has_not_changed_is_not_sent_again(old_pip: Venv, world: IndexServer, tmp_path: Path) -> None:
    index = at(world, PYPI)
    tool = make_tool((old_pip.python, "-m", "pip"), tmp_path)
    for _ in range(2):
        tool.resolve(*index, "numpy")
    assert [one.status for one in world.list_asked("*/numpy/")] == [200, 304]


@pytest.mark.parametrize(
    ("pattern", "fault", "said"),
    [
        ("*/numpy/", redirect("/pypi.org/simple/numpy/"), "Exceeded 30 redirects"),
        ("*/numpy/", refuse(403), "No matching distribution"),
        ("*/numpy/", refuse(500), "500"),
        ("*/numpy/", SILENCE, "closed without a reply"),
        ("*/numpy/", Fault(delay=30), "didn't respond within"),
        ("*.whl", truncate(200), "bytes"),
        ("*.whl", replace(b"no archive"), "HASHES"),
        ("*.metadata", replace(b"Name: numpy\nVersion: 2.4.1\n"), "HASHES"),
    ],
)
def test_faults_reach_pip(pip: Tool, world: IndexServer, pattern: str, fault: Fault, said: str) -> None:
    index = at(world, PYPI)
    world.faults[pattern] = fault
    result = pip.run("install", "-vv", "--timeout", "1", *index, "numpy")
    assert result.returncode, result
    assert said in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        (Offer(NUMPY, told_hash="0" * 64), "HASHES"),
        (Offer(NUMPY, told_metadata=Wheel("numpy", "2.4.1", ("scipy",)).metadata), "scipy"),
        (Offer(NUMPY, told_metadata=Wheel("numpy", "9.9").metadata), "9.9"),
        (Offer(Wheel("numpy", "2.4.1", files={"../../evil.txt": b"out"})), "outside the target directory"),
        (Offer(NUMPY, name="numpy-3.0-py3-none-any.whl"), "inconsistent"),
    ],
    ids=["hash", "requirements", "version", "path", "name"],
)
def test_an_index_that_lies(pip: Tool, target: Venv, world: IndexServer, offer: Offer, said: str) -> None:
    result = pip.run("install", *at(world, make_pypi(offer)), "numpy")
    assert result.returncode, result
    assert said in result.stdout + result.stderr
    assert not target.list_installed()


def test_a_name_with_a_path_in_it_stays_a_name(pip: Tool, world: IndexServer, tmp_path: Path) -> None:
    tricky = Offer(NUMPY, name="..%2F..%2F..%2Fnumpy-2.4.1-py3-none-any.whl")
    pip.run("download", *at(world, make_pypi(tricky)), "numpy", "--dest", str(tmp_path / "a/b/c"))
    assert not list(tmp_path.glob("*.whl"))


def test_two_builds_at_one_path_overwrite_each_other(pip: Tool, target: Venv, world: IndexServer) -> None:
    path = "nvidia/nccl/lib/libnccl.so.2"
    both = [Wheel(f"nvidia-nccl-cu{n}", "2.27.5", files=label_files([path], f"cu{n}")) for n in (12, 13)]
    index = at(world, make_pypi(*both))
    for wheel in both:
        pip.run("install", *index, wheel.name, check=True)
    assert (target.packages / path).read_bytes() == both[1].files[path]
    pip.run("check", check=True)


def test_an_environment_may_have_a_pip_of_its_own(old_pip: Venv, tmp_path: Path) -> None:
    own = make_venv(tmp_path / "own", with_pip=old_pip.packages)
    assert own.list_installed() == {"pip": "23.2.1"}
    assert make_tool((own.python, "-m", "pip"), tmp_path).run("--version", check=True).stdout.startswith("pip 23.2.1 ")


def test_what_is_unpacked_is_installed_for_pip(pip: Tool, target: Venv) -> None:
    target.unpack(TORCH, installer="conda")
    [found] = pip.run("list", "--format", "json", check=True).stdout.splitlines()
    assert found == '[{"name": "torch", "version": "2.14.0"}]'
    own = hashlib.sha256(HEAVY["torch/lib/libtorch.so"]).digest()
    digest = base64.urlsafe_b64encode(own).decode().rstrip("=")
    assert f"torch/lib/libtorch.so,sha256={digest},1000000" in (target.packages / TORCH.info / "RECORD").read_text()


def test_nothing_of_this_machine_reaches_pip(pip: Tool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "/theirs")
    tool = make_tool(pip.command, tmp_path / "other")
    values = tool.run("config", "list", check=True).stdout.splitlines()
    assert {line.split("=")[0] for line in values if not line.startswith(":env:.config")} <= {
        f":env:.{key}" for key in ("cache-dir", "disable-pip-version-check", "no-input", "retries", "trusted-host")
    }
    assert tool.run("install", "--dry-run", "numpy").returncode == 1
