"""Every command that solves is kept to what the host can run."""

import re
from collections.abc import Mapping

import pytest

from tests.commands.rows import ASKING, DRY, UPDATING, Row
from tests.commands.templates import Templates
from tests.commands.user import DRIVER, OFF, VOLTA, Change, User

pytestmark = pytest.mark.conda

REAL = {**ASKING, **UPDATING}
TELLING = ("create -n", "--no-deps", "--only-deps", "--freeze-installed", "update NAME", "update --all")
"""Rows that show that the others would end with CUDA 13 too, were it not for us."""
HOSTS = [pytest.param(DRIVER, id="driver 12.4"), pytest.param(VOLTA, id="volta")]


def over_rows(rows: Mapping[str, Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows.values(), ids=list(rows))


def carry_out(user: User, command: list[str], host: Mapping[str, str]) -> int:
    """Carry out a command and return the major of the CUDA that it brought."""
    user.run(*command, env=host, check=True)
    installed = user.installed()
    if "--no-deps" in command:
        return int(installed["pytorch"].build.split("_")[0].removeprefix("cuda")[:2])
    return installed["cuda-version"].major


def look_at(user: User, command: list[str], host: Mapping[str, str]) -> int:
    """Try a command and return the major of the CUDA that it would bring."""
    result = user.run(*command, env=host, check=True)
    build = Change.read(result.json().get("actions") or {}).find("cuda-version")
    if build is not None:
        return build.major
    listed = re.search(r"cuda-version=+(\d+)\.", result.stdout)  # `env create` lists specs, not actions
    assert listed, result.stdout
    return int(listed[1])


@over_rows(REAL)
@pytest.mark.parametrize("host", HOSTS)
def test_change_is_kept_to_the_host(user: User, templates: Templates, row: Row, host: Mapping[str, str]) -> None:
    assert carry_out(user, row.prepare(user, templates), host) == 12


@over_rows({name: REAL[name] for name in TELLING})
def test_change_without_us_is_not(user: User, templates: Templates, row: Row) -> None:
    assert carry_out(user, row.prepare(user, templates), {**VOLTA, **OFF}) == 13


@over_rows(DRY)
@pytest.mark.parametrize("host", HOSTS)
def test_dry_run_is_kept_to_the_host(user: User, templates: Templates, row: Row, host: Mapping[str, str]) -> None:
    assert look_at(user, row.prepare(user, templates), host) == 12


def test_dry_run_without_us_is_not(user: User, templates: Templates) -> None:
    command = DRY["env create --dry-run"].prepare(user, templates)
    assert look_at(user, command, {**VOLTA, **OFF}) == 13
