"""T2 to T5, T9, T10, T15, T16: what tutorials have conda do, on the real conda of the rig."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tests.commands.user import User, declare, find_setups, hear, read_offer
from tests.rig.fixtures import Rig

pytestmark = pytest.mark.conda

NEW, BLACKWELL = declare("13.0", "8.9"), declare("13.0", "12.0")
TORCH = ("pytorch", "torchvision", "torchaudio")
PYTORCH = ("-c", "pytorch")


@pytest.fixture
def user(rig: Rig, tmp_path: Path) -> User:
    """A user of the rig's conda."""
    del rig  # its absence is the failure to report
    return User(find_setups()[0], tmp_path)


def find_cuda(user: User, names: Iterable[str] = TORCH) -> set[str]:
    """Return the variants that are installed of some packages: ``cu113``, ``cuda129``."""
    builds = (user.installed()[name].build for name in names)
    words = (part for build in builds for part in build.replace("cuda11.3", "cu113").split("_"))
    return {part for part in words if part.startswith(("cu", "cpu"))} - {"cudnn8.3.2"}


def install(user: User, *words: str, env: Mapping[str, str], python: str = "3.9") -> str:
    """Create an environment and install in a second step, as tutorials do; return what was said."""
    user.run("create", "-n", "x", f"python={python}", env=env, check=True)
    return user.run("install", "-n", "x", *words, env=env, check=True).stderr


def test_t2_as_asked(user: User) -> None:
    said = install(user, *TORCH, "cudatoolkit=11.3", *PYTORCH, env=NEW)
    assert "CUP" not in said
    assert find_cuda(user) == {"cu113"}
    assert user.installed()["cudatoolkit"].version.startswith("11.3")


def test_t2_a_gpu_without_kernels_in_it(user: User) -> None:
    user.run("create", "-n", "x", "python=3.9", env=BLACKWELL, check=True)
    result = user.run("install", "-n", "x", *TORCH, "cudatoolkit=11.3", *PYTORCH, env=BLACKWELL)
    assert result.returncode == 1
    assert "CUP103 arch-unsupported: pytorch 1.12.1 py3.9_cuda11.3_cudnn8.3.2_0 has no kernels for" in result.stderr
    assert "pytorch" not in user.installed()


@pytest.mark.parametrize("python", ["3.9", "3.10"])
def test_t3_the_selector_that_exists(user: User, python: str) -> None:
    command = ("create", "-n", "x", f"python={python}", *TORCH, "cudatoolkit=11.8", *PYTORCH)
    result = user.run(*command, env=NEW)
    assert result.returncode == 1
    assert "is a CPU build, and cudatoolkit=11.8 asks for CUDA" in result.stderr
    assert "pytorch-cuda=11.8" in result.stderr
    assert user.installed() == {}


def test_t3_what_is_offered_works(user: User) -> None:
    command = ("create", "-n", "x", "python=3.10", *TORCH, "cudatoolkit=11.8", *PYTORCH)
    offer = read_offer(user.run(*command, env=NEW))
    user.run(*offer, env=NEW, check=True)
    assert user.installed()["pytorch-cuda"].version == "11.8"
    assert "cuda11.8" in user.installed()["pytorch"].build


def test_t4_cpu_builds_without_a_word(user: User) -> None:
    result = user.run("create", "-n", "x", *TORCH, "cpuonly", *PYTORCH, "-c", "conda-forge", env=NEW, check=True)
    assert hear(result) == []
    assert find_cuda(user) == {"cpu"}


