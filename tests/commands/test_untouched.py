"""What is refused leaves no trace: not in the environment, not in the package cache."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands.rows import ASKING, DRY, Row
from tests.commands.templates import Templates
from tests.commands.user import DRIVER, OFF, TOO_NEW, VOLTA, WARN, User
from tests.rig.archive import digest
from tests.rig.fixtures import Rig
from tests.rig.runner import checksum

pytestmark = pytest.mark.conda

SOLVED = {name: row for name, row in {**ASKING, **DRY}.items() if name != "--only-deps"}
URL = "conda-forge/linux-64/pytorch-2.12.0-cuda130_mkl_py312_h0000000_300.tar.bz2"
EXPLICIT = {
    "create @EXPLICIT": Row("create -n x --file {explicit}"),
    "install @EXPLICIT": Row("install -n x --file {explicit}", "bare"),
    "create URL": Row("create -n x {url}"),
    "install URL": Row("install -n x {url}", "bare"),
    "install path": Row("install -p {prefix} {path}", "bare"),
}
"""Commands that link a package without a solve."""


@pytest.fixture
def user(user: User) -> User:
    """A user whose package cache has been in use before."""
    user.run("create", "-n", "used", "tqdm=4.66.5", "--no-deps", env=OFF, check=True)
    return user


def take_stock(user: User) -> tuple[str, ...]:
    """Return checksums of the environment and of the package cache; the index in it may be renewed."""
    cached = sorted(path for path in user.packages.glob("*") if path.name != "cache")
    sums = (checksum(path) if path.is_dir() else digest(path.read_bytes())["sha256"] for path in cached)
    return checksum(user.prefix("x")), *(f"{path.name} {total}" for path, total in zip(cached, sums, strict=True))


def prepare_explicit(user: User, templates: Templates, row: Row, channels: Path) -> list[str]:
    """Make what an explicit command finds, and return the command."""
    if row.start:
        templates.copy(row.start, user)
    package = channels / URL
    (user.home / "explicit.txt").write_text(f"@EXPLICIT\n{package.as_uri()}\n")
    explicit, prefix = user.home / "explicit.txt", user.prefix("x")
    places = {"explicit": explicit, "url": package.as_uri(), "path": package, "prefix": prefix}
    return [word.format(**places) for word in row.command.split()]


@pytest.mark.parametrize("row", SOLVED.values(), ids=list(SOLVED))
def test_refused_solve_leaves_no_trace(user: User, templates: Templates, row: Row) -> None:
    command = row.prepare(user, templates, TOO_NEW)
    existed = user.prefix("x").exists()
    stock = take_stock(user)
    result = user.run(*command, env=VOLTA)
    assert result.returncode == 1
    assert "CUP103" in result.stdout + result.stderr
    assert take_stock(user) == stock
    assert user.prefix("x").exists() == existed


@pytest.mark.parametrize("host", [pytest.param(DRIVER, id="driver 12.4"), pytest.param(VOLTA, id="volta")])
@pytest.mark.parametrize("row", EXPLICIT.values(), ids=list(EXPLICIT))
def test_refused_package_file_leaves_no_trace(
    user: User, templates: Templates, rig: Rig, row: Row, host: Mapping[str, str]
) -> None:
    command = prepare_explicit(user, templates, row, rig.channels)
    existed = user.prefix("x").exists()
    stock = take_stock(user)
    result = user.run(*command, env=host)
    assert result.returncode == 1
    assert "CUP10" in result.stderr
    assert take_stock(user) == stock
    assert user.prefix("x").exists() == existed


@pytest.mark.parametrize("mode", [pytest.param(OFF, id="off"), pytest.param(WARN, id="warn")])
@pytest.mark.parametrize("row", EXPLICIT.values(), ids=list(EXPLICIT))
def test_package_file_goes_through_when_told(
    user: User, templates: Templates, rig: Rig, row: Row, mode: Mapping[str, str]
) -> None:
    result = user.run(*prepare_explicit(user, templates, row, rig.channels), env={**DRIVER, **mode}, check=True)
    assert user.installed()["pytorch"].build.startswith("cuda130")
    assert ("CUP101" in result.stderr) == (mode is WARN)


def test_no_pin_is_judged_all_the_same(user: User, templates: Templates) -> None:
    templates.copy("bare", user)
    stock = take_stock(user)
    result = user.run("install", "-n", "x", "--no-pin", "pytorch", env=VOLTA)
    if user.solver == "classic":  # what it is kept to is no pin to classic
        assert user.installed()["cuda-version"].major == 12
    else:
        assert "CUP103" in result.stderr
        assert (result.returncode, take_stock(user)) == (1, stock)
