"""Which builds pip-cuda installs, by host and by what the user says."""

from __future__ import annotations

import pytest

from tests.pipcuda.conftest import Hook
from tests.piprig.wheel import Wheel

pytestmark = pytest.mark.pip

TORCH = Wheel("torch", "2.14.1+cu126")
HOSTS = [
    ("12.4 8.9", "2.14.1+cu126"),
    ("12.6 8.6", "2.14.1+cu126"),
    ("13.0 8.9", "2.15.0+cu130"),
    ("13.2 9.0", "2.15.0+cu132"),
    ("13.0 7.0", "2.14.1+cu126"),
    ("13.0 6.1", "2.14.1+cu126"),
    ("13.0 12.0", "2.15.0+cu130"),
    ("none", "2.15.0+cpu"),
]


@pytest.mark.parametrize(("host", "version"), HOSTS)
def test_the_newest_torch_that_runs_there(hook: Hook, host: str, version: str) -> None:
    assert hook.plan("torch", host=host)["torch"] == version


def test_the_choice_is_told_in_one_line(hook: Hook) -> None:
    told = hook.install("torch").stderr.splitlines()[-1]
    assert told.startswith("pip-cuda: the driver runs CUDA 12.4: torch 2.14.1+cu126 ")
    assert "from download.pytorch.org/whl/cu126 (the driver is of CUDA 12.4, the build of 12.6: " in told


def test_a_family_comes_from_one_index(hook: Hook) -> None:
    planned = hook.plan("torchvision", "torch")
    assert planned["torch"] == "2.14.1+cu126"
    assert planned["torchvision"] == "0.29.1+cu126"


def test_what_is_only_needed_by_others_is_chosen_too(hook: Hook) -> None:
    hook.install("lightning")
    assert hook.installed["torch"] == "2.14.1+cu126"
    assert hook.installed["numpy"] == "2.4.0"


def test_a_version_that_another_package_needs_decides(hook: Hook) -> None:
    assert hook.plan("oldnet", host="13.0 8.9")["torch"] == "2.13.0+cu126"


def test_an_extra_index_does_not_bring_what_the_driver_cannot_run(hook: Hook) -> None:
    extra = ("--extra-index-url", "https://download.pytorch.org/whl/cu126")
    planned = hook.plan("torch", "numpy", *extra, host="13.0 8.9")
    assert planned["torch"] == "2.14.1+cu126"
    assert planned["numpy"] == "2.4.0"


def test_the_users_index_is_the_users_word(hook: Hook) -> None:
    planned = hook.plan("torch", "--index-url", "https://download.pytorch.org/whl/cpu")
    assert planned["torch"] == "2.15.0+cpu"


def test_the_users_version_is_the_users_word(hook: Hook) -> None:
    assert hook.plan("torch==2.13.0+cu126", host="13.0 8.9")["torch"] == "2.13.0+cu126"


def test_the_setting_for_cpu(hook: Hook) -> None:
    assert hook.plan("torch", CONDA_PLUGINS_CUDA_PIN_VARIANT="cpu")["torch"] == "2.15.0+cpu"


def test_an_extension_follows_the_torch_that_is_there(hook: Hook) -> None:
    hook.target.unpack(TORCH)
    assert hook.plan("torch-scatter")["torch-scatter"] == "2.1.2+pt214cu126"


def test_torchvision_follows_the_torch_that_is_there(hook: Hook) -> None:
    hook.target.unpack(TORCH)
    planned = hook.plan("torchvision", host="13.2 8.9")
    assert planned["torchvision"] == "0.29.1+cu126"
    assert "torch" not in planned


def test_what_is_left_behind_is_what_pip_leaves(hook: Hook) -> None:
    hook.install("torch")
    infos = list(hook.target.packages.glob("*.dist-info"))
    assert len(infos) == 4
    assert not [info for info in infos if (info / "direct_url.json").exists()]
    assert [info.name.split("-")[0] for info in infos if (info / "REQUESTED").exists()] == ["torch"]
    assert all((info / "INSTALLER").read_text() == "pip\n" for info in infos)


def test_few_pages_are_asked_for(hook: Hook) -> None:
    hook.install("torch", "--dry-run")
    pages = [asked for asked in hook.world.asked if asked.path.endswith("/torch/")]
    assert len(pages) <= 5


def test_no_wheel_is_fetched_to_decide(hook: Hook) -> None:
    hook.install("torch", "--dry-run")
    assert hook.world.count_bytes("*.whl") == 0


def test_a_login_node_does_not_lose_the_cuda_build(hook: Hook) -> None:
    hook.install("torch==2.13.0", host="12.4 8.9")
    assert hook.installed["torch"] == "2.13.0+cu126"
    hook.run("install", "-U", "torch", host="none")
    assert "+cpu" not in hook.installed["torch"]
    hook.install("lightning", host="none")
    assert "+cpu" not in hook.installed["torch"]


def test_a_cpu_build_on_a_machine_with_a_gpu_is_replaced_when_asked_again(hook: Hook) -> None:
    hook.install("torch", host="none")
    told = hook.install("torch", host="12.4 8.9").stderr
    assert hook.installed["torch"] == "2.15.0+cpu"
    assert "torch 2.15.0+cpu is a CPU build and stays" in told
    assert "stays" not in hook.install("torch", host="12.4 8.9", CONDA_PLUGINS_CUDA_PIN_VARIANT="cpu").stderr
    hook.install("--force-reinstall", "torch", host="12.4 8.9")
    assert hook.installed["torch"] == "2.14.1+cu126"
