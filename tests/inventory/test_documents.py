"""Files that describe an environment: known by their content, read as far as they say something."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conda_cuda_pin.errors import DocumentError
from conda_cuda_pin.inventory.document import Document
from conda_cuda_pin.inventory.documents import find_lines, read_document
from conda_cuda_pin.inventory.specs import read_spec, settle
from conda_cuda_pin.package import Package
from conda_cuda_pin.request import Spec

FORGE = "https://conda.anaconda.org/conda-forge"
WHL = "https://download.pytorch.org/whl/cu126"
TORCH = Package("torch", "2.8.0+cu126", "", "download.pytorch.org/whl/cu126", ecosystem="pip")


def read(directory: Path, text: str, platform: str = "linux-64", name: str = "file") -> tuple[Document, ...]:
    path = directory / name
    path.write_text(text)
    return read_document(path, platform)


def test_an_explicit_file(tmp_path: Path) -> None:
    urls = (f"{FORGE}/linux-64/pytorch-2.5.1-cuda126_py312_300.conda#0123", f"{FORGE}/noarch/x-1!2.0-0.tar.bz2")
    text = "\n".join(("# platform: linux-64", "@EXPLICIT", *urls, "/local/path", ""))
    (document,) = read(tmp_path, text)
    assert document.kind == "explicit file"
    assert document.packages == (
        Package("pytorch", "2.5.1", "cuda126_py312_300", "conda-forge"),
        Package("x", "1!2.0", "0", "conda-forge"),
    )
    assert document.unsettled == ("/local/path",)


ENVIRONMENT = """\
name: work
channels: [pytorch, conda-forge]
dependencies:
  - python=3.11
  - cuda-version=12
  - conda-forge::pytorch=2.5.*=cuda126*
  - numpy>=1.26  # any
  - cpuonly
  - pip:
      - --index-url https://download.pytorch.org/whl/cu126
      - torch==2.8.0+cu126
      - -e .
"""


def test_an_environment_yml(tmp_path: Path) -> None:
    (document,) = read(tmp_path, ENVIRONMENT)
    assert (document.kind, document.name, document.channels) == ("environment.yml", "work", ("pytorch", "conda-forge"))
    assert document.packages == (
        Package("python", "3.11"),
        Package("cuda-version", "12.0"),
        Package("pytorch", "2.5", "cuda126", "conda-forge"),
        TORCH,
    )
    assert document.unsettled == ("numpy>=1.26", "cpuonly", "-e .")
    assert Spec("cpuonly") in document.specs


PIXI = f"""\
version: {{version}}
platforms:
- name: gpu
  subdir: linux-64
environments:
  default:
    packages:
      linux-64:
      - conda: {FORGE}/linux-64/cuda-version-12.9-0.conda
      - pypi: ./
      osx-arm64: []
  cuda:
    packages:
      gpu:
      - conda: {FORGE}/linux-64/cuda-version-13.0-0.conda
      - pypi: {WHL}/torch-2.8.0%2Bcu126-cp312-cp312-linux_x86_64.whl
packages:
- conda: {FORGE}/linux-64/cuda-version-12.9-0.conda
  constrains:
  - cudatoolkit 12.9|12.9.*
- conda: {FORGE}/linux-64/cuda-version-13.0-0.conda
- pypi: {WHL}/torch-2.8.0%2Bcu126-cp312-cp312-linux_x86_64.whl
  requires_dist:
  - numpy
- pypi: ./
  name: mine
"""


@pytest.mark.parametrize("version", [6, 7])
def test_a_pixi_lock_holds_several_environments(tmp_path: Path, version: int) -> None:
    default, cuda = read(tmp_path, PIXI.format(version=version))
    assert (default.kind, default.name, cuda.name) == ("pixi.lock", "default", "cuda (gpu)")
    assert default.packages == (Package("cuda-version", "12.9", "0", "conda-forge", (), ("cudatoolkit 12.9|12.9.*",)),)
    assert default.unsettled == ("mine",)
    assert [str(package) for package in cuda.packages] == ["cuda-version 13.0 0", "torch 2.8.0+cu126"]
    assert cuda.packages[1].depends == ("numpy",)


def test_an_older_pixi_lock(tmp_path: Path) -> None:
    url = f"{FORGE}/linux-64/cuda-version-12.9-0.conda"
    text = f"version: 5\nenvironments:\n  default:\n    packages:\n      linux-64:\n      - conda: {url}\npackages:\n"
    (document,) = read(tmp_path, f"{text}- kind: conda\n  name: cuda-version\n  url: {url}\n  depends:\n  - a >=1\n")
    assert document.packages[0].depends == ("a >=1",)


LOCK = f"""\
version: 1
metadata:
  platforms: [linux-64, osx-arm64]