def test_t5_with_the_channel_and_without(user: User) -> None:
    for name, channel in (("with", PYTORCH), ("without", ())):
        user.run("create", "-n", name, *TORCH, *channel, env=NEW, check=True)
        builds = [user.installed(name)[one].build for one in TORCH]
        assert len({"cuda" in build for build in builds}) == 1
        assert user.run("cuda-pin", "check", "-n", name, env=NEW).returncode == 0
    assert "cpu" in user.installed("with")["pytorch"].build
    assert user.installed("without")["pytorch"].build.startswith("cuda129")
    told = user.run("cuda-pin", "explain", *TORCH, *PYTORCH, env=NEW, check=True).stdout
    assert "channel pytorch: the PyTorch project's own builds" in told
    assert "pytorch-cuda chooses their CUDA" in told
    assert "channel pytorch" not in user.run("cuda-pin", "explain", *TORCH, env=NEW, check=True).stdout
    assert "channel pytorch" not in user.run("cuda-pin", "explain", "jax", *PYTORCH, env=NEW, check=True).stdout


def test_t5_the_way_to_cuda_builds_of_the_channel_is_told(user: User) -> None:
    (line,) = hear(user.run("create", "-n", "x", *TORCH, *PYTORCH, env=NEW, check=True))
    assert line.endswith("ask for it with pytorch-cuda -c nvidia")
    user.run("create", "-n", "y", *TORCH, "pytorch-cuda", *PYTORCH, "-c", "nvidia", env=NEW, check=True)
    assert "cuda12.4" in user.installed("y")["pytorch"].build


def test_t9_no_environment_file(user: User) -> None:
    (user.home / "requirements.txt").write_text("torch==1.12.1\n")
    command = ("env", "create", "-n", "x", "-f", "requirements.txt")
    ours = user.run(*command, env=NEW)
    plain = user.run(*command, env={**NEW, "CONDA_PLUGINS_CUDA_PIN_MODE": "off"})
    assert ours == plain
    assert hear(ours) == []


def test_t10_one_set_of_libraries(user: User) -> None:
    user.run("create", "-n", "x", "pytorch", "tensorflow", env=NEW, check=True)
    assert user.run("cuda-pin", "check", "-n", "x", env=NEW).returncode == 0
    for name in ("pytorch", "tensorflow"):
        assert user.installed()[name].build.startswith("cuda129")


def test_t15_one_file_on_two_machines(user: User) -> None:
    file = user.write_file("python=3.12", "pytorch", "torchvision")
    told = {}
    for name, host in (("old", declare("12.4", "8.9")), ("new", declare("13.2", "8.9"))):
        user.run("env", "create", "-n", name, "-f", file, env=host, check=True)
        told[name] = user.run("cuda-pin", "explain", "pytorch", env=host, check=True).stdout
    old, new = user.installed("old"), user.installed("new")
    assert {name: build.version for name, build in old.items() if name in TORCH} == {
        name: build.version for name, build in new.items() if name in TORCH
    }
    assert (old["pytorch"].build[:7], new["pytorch"].build[:7]) == ("cuda129", "cuda130")
    assert "the driver runs CUDA 12.4" in told["old"]
    assert "the driver runs CUDA 13.2" in told["new"]


IMAGE = {"NVIDIA_REQUIRE_CUDA": "cuda>=10.2 brand=tesla,driver>=418,driver<419"}


def test_t16_with_a_target(user: User) -> None:
    host = {**IMAGE, **declare("10.2", "7.0")}
    said = install(user, "pytorch=1.12.1", "torchvision", *PYTORCH, env=host)
    assert "cuda10.2" in user.installed()["pytorch"].build
    assert "cuda_pin_target" not in said


def test_t16_without_one(user: User, has_driver: bool) -> None:
    if has_driver:
        pytest.skip("this machine has a driver: it is no builder without one")
    result = user.run("create", "-n", "x", "pytorch", env=IMAGE, check=True)
    assert user.installed()["pytorch"].build.startswith("cpu")
    (line,) = hear(result)
    assert "CONDA_OVERRIDE_CUDA=12.6, or cuda_pin_target" in line
    assert hear(user.run("create", "-n", "plain", "pytorch", check=True)) == []
    assert hear(user.run("create", "-n", "chosen", "pytorch-cpu", env=IMAGE, check=True)) == []
