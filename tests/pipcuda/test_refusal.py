"""What pip-cuda stops, and what it lets pass."""

from __future__ import annotations

import json

import pytest

from pip_hook.speech import BLOCKED
from tests.pipcuda.conftest import MODE, Hook
from tests.pipcuda.world import find

pytestmark = pytest.mark.pip

NEW = "13.0 8.9"
THERE = {
    "torch": "2.15.0+cu130",
    "cuda-toolkit": "13.0.3",
    "nvidia-cudnn-cu13": "9.24.0.43",
    "nvidia-nccl-cu13": "2.30.7",
    "sympy": "1.14.0",
}


def test_what_is_there_below_is_what_pip_cuda_installs(hook: Hook) -> None:
    assert hook.plan("torch", host=NEW) == THERE


@pytest.fixture
def torch_there(hook: Hook) -> Hook:
    """The torch that pip-cuda installs on this host, unpacked in its place."""
    hook.target.unpack(*(find(name, version) for name, version in THERE.items()))
    return hook


def test_an_older_library_over_a_newer_one(torch_there: Hook) -> None:
    before = torch_there.installed
    result = torch_there.run("install", "nvidia-nccl-cu12==2.27.5", host=NEW)
    assert result.returncode == BLOCKED
    assert "CUP202" in result.stderr
    assert "nvidia-nccl-cu13" in result.stderr
    assert f"{MODE}=warn pip-cuda" in result.stderr
    assert torch_there.installed == before


def test_a_newer_library_over_an_older_one_passes(torch_there: Hook) -> None:
    result = torch_there.install("xgboost", host=NEW)
    assert torch_there.installed["nvidia-nccl-cu12"] == "2.32.3"
    assert "CUP" not in result.stderr


def test_what_only_the_files_show_is_said_afterwards(torch_there: Hook) -> None:
    result = torch_there.run("install", "acme-collectives-cu12", host=NEW)
    assert result.returncode == BLOCKED
    assert "this installation broke the environment" in result.stderr
    assert "nvidia/nccl/lib/libnccl.so.2" in result.stderr


def test_an_older_cudnn(torch_there: Hook) -> None:
    result = torch_there.run("install", "nvidia-cudnn-cu12==9.10.2.21", host=NEW)
    assert result.returncode == BLOCKED
    assert "9.24" in result.stderr


def test_uninstalling_what_another_package_loads(torch_there: Hook) -> None:
    torch_there.install("xgboost", host=NEW)
    result = torch_there.run("uninstall", "-y", "nvidia-nccl-cu12", host=NEW)
    assert result.returncode == BLOCKED
    assert "CUP203" in result.stderr
    assert "install --force-reinstall --no-deps nvidia-nccl-cu13==2.30.7" in result.stderr
    assert "nvidia-nccl-cu12" in torch_there.installed
    torch_there.run("uninstall", "-y", "xgboost", host=NEW)
    assert "xgboost" not in torch_there.installed


def test_two_owners_of_one_import_package(hook: Hook) -> None:
    hook.install("cupy-cuda13x", host=NEW)
    result = hook.run("install", "cupy-cuda12x", host=NEW)
    assert result.returncode == BLOCKED
    assert "cupy-cuda12x" not in hook.installed


def test_a_broken_requirement_that_pip_lets_pass(torch_there: Hook) -> None:
    result = torch_there.run("install", "sympy==1.10", host=NEW)
    assert result.returncode == BLOCKED
    assert torch_there.installed["sympy"] == "1.14.0"
    assert "sympy" in result.stderr


def test_a_build_that_the_driver_cannot_run(hook: Hook) -> None:
    result = hook.run("install", "torch", "--index-url", "https://download.pytorch.org/whl/cu132")
    assert result.returncode == BLOCKED
    assert "CUP101" in result.stderr
    assert hook.installed == {}


def test_mode_warn_lets_it_through_with_a_word(hook: Hook) -> None:
    index = "https://download.pytorch.org/whl/cu132"
    result = hook.install("torch", "--index-url", index, **{MODE: "warn"})
    assert "CUP101" in result.stderr
    assert hook.installed["torch"] == "2.15.0+cu132"


def test_mode_off_is_pip(hook: Hook) -> None:
    pypi = hook.world.locate("pypi.org/simple")
    result = hook.run("install", "--dry-run", "torch", "--index-url", pypi, **{MODE: "off"})
    assert "Would install" in result.stdout
    assert "torch-2.15.0" in result.stdout
    assert "pip-cuda" not in result.stderr


def test_a_rule_can_be_ignored(torch_there: Hook) -> None:
    torch_there.install("nvidia-nccl-cu12==2.27.5", host=NEW, CONDA_PLUGINS_CUDA_PIN_IGNORE="CUP202")
    assert torch_there.installed["nvidia-nccl-cu12"] == "2.27.5"


def test_json_is_one_document(hook: Hook) -> None:
    result = hook.run("install", "--json", "torch", "--index-url", "https://download.pytorch.org/whl/cu132")
    facts = json.loads(result.stdout)
    assert facts["exit_code"] == result.returncode == BLOCKED
    assert [finding["code"] for finding in facts["findings"]] == ["CUP101"]
    facts = json.loads(hook.install("--json", "torch").stdout)
    assert {"name": "torch", "version": "2.14.1+cu126", "source": "download.pytorch.org/whl/cu126"} in facts["packages"]


def test_explain_prints_the_plan_and_does_nothing(hook: Hook) -> None:
    result = hook.install("--explain", "torch")
    assert "download.pytorch.org/whl/cu126" in result.stdout
    assert hook.installed == {}


def test_a_rule_is_explained(hook: Hook) -> None:
    result = hook.run("explain", "CUP101")
    assert result.returncode == 0
    assert "driver-too-old" in result.stdout
    assert hook.run("explain", "CUP999").returncode == 1


def test_a_page_without_a_fitting_file_is_refused_unless_that_is_ignored(hook: Hook) -> None:
    page = hook.world.locate("data.pyg.org/whl/torch-2.99.0+cu126.html")
    result = hook.run("install", "torch-scatter", "-f", page)
    assert result.returncode == BLOCKED
    assert "CUP503" in result.stderr
    ignored = hook.run("install", "torch-scatter", "-f", page, CONDA_PLUGINS_CUDA_PIN_IGNORE="CUP503")
    assert ignored.returncode == 1
    assert "CUP503" not in ignored.stderr