package:
- name: pytorch
  version: '2.10'
  manager: conda
  platform: linux-64
  dependencies:
    cuda-version: '>=12.6,<13'
  url: {FORGE}/linux-64/pytorch-2.10-cuda126_0.conda
- {{name: torch, version: 2.8.0, manager: pip, platform: linux-64, url: '{WHL}/torch-2.8.0%2Bcu126-cp312-x.whl'}}
- {{name: other, version: '1', manager: conda, platform: osx-arm64, url: '{FORGE}/osx-arm64/other-1-0.conda'}}
"""


def test_a_conda_lock(tmp_path: Path) -> None:
    (document,) = read(tmp_path, LOCK)
    assert document.kind == "conda-lock.yml"
    pytorch = Package("pytorch", "2.10", "cuda126_0", "conda-forge", ("cuda-version >=12.6,<13",))
    assert document.packages == (pytorch, TORCH)


@pytest.mark.parametrize("text", [LOCK, PIXI.format(version=6)])
def test_nothing_for_the_platform_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(DocumentError, match=r"nothing in it is locked for win-64; it has .*linux-64"):
        read(tmp_path, text, "win-64")


def test_conda_list(tmp_path: Path) -> None:
    lines = ("# packages in environment at /x:", "pytorch 2.5.1 cuda126_0 conda-forge", "torch  2.8.0  pypi_0  pypi")
    (document,) = read(tmp_path, "\n".join((*lines, "x 1.0 0")))
    assert document.packages == (
        Package("pytorch", "2.5.1", "cuda126_0", "conda-forge"),
        Package("torch", "2.8.0", ecosystem="pip"),
        Package("x", "1.0", "0"),
    )
    (exported,) = read(tmp_path, "pytorch=2.5.1=cuda126_0\nnumpy=1.26.4=py312_0\n")
    assert [str(package) for package in exported.packages] == ["pytorch 2.5.1 cuda126_0", "numpy 1.26.4 py312_0"]


REQUIREMENTS = """\
--index-url https://download.pytorch.org/whl/cu126
torch==2.8.0+cu126 \\
    --hash=sha256:00
