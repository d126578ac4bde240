"""Records and requests of a scenario as the product's own values."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from conda_cuda_pin.package import PIP, File, Package
from conda_cuda_pin.request import Request, Spec
from tests.scenarios.specs import read_specs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.scenarios.scenario import Json, Scenario

INDEX_OPTIONS = ("-i", "--index-url", "--extra-index-url", "-f", "--find-links")
"""pip's options that name a place to take wheels from."""


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


def read_dist(dist: Json) -> Package:
    """Return one pip distribution as a package."""
    return Package(
        name=canonicalize_name(dist["name"]),
        version=str(dist["version"]),
        channel=str(dist.get("index", "")),
        depends=tuple(dist.get("requires_dist", ())),
        ecosystem=PIP,
        files=tuple(map(File, dist.get("files", ()))),
    )


def read_before(scenario: Scenario) -> tuple[Package, ...]:
    """Return what is installed before the request; what a conda package brought is conda's, not pip's."""
    dists = (dist for dist in scenario.env.get("pip", ()) if dist.get("index") != "conda")
    return (*map(read_package, scenario.env.get("conda", ())), *map(read_dist, dists))


def read_after(scenario: Scenario) -> tuple[Package, ...]:
    """Return what would be installed after the scenario's plan: a linked package replaces the one of its name."""
    read = read_dist if scenario.tool == PIP else read_package
    linked = [read(record) for record in scenario.plan.get("link", ())]
    gone = {*map(_normalise, scenario.plan.get("unlink", ())), *(_normalise(package.name) for package in linked)}
    kept = (p for p in read_before(scenario) if p.is_wheel != (scenario.tool == PIP) or _normalise(p.name) not in gone)
    return (*kept, *linked)


def read_request(scenario: Scenario) -> Request:
    """Return the request of a scenario."""
    request = scenario.request
    verb = request.get("verb", "install")
    if scenario.tool == PIP:
        typed = " ".join(("pip", verb, *request.get("specs", ()), *scenario.args))
        specs = tuple(spec for text in request.get("specs", ()) for spec in _read_requirement(text))
        return Request(verb, specs, tuple(find_indexes(scenario.args)), typed=typed)
    channels = tuple(strip_source(channel) for channel in request.get("channels", ()))
    return Request(verb, read_specs(request.get("specs", ())), channels)


def find_indexes(args: Iterable[str]) -> Iterable[str]:
    """Yield the indexes and pages of links that a command line names, in its order."""
    args = [part for arg in args for part in (arg.split("=", 1) if arg.startswith("--") else [arg])]
    return (value for option, value in pairwise(args) if option in INDEX_OPTIONS)


def strip_source(channel: str) -> str:
    """Return a channel's name without the word that says where its data stands (``inline:``, ``corpus:``)."""
    return channel.split(":", 1)[1] if channel.startswith(("inline:", "corpus:")) else channel


def _read_requirement(text: str) -> Iterable[Spec]:
    """Yield the one requirement of a word; the address of a wheel names it, any other address or path names nothing."""
    try:
        requirement = Requirement(text)
        yield Spec(canonicalize_name(requirement.name), str(requirement.specifier))
    except InvalidRequirement:
        file = unquote(text.partition("#")[0].rpartition("/")[2])
        if file.endswith(".whl"):
            name, version, *_ = parse_wheel_filename(file)
            yield Spec(name, f"=={version}")


def _normalise(name: str) -> str:
    return canonicalize_name(name)
