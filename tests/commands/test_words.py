"""What a user reads: one line where something was changed or refused, and nothing otherwise."""

import json

import pytest

from tests.commands.templates import Templates
from tests.commands.user import DRIVER, LOST, TOO_NEW, VOLTA, User, declare, hear, read_offer

pytestmark = pytest.mark.conda

ROWS = ("asked", "host", "breaks", "instead", "anyway", "more")
BUILD = ("create", "-n", "x", TOO_NEW)
VERSION = ("create", "-n", "x", "pytorch", "cuda-version=13.0")


def test_one_line_where_a_choice_was_changed(user: User) -> None:
    said = hear(user.run("create", "-n", "x", "pytorch", "torchvision", env=VOLTA, check=True))
    assert len(said) == 1
    assert said[0].startswith("conda-cuda-pin: ")


@pytest.mark.parametrize("words", ["pandas", "pytorch-cpu", "python"])
def test_no_line_where_none_was(user: User, words: str) -> None:
    result = user.run("create", "-n", "x", words, env=DRIVER, check=True)
    assert hear(result) == []
    assert result.stderr.strip() == ""


def test_no_line_where_plain_conda_is_right(user: User) -> None:
    assert hear(user.run("create", "-n", "x", "tensorflow", env=declare("13.2"), check=True)) == []


@pytest.mark.parametrize("option", ["--quiet", "--json"])
def test_silence(user: User, option: str) -> None:
    result = user.run("create", "-n", "x", "pytorch", option, env=VOLTA, check=True)
    assert hear(result) == []
    assert "cuda_pin" not in result.stdout
    assert option == "--quiet" or result.json()["success"]


def test_standard_output_is_condas_alone(user: User) -> None:
    result = user.run("create", "-n", "x", "pytorch", "torchvision", "jax", env=VOLTA, check=True)
    assert "cuda-pin" not in result.stdout
    assert result.stdout.count("Solving environment") == 1


def test_facts_of_a_refusal_in_json(user: User) -> None:
    error = user.run(*VERSION, "--json", env=VOLTA).json()
    assert error["exception_name"] == "CudaPinError"
    finding = error["findings"][0]
    assert {"code", "word", "severity", "message", "packages", "remedy"} <= set(finding)
    assert (finding["code"], finding["severity"]) == ("CUP103", "block")
    assert error["prefix"] == str(user.prefix("x"))
    json.dumps(error)


@pytest.mark.parametrize("host", [pytest.param(DRIVER, id="driver"), pytest.param(VOLTA, id="arch")])
@pytest.mark.parametrize("command", [BUILD, VERSION], ids=["build", "version"])
def test_refusal_offers_a_command_that_works(user: User, host: dict[str, str], command: tuple[str, ...]) -> None:
    result = user.run(*command, env=host)
    assert result.returncode == 1
    if "CudaPinError" not in result.stderr:
        assert (user.solver, host) == ("rattler", DRIVER)  # it refuses by itself
        return
    screen = result.stderr.strip().splitlines()
    assert [line.split()[0] for line in screen if line.split()[:1] and line.split()[0] in ROWS] == list(ROWS)
    assert len(screen) < 24
    offered = user.run(*read_offer(result), env=host, check=True)
    assert [line for line in hear(offered) if "CUP1" in line] == []
    assert user.installed()["pytorch"].build.startswith("cuda129")


@pytest.mark.parametrize("host", [pytest.param(DRIVER, id="driver"), pytest.param(VOLTA, id="arch")])
def test_refusal_says_how_to_have_it_anyway(user: User, host: dict[str, str]) -> None:
    result = user.run(*VERSION, env=host)
    if "CudaPinError" not in result.stderr:
        pytest.skip("the solver refuses by itself")
    line = next(line for line in result.stderr.splitlines() if line.split()[:1] == ["anyway"])
    variable, _, rest = line.split(maxsplit=1)[1].partition(" conda ")
    name, value = variable.split("=")
    user.run(*rest.split("   ")[0].split(), env={**host, name: value}, check=True)
    assert user.installed()["cuda-version"].major == 13


def test_unsolvable_names_what_conda_would_choose(user: User, templates: Templates) -> None:
    templates.copy("cuda12", user)
    held = user.installed()["pytorch"].build
    command = ("install", "-n", "x", "python=3.9")
    result = user.run(*command, env=LOST)
    assert result.returncode == 1
    for part in ("CudaPinUnsatisfiableError", held, "cpu", "CONDA_PLUGINS_CUDA_PIN_MODE=warn"):
        assert part in result.stderr
    facts = user.run(*command, "--json", env=LOST).json()
    assert facts["exception_name"] == "CudaPinUnsatisfiableError"
    assert {pin["kind"] for pin in facts["pins"]} == {"hold"}