NumPy>=1.26 # any
triton==3.4.0 ; sys_platform == 'linux' and platform_machine == 'x86_64'
pywin32==306; sys_platform == 'win32'
-r more.txt
./local
"""


def test_requirements(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text(
        "-r file\nxformers @ https://x.org/w/xformers-0.0.31-cp39-abi3-linux_x86_64.whl\n"
    )
    (document,) = read(tmp_path, REQUIREMENTS)
    index = "download.pytorch.org/whl/cu126"
    assert document.packages == (
        TORCH,
        Package("triton", "3.4.0", "", index, ecosystem="pip"),
        Package("xformers", "0.0.31", "", "x.org/w", ecosystem="pip"),
    )
    assert document.unsettled == ("NumPy>=1.26", "./local")
    (windows,) = read(tmp_path, REQUIREMENTS, "win-64")
    assert [package.name for package in windows.packages] == ["torch", "pywin32", "xformers"]


def test_of_several_indexes_none_is_named(tmp_path: Path) -> None:
    (document,) = read(tmp_path, "--extra-index-url https://x.org/simple\ntorch==2.8.0\n")
    assert document.packages == (Package("torch", "2.8.0", ecosystem="pip"),)


PYLOCK = f"""\
lock-version = "1.0"
[[packages]]
name = "torch"
version = "2.8.0+cu126"
index = "{WHL}"
dependencies = [{{name = "numpy"}}]
wheels = [{{name = "torch.whl", url = "{WHL}/torch-2.8.0%2Bcu126-cp312-cp312-linux_x86_64.whl"}}]
[[packages]]
name = "pywin32"
version = "306"
marker = "sys_platform == 'win32'"
[[packages]]
name = "mine"
directory = {{path = "."}}
[[packages]]
name = "built"
version = "1.0"
vcs = {{type = "git", url = "https://x.org/built"}}
"""


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib came with Python 3.11")
def test_a_pylock(tmp_path: Path) -> None:
    (document,) = read(tmp_path, PYLOCK)
    assert document.packages == (
        Package("torch", "2.8.0+cu126", "", "download.pytorch.org/whl/cu126", ("numpy",), ecosystem="pip"),
        Package("built", "1.0", "", "local", ecosystem="pip"),
    )
    assert document.unsettled == ("mine",)
    with pytest.raises(DocumentError, match="no TOML"):
        read(tmp_path, "lock-version = \n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no packages"),
        ("# nothing\n", "names no packages"),
        ("Dear all, this is a letter.\n", "is no requirement"),
        ("name: [unclosed\n", "no YAML"),
        ("a: 1\n", "YAML without dependencies"),
        ("---\n- 1\n", "YAML without keys"),
        ("-r nosuch.txt\n", "nosuch.txt cannot be read"),
    ],
)
def test_what_is_none_of_them_is_an_error(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(DocumentError, match=why):
        read(tmp_path, text)


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        read_document(tmp_path / "nosuch.yml", "linux-64")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DocumentError, match="is no text"):
        read_document(tmp_path / "binary", "linux-64")


@pytest.mark.parametrize(
    ("text", "spec", "package"),
    [
        ("pytorch", Spec("pytorch"), None),
        ("pytorch=2.5", Spec("pytorch", "2.5"), "pytorch 2.5"),
        ("pytorch==2.5.1", Spec("pytorch", "==2.5.1"), "pytorch 2.5.1"),
        ("pytorch 1.10", Spec("pytorch", "==1.10"), "pytorch 1.10"),
        ("pytorch >=2, <3", Spec("pytorch", ">=2,<3"), None),
        ("pytorch=2.5.1=cuda126_0", Spec("pytorch", "2.5.1", "cuda126_0"), "pytorch 2.5.1 cuda126_0"),
        ("pytorch=*=*cu*", Spec("pytorch", "", "*cu*"), None),
        ("jaxlib=0.4=*cuda*", Spec("jaxlib", "0.4", "*cuda*"), "jaxlib 0.4"),
        ("nvidia/label/cuda-12.1.0::cuda-nvcc", Spec("cuda-nvcc", "", "", "nvidia/label/cuda-12.1.0"), None),
        ("pytorch[version='>=2.6',build=cpu*]", Spec("pytorch", ">=2.6", "cpu*"), None),
        ("cuda-version=13  # new", Spec("cuda-version", "13"), "cuda-version 13.0"),
        ("cuda-version=12.*", Spec("cuda-version", "12.*"), "cuda-version 12.0"),
        ("{{ nothing }}", None, None),
    ],
)
def test_match_specs(text: str, spec: Spec | None, package: str | None) -> None:
    found = read_spec(text)
    assert found == spec
    settled = settle(found) if found else None
    assert (str(settled) if settled else None) == package


def test_lines_are_found(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(
        f"channels: [pytorch]\n- pytorch-cuda=12.1\n- {FORGE}/linux-64/pytorch-2.5.1-0.conda\nnvidia_nccl==2\n"
    )
    assert find_lines(path, ["pytorch-cuda", "nvidia-nccl", "nosuch", "torch"]) == {"pytorch-cuda": 2, "nvidia-nccl": 4}
    path.write_text("- pytorch-cuda=12.1\n- pytorch=2\n")
    assert find_lines(path, ["pytorch"]) == {"pytorch": 2}


WORDS = (
    "@EXPLICIT\n",
    "dependencies:\n",
    "packages:\n",
    "environments:\n",
    "package:\n",
    "- a\n",
    "  - pip:\n",
    "{}",
    "[",
    "x=1\n",
    "\n",
)


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=8).map("".join))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_text_is_read_or_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(text.encode("utf-8", "replace"))
    with contextlib.suppress(DocumentError):
        read_document(path, "linux-64")
