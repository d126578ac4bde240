"""Records and requests of a scenario as the product's own values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conda_cuda_pin.package import Package
from conda_cuda_pin.request import Request
from tests.scenarios.specs import read_specs

if TYPE_CHECKING:
    from tests.scenarios.scenario import Json, Scenario


def read_package(record: Json) -> Package:
    """Return one conda record as a package."""
    return Package(
        name=record["name"],
        version=str(record["version"]),
        build=str(record.get("build", "")),
        channel=strip_source(record.get("channel", "")),
        depends=tuple(record.get("depends", ())),
        constrains=tuple(record.get("constrains", ())),
    )


def read_before(scenario: Scenario) -> tuple[Package, ...]:
    """Return what conda has installed before the request."""
    return tuple(read_package(record) for record in scenario.env.get("conda", ()))


def read_after(scenario: Scenario) -> tuple[Package, ...]:
    """Return what would be installed after the scenario's plan: a linked package replaces the one of its name."""
    linked = [read_package(record) for record in scenario.plan.get("link", ())]
    gone = {*scenario.plan.get("unlink", ()), *(package.name for package in linked)}
    return (*(package for package in read_before(scenario) if package.name not in gone), *linked)


def read_request(scenario: Scenario) -> Request:
    """Return the request of a scenario."""
    request = scenario.request
    channels = tuple(strip_source(channel) for channel in request.get("channels", ()))
    return Request(request.get("verb", "install"), read_specs(request.get("specs", ())), channels)


def strip_source(channel: str) -> str:
    """Return a channel's name without the word that says where its data stands (``inline:``, ``corpus:``)."""
    return channel.split(":", 1)[1] if channel.startswith(("inline:", "corpus:")) else channel
