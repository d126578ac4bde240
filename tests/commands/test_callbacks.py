"""What conda calls back from inside a solve: faults there, interruptions, and what is taken for our business."""

from pathlib import Path

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, LOST, VOLTA, User, hear, override

pytestmark = pytest.mark.conda

ATTEMPTS = "conda_cuda_pin.hooks.attempts"
CALLBACKS = {
    "filter": f"{ATTEMPTS}:Attempts._filter",
    "pins": f"{ATTEMPTS}:merge_pins",
    "snapshot": f"{ATTEMPTS}:Attempts._snapshot",
    "channels": f"{ATTEMPTS}:put_on_top",
}
USED_BY = {"filter": "classic", "pins": "rattler"}


@pytest.mark.parametrize("name", CALLBACKS)
def test_a_fault_inside_of_a_solve_costs_one_line(user: User, name: str) -> None:
    if USED_BY.get(name, user.setup.solver or "classic") != (user.setup.solver or "classic"):
        pytest.skip(f"{name} is not used with {user.setup.solver}")
    result = user.run_changed("break", CALLBACKS[name], "create", "-n", "x", "pandas", env=DRIVER)
    assert result.returncode == 0, result.stderr
    assert "ERROR REPORT" not in result.stderr
    assert len([line for line in hear(result) if "injected" in line]) == 1
    assert "pandas" in user.installed()


def test_an_interruption_while_the_reason_is_looked_for_ends_the_command(user: User) -> None:
    place = f"{ATTEMPTS}:Attempts.solve_anew"
    result = user.run_changed("interrupt", place, "create", "-n", "x", "pytorch-gpu", "--dry-run", env=LOST)
    assert result.returncode != 0
    assert "CondaError: KeyboardInterrupt" in result.stderr


def test_a_conda_with_conda_build_in_it_is_steered_all_the_same(user: User, tmp_path: Path) -> None:
    """conda-build registers a plugin, so that its package is loaded on every command."""
    package = tmp_path / "conda_build"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "plugin.py").touch()
    info = tmp_path / "conda_build-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: conda-build\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[conda]\nconda-build = conda_build.plugin\n")
    env = {**override("12.4"), "PYTHONPATH": str(tmp_path)}
    user.run("create", "-n", "x", "pytorch", env=env, check=True)
    assert user.installed()["cuda-version"].major == 12


def test_a_refusal_prints_no_credentials(user: User) -> None:
    place = "https://me:hunter2@example.invalid/t/tk-12345/conda-forge/linux-64"
    result = user.run("create", "-n", "x", f"{place}/pytorch-2.12.0-cuda130_mkl_py313_h0_300.conda", env=VOLTA)
    assert "CUP103" in result.stderr
    assert "example.invalid" in result.stderr
    assert "hunter2" not in result.stderr
    assert "tk-12345" not in result.stderr


def test_an_unrelated_install_on_a_login_node_goes_through_and_changes_nothing_else(
    user: User, templates: Templates
) -> None:
    templates.copy("cuda12", user)
    before = user.installed()
    result = user.run("install", "-n", "x", "tqdm", env=LOST, check=True)
    assert hear(result) == []
    after = user.installed()
    assert after.keys() - before.keys() == {"tqdm"}
    assert all(after[name] == before[name] for name in before)
