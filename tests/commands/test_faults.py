"""A fault of ours never stops conda, but for the judgement of a change that touches CUDA."""

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, TOO_NEW, VOLTA, WARN, User, hear, override

pytestmark = pytest.mark.conda

HOOKS = "conda_cuda_pin.hooks"
FAULTS = {
    "settings": f"{HOOKS}.case:read_settings",
    "host": f"{HOOKS}.case:find_host",
    "installed": f"{HOOKS}.case:read_installed",
    "request": f"{HOOKS}.case:read_request",
    "plan": f"{HOOKS}.case:make_plan",
    "pins": f"{HOOKS}.attempts:to_match_spec",
    "ladder": "conda_cuda_pin.ladder:climb",
    "step": "conda_cuda_pin.ladder:find_step",
    "words": "conda_cuda_pin.explain.outcome:describe_outcome",
}
JUDGEMENT = {
    "rules": "conda_cuda_pin.judge:judge_change",
    "components": "conda_cuda_pin.judge:read_components",
}


@pytest.mark.parametrize("place", FAULTS.values(), ids=list(FAULTS))
def test_fault_costs_one_line(user: User, place: str) -> None:
    result = user.run_changed("break", place, "create", "-n", "x", "pytorch=*=cuda129*", env=override("12.9"))
    assert result.returncode == 0, result.stderr
    faults = [line for line in hear(result) if "injected" in line]
    assert len(faults) == 1
    assert "report" in faults[0]
    assert user.installed()["pytorch"].build.startswith("cuda129")


def test_fault_of_detection_costs_one_line(user: User) -> None:
    place = "conda_cuda_pin.detect.detection:detect_host"
    result = user.run_changed("break", place, "create", "-n", "x", "tqdm")
    assert result.returncode == 0, result.stderr
    assert len([line for line in hear(result) if "injected" in line]) == 1
    assert "tqdm" in user.installed()


@pytest.mark.parametrize("place", JUDGEMENT.values(), ids=list(JUDGEMENT))
def test_unjudged_change_of_cuda_is_stopped(user: User, place: str) -> None:
    result = user.run_changed("break", place, "create", "-n", "x", TOO_NEW, env=VOLTA)
    assert result.returncode == 1
    assert "injected" in result.stderr
    assert not user.prefix("x").exists()


@pytest.mark.parametrize("place", JUDGEMENT.values(), ids=list(JUDGEMENT))
def test_unjudged_change_goes_through_under_warn(user: User, place: str) -> None:
    result = user.run_changed("break", place, "create", "-n", "x", TOO_NEW, env={**VOLTA, **WARN})
    assert result.returncode == 0, result.stderr
    assert len([line for line in hear(result) if "injected" in line]) == 1
    assert user.installed()["cuda-version"].major == 13


def test_refusal_without_its_words_is_one(user: User) -> None:
    place = "conda_cuda_pin.explain.block:describe_block"
    result = user.run_changed("break", place, "create", "-n", "x", TOO_NEW, env=VOLTA)
    assert result.returncode == 1
    assert "no kernels for compute capability 7.0" in result.stderr
    assert not user.prefix("x").exists()


def test_unjudged_change_of_other_packages_goes_through(user: User, templates: Templates) -> None:
    templates.copy("cuda12", user)
    place = JUDGEMENT["rules"]
    result = user.run_changed("break", place, "install", "-n", "x", "tqdm", env=DRIVER)
    assert result.returncode == 0, result.stderr
    assert hear(result) == []  # nothing to judge
    assert "tqdm" in user.installed()


@pytest.mark.parametrize("words", ["list -n x", "info", "--version", "config --show channels", "search tqdm"])
def test_commands_that_solve_nothing_do_not_ask_us(user: User, templates: Templates, words: str) -> None:
    templates.copy("bare", user)
    result = user.run_changed("break", f"{HOOKS}.settings:read_settings", *words.split(), env=DRIVER)
    assert result.returncode == 0, result.stderr
