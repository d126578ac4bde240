"""T1, T6 to T8, T10 to T12, T14, T16: what tutorials have pip do, by ``pip-cuda``."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from pip_hook.speech import BLOCKED
from tests.pipcuda.conftest import TARGET, Hook
from tests.piprig.environment import Venv, make_venv
from tests.piprig.tool import make_tool
from tests.piprig.wheel import Wheel
from tests.rig.runner import Result

pytestmark = pytest.mark.pip

NEW = "13.0 8.9"
TORCH = ("torch", "torchvision", "torchaudio")
WHL = "https://download.pytorch.org/whl"
PYG = "https://data.pyg.org/whl"


def find_variants(hook: Hook) -> set[str]:
    """Return the variants of what is installed of torch's family."""
    return {hook.installed[name].partition("+")[2] for name in TORCH if name in hook.installed}


def read_offer(result: Result) -> list[str]:
    """Return the words after ``pip-cuda`` of the command that a refusal offers."""
    line = next(line for line in result.stderr.splitlines() if line.split()[:1] == ["instead"])
    words = shlex.split(line)[2:]
    return words[2:] if words[0] == "--python" else words


def write(at: Path, *lines: str) -> str:
    file = at / "requirements.txt"
    file.write_text("".join(f"{line}\n" for line in lines))
    return str(file)


def test_t1_three_of_one_variant(hook: Hook) -> None:
    result = hook.install(*TORCH, host=NEW)
    assert {name: hook.installed[name] for name in TORCH} == {
        "torch": "2.15.0+cu130",
        "torchvision": "0.30.0+cu130",
        "torchaudio": "2.15.0+cu130",
    }
    assert "CUP" not in result.stderr


@pytest.mark.parametrize("host", [NEW, "11.4 8.0"])
def test_t6_the_index_of_11_8(hook: Hook, host: str) -> None:
    result = hook.install(*TORCH, "--index-url", f"{WHL}/cu118", host=host)
    assert find_variants(hook) == {"cu118"}
    assert "CUP" not in result.stderr


def test_t6_the_index_of_11_8_on_blackwell(hook: Hook) -> None:
    result = hook.run("install", *TORCH, "--index-url", f"{WHL}/cu118", host="13.0 12.0")
    assert (result.returncode, hook.installed) == (BLOCKED, {})
    assert "CUP103 arch-unsupported: torch 2.7.1+cu118 has no kernels for compute capability 12.0" in result.stderr
    hook.install(*read_offer(result)[1:], host="13.0 12.0")
    assert find_variants(hook) == {"cu128"}


PINNED = ("torch==1.12.1", "torchvision==0.13.1", "torchaudio==0.12.1")


@pytest.mark.parametrize(("host", "variant"), [(NEW, "cu116"), ("11.0 7.0", "cu102"), ("none", "cpu")])
def test_t7_each_machine_its_variant(hook: Hook, tmp_path: Path, host: str, variant: str) -> None:
    hook.install("-r", write(tmp_path, *PINNED), host=host)
    assert find_variants(hook) == {variant}


def test_t7_plain_pip_reproduces_it(hook: Hook, newest_pip: Venv, tmp_path: Path) -> None:
    file, constraints = write(tmp_path, *PINNED), tmp_path / "constraints.txt"
    hook.install("-r", file, "--emit-constraints", str(constraints), host=NEW)
    line = next(line for line in constraints.read_text().splitlines() if line.startswith("# pip install -c FILE"))
    words = [str(constraints) if word == "FILE" else word for word in line.split()[2:]]
    other = make_venv(tmp_path / "other")
    plain = make_tool((newest_pip.python, "-m", "pip", "--python", other.python), tmp_path / "plain")
    plain.run(*words, "--index-url", hook.world.locate("pypi.org/simple"), check=True)
    assert other.list_installed() == hook.installed


def test_t7_check_tells_beforehand(hook: Hook, tmp_path: Path) -> None:
    file = write(tmp_path, *PINNED)
    told = hook.run("check", "--file", file, host=NEW)
    assert (told.returncode, hook.installed) == (1, {})
    assert "CUP103 arch-unsupported: torch 1.12.1 has no kernels for compute capability 8.9" in told.stdout
    assert "[try: torch==1.12.1+cu116]" in told.stdout
    assert hook.run("check", "--file", file, host="11.0 7.0").returncode == 0


