"""The audit reads every kind of file that lists an environment, and judges it on a host that runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conda_cuda_pin.package import Package
from tests.audit import audit, main, make_host, parse_url, read_environments

URL = "https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.7.0-cuda126_mkl_py312_300.conda"
TORCH = Package("pytorch", "2.7.0", "cuda126_mkl_py312_300", "conda-forge")
EXPLICIT = f"# platform: linux-64\n@EXPLICIT\n{URL}#d7c89558ba9fa0495403155b64376d81\n"
OTHERS = "".join(f"https://conda.anaconda.org/conda-forge/noarch/{name}-1.0-0.conda\n" for name in "abc")
EXPORT = "dependencies:\n  - pytorch=2.7.0=cuda126_mkl_py312_300\n  - a=1=0\n  - b=1=0\n  - c=1=0\n  - numpy>=1\n"
LISTING = "pytorch  2.7.0  cuda126_mkl_py312_300  conda-forge\na 1 0 main\nb 1 0 main\nc 1 0 main\n"
PIXI = f"""\
version: 7
platforms:
- name: p1
  subdir: linux-64
environments:
  gpu:
    packages:
      p1:
      - conda: {URL}
packages:
- conda: {URL}
  depends: [cuda-version >=12.6]
"""
CONDA_LOCK = f"""\
package:
- name: pytorch
  manager: conda
  platform: linux-64
  dependencies: {{cuda-version: '>=12.6'}}
  url: {URL}
- name: requests
  manager: pip
  platform: linux-64
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.lock", EXPLICIT + OTHERS),
        ("a.yml", EXPORT),
        ("a.txt", LISTING),
        ("a.pixi.lock", PIXI),
        ("a.conda-lock.yml", CONDA_LOCK),
    ],
)
def test_environments_are_read(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    ((_, packages),) = read_environments(file)
    found = next(package for package in packages if package.name == "pytorch")
    assert (found.version, found.build) == (TORCH.version, TORCH.build)
    assert str(make_host(packages).driver_cuda) == "12.6"
    assert audit(packages) == ()


def test_a_list_of_wishes_is_no_environment(tmp_path: Path) -> None:
    file = tmp_path / "environment.yml"
    file.write_text("dependencies:\n  - python=3.12\n  - pytorch>=2\n  - cudatoolkit=11.8=*\n")
    assert list(read_environments(file)) == []


def test_what_is_no_package_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        parse_url("nothing")


def test_a_block_is_the_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = "".join(f"https://conda.anaconda.org/nvidia/linux-64/{p}-0.conda\n" for p in ("cuda-cudart-11.8.89",))
    mixed = f"https://conda.anaconda.org/nvidia/linux-64/libcublas-12.1.0.26-0.conda\n{parts}{OTHERS}"
    (tmp_path / "mixed.lock").write_text(mixed)
    assert main([str(tmp_path)]) == 1
    assert "CUP201 mixed-toolkits block" in capsys.readouterr().out
    (tmp_path / "mixed.lock").write_text(EXPLICIT + OTHERS)
    assert main([str(tmp_path)]) == 0
