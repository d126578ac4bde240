"""Where pip-cuda installs to, and for which interpreter: what is there is what counts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pip_hook.speech import BLOCKED
from tests.pipcuda.conftest import Hook
from tests.piprig.environment import Venv, list_projects, make_venv
from tests.piprig.hook import find_hook
from tests.piprig.wheel import Wheel

pytestmark = pytest.mark.pip

CU126 = Wheel("torch", "2.14.1+cu126")
CU130 = Wheel("torch", "2.15.0+cu130")
SCATTER = "2.1.2+pt214cu126"
RECORD = {
    "name": "pytorch",
    "version": "2.14.1",
    "build": "cuda126_generic_py311_h1_0",
    "build_number": 0,
    "channel": "https://conda.anaconda.org/conda-forge",
    "subdir": "linux-64",
    "depends": ["cuda-version >=12.6,<13", "python"],
}


def test_a_target_has_what_was_put_there_and_nothing_else(hook: Hook) -> None:
    hook.target.unpack(CU130)
    hook.install("--target", "there", "torch")
    there = hook.tool.at / "there"
    assert list_projects(there)["torch"] == "2.14.1+cu126"
    assert hook.installed == {"torch": "2.15.0+cu130"}
    assert hook.plan("torch-scatter", PIP_TARGET="there") == {"torch-scatter": SCATTER}


def test_what_a_target_has_is_guarded_and_the_way_out_leads_there(hook: Hook) -> None:
    there = hook.tool.at / "there"
    hook.install("--target", str(there), "torch")
    result = hook.run("install", "--target", str(there), "--upgrade", "nvidia-nccl-cu12==2.27.5")
    assert result.returncode == BLOCKED
    assert f"install --target {there} --upgrade nvidia-nccl-cu12==2.30.7\n" in result.stderr
    assert list_projects(there)["nvidia-nccl-cu12"] == "2.30.7"


@pytest.mark.parametrize("option", ["--prefix", "--root"])
def test_a_prefix_and_a_root(hook: Hook, option: str) -> None:
    hook.install(option, "there", "torch")
    (found,) = (hook.tool.at / "there").rglob("torch-*.dist-info")
    assert found.name == "torch-2.14.1+cu126.dist-info"
    assert hook.installed == {}


@pytest.mark.parametrize("words", [("--user",), ()])
def test_a_user_install_that_pip_refuses(hook: Hook, words: tuple[str, ...]) -> None:
    result = hook.run("install", *words, "torch", **({} if words else {"PIP_USER": "1"}))
    assert result.returncode == 1
    assert "Can not perform a '--user' install" in result.stderr
    assert hook.installed == {}


def test_what_the_user_has_beside_the_environment_counts(hook: Hook) -> None:
    """A virtual environment that sees the packages of its base sees the user's too."""
    settings = hook.target.prefix / "pyvenv.cfg"
    settings.write_text(settings.read_text().replace("packages = false", "packages = true"))
    version = hook.target.packages.parent.name
    home = Path(hook.tool.environ["HOME"], ".local", "lib", version, "site-packages")
    Home(home).unpack(CU126)
    visible = {"PYTHONNOUSERSITE": ""}
    assert hook.plan("torch-scatter", host="13.0 8.9", **visible)["torch-scatter"] == SCATTER
    assert hook.plan("torch", host="13.0 8.9")["torch"] == "2.15.0+cu130"


class Home(Venv):
    """A directory of packages."""

    @property
    def packages(self) -> Path:
        """Itself."""
        return self.prefix


def test_an_interpreter_by_its_directory_its_name_and_a_variable(hook: Hook) -> None:
    python, verb = hook.tool.command[-1], "install"
    bare = replace(hook, tool=replace(hook.tool, command=hook.tool.command[:-2]))
    for words, env in (
        (("--python", str(hook.target.prefix)), {}),
        ((f"--python={python}",), {}),
        ((), {"PIP_PYTHON": python}),
    ):
        result = bare.run(*words, verb, "--dry-run", "torch", **env)
        assert "torch-2.14.1+cu126" in result.stdout, result
    result = bare.run("--python", "nowhere", verb, "torch")
    assert result.returncode == 1
    assert "pip-cuda: ERROR: --python nowhere: there is no Python interpreter there" in result.stderr