def test_t7_a_gpu_that_no_variant_runs_on(hook: Hook, tmp_path: Path) -> None:
    result = hook.run("install", "-r", write(tmp_path, *PINNED), host="13.0 9.0")
    assert result.returncode == BLOCKED
    hook.install(*read_offer(result)[1:], host="13.0 9.0")
    assert find_variants(hook) == {"cu130"}


def test_t8_names_of_conda_in_a_file(hook: Hook, tmp_path: Path) -> None:
    result = hook.run("install", "-r", write(tmp_path, "pytorch==1.12.1", "cudatoolkit==11.3"), host=NEW)
    assert (result.returncode, hook.installed) == (BLOCKED, {})
    assert "that is its name in conda" in result.stderr
    assert "it is a conda package" in result.stderr
    assert "for pytorch==1.12.1 write torch==1.12.1" in result.stderr
    assert "leave out cudatoolkit==11.3" in result.stderr


def test_t8_names_of_conda_that_were_typed(hook: Hook) -> None:
    result = hook.run("install", "pytorch==1.12.1", "cudatoolkit==11.3", host=NEW)
    assert (result.returncode, read_offer(result)) == (BLOCKED, ["install", "torch==1.12.1"])
    hook.install(*read_offer(result)[1:], host=NEW)
    assert hook.installed["torch"] == "1.12.1+cu116"


def test_t8_a_private_index_may_have_the_name(hook: Hook, tmp_path: Path) -> None:
    wheel = Wheel("cudnn", "9.0")
    (tmp_path / wheel.filename).write_bytes(wheel.content)
    hook.install("cudnn", "--find-links", str(tmp_path), host=NEW)
    assert hook.installed["cudnn"] == "9.0"


TENSORFLOW = "tensorflow[and-cuda]"


@pytest.mark.parametrize(("host", "torch"), [("12.6 8.9", "2.14.1+cu126"), (NEW, "2.15.0+cu130")])
def test_t10_both_in_one_environment(hook: Hook, host: str, torch: str) -> None:
    result = hook.install("torch", TENSORFLOW, host=host)
    assert (hook.installed["torch"], hook.installed["tensorflow"]) == (torch, "2.20.0")
    assert "CUP" not in result.stderr
    assert hook.run("check", str(hook.target.prefix), host=host).returncode == 0


def test_t10_one_has_to_give_way(hook: Hook) -> None:
    result = hook.run("install", "torch", f"{TENSORFLOW}==2.15.0", host="12.6 8.9")
    assert (result.returncode != 0, hook.installed) == (True, {})
    line = result.stderr.splitlines()[-1]
    assert "if tensorflow gives way, torch 2.14.1+cu126 and tensorflow 2.20.0 do: " in line
    assert line.endswith(f"install torch '{TENSORFLOW}'")


def test_t10_nothing_fits_and_the_driver_is_named(hook: Hook) -> None:
    result = hook.run("install", "torch==2.15.0", f"{TENSORFLOW}==2.15.0", host="12.6 8.9")
    assert (result.returncode != 0, hook.installed) == (True, {})
    assert "internal error" not in result.stderr


def test_t10_a_torch_that_is_there_is_not_broken(hook: Hook) -> None:
    hook.install("torch", host="12.6 8.9")
    result = hook.run("install", f"{TENSORFLOW}==2.15.0", host="12.6 8.9")
    assert result.returncode == BLOCKED
    assert "torch 2.14.1+cu126 requires nvidia-cuda-runtime-cu12==12.6.77, and 12.2.140 would be" in result.stderr


def test_t11_a_dead_name(hook: Hook) -> None:
    result = hook.run("install", "tensorflow-gpu", host=NEW)
    assert (result.returncode, hook.installed) == (BLOCKED, {})
    assert hook.world.count_bytes("*.tar.gz") == 0
    hook.install(*read_offer(result)[1:], host=NEW)
    assert {"tensorflow", "nvidia-cudnn-cu12"} <= hook.installed.keys()


def test_t11_a_version_from_before_its_end(hook: Hook) -> None:
    hook.install("tensorflow-gpu<2.12", host=NEW)
    assert hook.installed["tensorflow-gpu"] == "2.11.0"


def test_suggestions_are_shown(hook: Hook) -> None:
    result = hook.install("jax", host=NEW)
    assert "instead of jax: jax[cuda13]" in result.stderr
    assert "jax-cuda13-plugin" not in hook.installed


