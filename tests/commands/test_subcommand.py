"""``conda cuda-pin``, and what other commands of conda show of us."""

from collections.abc import Mapping

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, LOST, TOO_NEW, VOLTA, User, declare, override

pytestmark = pytest.mark.conda


def test_status(user: User, templates: Templates) -> None:
    prefix = templates.copy("bare", user)
    file = user.write_condarc({"plugins": {"cuda_pin_mode": "warn"}})
    said = user.run("cuda-pin", "status", "-n", "x", env=VOLTA, check=True).stdout
    for part in ("13.0", "7.0", "warn", str(prefix)):
        assert part in said
    file.unlink()
    facts = user.run("cuda-pin", "status", "-p", str(prefix), "--json", env=VOLTA, check=True).json()
    assert facts["settings"]["cuda_pin_mode"] == "enforce"
    assert facts["prefix"] == str(prefix)


def test_status_can_be_a_target(user: User) -> None:
    file = user.home / "host.json"
    file.write_text(user.run("cuda-pin", "status", "--json", env=VOLTA, check=True).stdout)
    env = {**override("13.0"), "CONDA_PLUGINS_CUDA_PIN_TARGET": str(file)}
    result = user.run("create", "-n", "x", TOO_NEW, env=env)
    assert result.returncode == 1
    assert "CUP103" in result.stderr


def test_explain_specs(user: User, templates: Templates) -> None:
    templates.copy("cuda12", user)
    said = user.run("cuda-pin", "explain", "torchvision", "-n", "x", env=DRIVER, check=True).stdout
    assert "cuda-version<13.0" in said
    assert "pytorch" in said
    facts = user.run("cuda-pin", "explain", "torchvision", "-n", "x", "--json", env=DRIVER, check=True).json()
    kinds = {pin["kind"] for pin in facts["plan"]["pins"]}
    assert {"cap", "hold"} <= kinds


@pytest.mark.parametrize("subject", ["CUP101", "cup101", "driver-too-old"])
def test_explain_code(user: User, subject: str) -> None:
    said = user.run("cuda-pin", "explain", subject, check=True).stdout
    assert "CUP101 driver-too-old" in said
    assert "https://" in said


def test_explain_codes_as_json(user: User) -> None:
    facts = user.run("cuda-pin", "explain", "CUP101", "CUP402", "--json", check=True).json()
    assert [rule["code"] for rule in facts["rules"]] == ["CUP101", "CUP402"]


@pytest.mark.parametrize(
    ("start", "cuda", "status"), [("cuda13", "12.4", 1), ("cuda13", "13.2", 0), ("bare", "12.4", 0)]
)
def test_check(user: User, templates: Templates, start: str, cuda: str, status: int) -> None:
    prefix = templates.copy(start, user)
    result = user.run("cuda-pin", "check", "-n", "x", env=declare(cuda))
    assert result.returncode == status
    assert ("CUP101" in result.stdout) == bool(status)
    as_json = user.run("cuda-pin", "check", "-p", str(prefix), "--json", env=declare(cuda))
    assert as_json.returncode == status
    assert bool([one for one in as_json.json()["findings"] if one["severity"] == "block"]) == bool(status)


@pytest.mark.parametrize("words", ["cuda-pin", "cuda-pin nosuch", "cuda-pin explain", "cuda-pin status --nosuch"])
def test_wrong_usage(user: User, words: str) -> None:
    result = user.run(*words.split())
    assert result.returncode == 2
    assert "usage" in (result.stdout + result.stderr).lower()


@pytest.mark.parametrize(
    ("words", "error"),
    [("explain pytorch=>=<2", "InvalidMatchSpec"), ("check -n nosuch", "EnvironmentLocationNotFound")],
    ids=["spec", "environment"],
)
def test_wrong_subject_is_condas_error(user: User, words: str, error: str) -> None:
    result = user.run("cuda-pin", *words.split(), env=DRIVER)
    assert result.returncode == 1
    assert error in result.stderr
    assert "Traceback" not in result.stderr


def test_doctor_shows_the_check(user: User, templates: Templates) -> None:
    templates.copy("cuda13", user)
    said = user.run("doctor", "-n", "x", env=DRIVER)
    assert "CUP101" in said.stdout + said.stderr
    fine = user.run("doctor", "-n", "x", env=declare("13.2"))
    assert "nothing wrong" in fine.stdout + fine.stderr


def list_virtual_packages(user: User, env: Mapping[str, str]) -> dict[str, str]:
    return {one[0]: one[1] for one in user.run("info", "--json", env=env, check=True).json()["virtual_pkgs"]}


def test_info_shows_the_host(user: User) -> None:
    shown = list_virtual_packages(user, VOLTA)
    assert (shown["__cuda"], shown["__cuda_arch"]) == ("13.0", "7.0")
    assert list_virtual_packages(user, override("12.4"))["__cuda"] == "12.4"
    assert not {"__cuda", "__cuda_arch"} & list_virtual_packages(user, LOST).keys()


def test_explain_refuses_a_code_that_is_no_rule(user: User) -> None:
    result = user.run("cuda-pin", "explain", "CUP999")
    assert result.returncode == 1
    assert "there is no rule CUP999" in result.stderr


def test_explain_says_what_would_be_refused(user: User) -> None:
    text = user.run("cuda-pin", "explain", "pytorch", "cuda-version=13.0", env=DRIVER, check=True).stdout
    assert "cuda-version=13.0 asks for more (the driver runs CUDA 12.4)" in text
    text = user.run("cuda-pin", "explain", "pytorch", "cuda-version=12.6", env=DRIVER, check=True).stdout
    assert "asks for more" not in text