def test_an_environment_with_an_older_pip_of_its_own(hook: Hook, old_pip: Venv, tmp_path: Path) -> None:
    own = make_venv(tmp_path / "own", with_pip=old_pip.packages)
    command = (str(find_hook().python), "-m", "pip_hook", "--python", str(own.python))
    there = replace(hook, tool=replace(hook.tool, command=command), target=own)
    there.install("torch")
    assert there.installed["torch"] == "2.14.1+cu126"
    assert there.installed["pip"] == old_pip.list_installed()["pip"]


@pytest.fixture
def conda(hook: Hook) -> Hook:
    """A conda environment with conda's own torch."""
    wheel = Wheel("torch", "2.14.1")
    hook.target.unpack(wheel, installer="conda")
    home = hook.target.packages.relative_to(hook.target.prefix).as_posix()
    record = {**RECORD, "files": [f"{home}/{path}" for path in wheel.members]}
    (hook.target.prefix / "conda-meta").mkdir()
    (hook.target.prefix / "conda-meta" / "pytorch.json").write_text(json.dumps(record))
    return hook


@pytest.mark.parametrize("words", [("torch", "--upgrade"), ("torch", "--force-reinstall"), ("oldnet",)])
def test_condas_torch_is_not_overwritten(conda: Hook, words: tuple[str, ...]) -> None:
    result = conda.run("install", *words)
    assert result.returncode == BLOCKED
    assert "CUP502" in result.stderr
    assert conda.installed == {"torch": "2.14.1"}


def test_condas_torch_is_used(conda: Hook) -> None:
    assert conda.plan("lightning") == {"lightning": "2.6.0", "numpy": "2.4.0"}


def test_another_platform(hook: Hook) -> None:
    foreign = ("--platform", "manylinux_2_28_x86_64", "--python-version", "3.12", "--only-binary=:all:")
    hook.install(*foreign, "--target", "there", "torch")
    assert list_projects(hook.tool.at / "there")["torch"] == "2.14.1+cu126"
    result = hook.run("download", "-d", "wheels", *foreign, "torch", host="13.0 8.9")
    assert result.returncode == 0, result
    assert (hook.tool.at / "wheels" / "torch-2.15.0+cu130-py3-none-any.whl").exists()


def test_wheels_are_fetched_whatever_is_installed(hook: Hook) -> None:
    hook.target.unpack(CU130)
    result = hook.run("wheel", "-w", "wheels", "lightning")
    assert result.returncode == 0, result
    assert (hook.tool.at / "wheels" / "torch-2.14.1+cu126-py3-none-any.whl").exists()


def test_a_lock_names_the_true_addresses_and_installs_again(hook: Hook) -> None:
    result = hook.run("lock", "-o", "pylock.toml", "torch")
    assert result.returncode == 0, result
    text = (hook.tool.at / "pylock.toml").read_text()
    assert f'url = "{hook.world.url}/download.pytorch.org/whl/cu126/torch-2.14.1%2Bcu126-py3-none-any.whl"' in text
    assert text.count("url = ") == text.count(f'url = "{hook.world.url}/') == 4
    assert hook.plan("-r", "pylock.toml")["torch"] == "2.14.1+cu126"


def test_a_lock_for_another_machine_is_judged(hook: Hook) -> None:
    hook.run("lock", "-o", "pylock.toml", "torch", host="13.0 8.9")
    result = hook.run("install", "-r", "pylock.toml")
    assert result.returncode == BLOCKED
    assert "CUP101" in result.stderr
    assert "HASHES" not in result.stderr


def test_the_report_of_a_dry_run(hook: Hook) -> None:
    result = hook.install("--dry-run", "--quiet", "--report", "-", "torch")
    items = json.loads(result.stdout)["install"]
    (torch,) = [item for item in items if item["metadata"]["name"] == "torch"]
    assert torch["metadata"]["version"] == "2.14.1+cu126"
    assert torch["requested"]
    assert not torch["is_direct"]
    assert torch["download_info"]["url"].startswith(f"{hook.world.url}/download.pytorch.org/whl/cu126/")
    assert hook.installed == {}


def test_a_dry_run_says_what_pip_says(hook: Hook) -> None:
    result = hook.install("--dry-run", "torch")
    assert result.stdout.splitlines()[-1].startswith("Would install ")
    assert hook.installed == {}