def test_suggestions_are_done_when_asked(hook: Hook) -> None:
    words = ("cupy>=13", "jax==0.7.2", "tensorflow; python_version > '3'", "--suggest=apply")
    result = hook.install(*words, host=NEW)
    assert {"cupy-cuda13x", "jax-cuda13-plugin", "nvidia-cudnn-cu12"} <= hook.installed.keys()
    assert hook.installed["jax"] == "0.7.2"
    assert result.stderr.count("pip-cuda: instead of ") == 3


def test_suggestions_follow_the_driver(hook: Hook) -> None:
    hook.install("cupy", "--suggest", "apply", host="12.6 8.9")
    assert "cupy-cuda12x" in hook.installed


def test_where_nothing_is_suggested_nothing_is_done(hook: Hook) -> None:
    result = hook.install("jax[cuda12]", "--suggest=apply", host=NEW)
    assert {"jax-cuda12-plugin", "jax"} <= hook.installed.keys()
    assert "instead of" not in result.stderr


@pytest.mark.parametrize("word", ["--suggest=never", "--suggest="])
def test_an_unknown_value_of_suggest(hook: Hook, word: str) -> None:
    result = hook.run("install", "jax", word, host=NEW)
    assert (result.returncode, hook.installed) == (1, {})
    assert "it takes show or apply" in result.stderr


VOLTA = "12.6 7.0"


@pytest.fixture
def with_102(hook: Hook) -> Hook:
    hook.install("torch==1.12.1+cu102", host=VOLTA)
    return hook


def test_t12_an_extension_for_another_cuda(with_102: Hook) -> None:
    result = with_102.run("install", "torch-sparse", "-f", f"{PYG}/torch-1.12.0+cu113.html", host=VOLTA)
    assert (result.returncode, "torch-sparse" in with_102.installed) == (BLOCKED, False)
    assert "is built for CUDA 11.3, and torch 1.12.1+cu102 for CUDA 10.2" in result.stderr
    assert "torch-sparse==0.6.16+pt112cu102" in result.stderr


def test_t12_the_wheel_that_fits(with_102: Hook) -> None:
    with_102.install("torch-sparse", host=VOLTA)
    assert with_102.installed["torch-sparse"] == "0.6.16+pt112cu102"


def test_t12_no_build_by_accident(hook: Hook) -> None:
    hook.install("torch==2.7.1+cu118", host=VOLTA)
    before = hook.world.count_bytes("*.tar.gz")
    result = hook.run("install", "torch-sparse", host=VOLTA)
    assert (result.returncode, "torch-sparse" in hook.installed) == (BLOCKED, False)
    assert hook.world.count_bytes("*.tar.gz") == before


def test_t14_a_torch_that_was_built_here(hook: Hook) -> None:
    hook.target.unpack(Wheel("torch", "2.14.0a0+gitd3adb33"))
    result = hook.install("torch-sparse", "-f", f"{PYG}/torch-2.14.0+cu126.html", host="12.6 8.9")
    assert "torch 2.14.0a0+gitd3adb33 was built here, and nothing says that they fit" in result.stderr
    facts = json.loads(hook.run("check", str(hook.target.prefix), "--json", host="12.6 8.9").stdout)
    assert [(one["code"], one["severity"]) for one in facts["findings"]] == [("CUP301", "warn")]


def test_t14_it_is_not_replaced_for_an_extension(hook: Hook) -> None:
    hook.target.unpack(Wheel("torch", "2.14.0a0+gitd3adb33"))
    result = hook.run("install", "torch-sparse", host="12.6 8.9")
    assert hook.installed["torch"] == "2.14.0a0+gitd3adb33"
    assert "torch-sparse" in result.stderr


IMAGE = {"NVIDIA_REQUIRE_CUDA": "cuda>=10.2 brand=tesla,driver>=418,driver<419"}


def test_t16_with_a_target(hook: Hook) -> None:
    result = hook.install("torch==1.12.1", host="10.2 7.0", **IMAGE)
    assert hook.installed["torch"] == "1.12.1+cu102"
    assert "cuda_pin_target" not in result.stderr


def test_t16_without_one(hook: Hook, has_driver: bool) -> None:
    if has_driver:
        pytest.skip("this machine has a driver: it is no builder without one")
    result = hook.tool.run("install", "torch==1.12.1", env=IMAGE, check=True)
    assert hook.installed["torch"] == "1.12.1+cpu"
    assert result.stderr.count("CONDA_OVERRIDE_CUDA=12.6, or cuda_pin_target") == 1
    assert TARGET not in result.stderr
    other = hook.tool.run("install", "--dry-run", "--force-reinstall", "torch==1.12.1", check=True)
    assert "cuda_pin_target" not in other.stderr
