"""The indexes of a scenario for pip: each lies in the world where it lies on the net."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.piprig.index import Index, as_offers, make_pypi
from tests.piprig.wheel import Wheel, label_files
from tests.scenarios.packages import strip_source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.piprig.server import IndexServer
    from tests.scenarios.scenario import Json, Scenario

_SCHEME = re.compile(r"https?://")
_TORCH = "download.pytorch.org/"


def lay_indexes(scenario: Scenario) -> list[Index]:
    """Return every index that a scenario has data for; any other address is one where nothing is."""
    names = dict.fromkeys(strip_source(channel) for channel in scenario.request.get("channels", ()))
    return [_lay(name, scenario.channels_data[name]) for name in names if name in scenario.channels_data]


def read_wheel(dist: Json) -> Wheel:
    """Return a distribution of a scenario as a wheel for any platform: what matters is what it says."""
    files = label_files(dist.get("files", ()), f"{dist['name']} {dist['version']}")
    return Wheel(dist["name"], str(dist["version"]), tuple(dist.get("requires_dist", ())), files)


def move_urls(words: Iterable[str], world: IndexServer) -> list[str]:
    """Return the words of a command line with every address moved into the world."""
    return [_SCHEME.sub(f"{world.url}/", word) for word in words]


def find_hosts(scenario: Scenario) -> list[str]:
    """Return the hosts that a scenario speaks of: those of its indexes and those in its command line."""
    names = [strip_source(channel) for channel in scenario.request.get("channels", ())]
    words = [*scenario.args, *scenario.request.get("specs", ())]
    addresses = [part for word in words for part in _SCHEME.split(word)[1:]]
    return list(dict.fromkeys(address.split("/")[0] for address in (*names, *addresses) if "." in address))


def _lay(name: str, dists: Iterable[Json]) -> Index:
    wheels = {wheel.filename: wheel for wheel in map(read_wheel, dists)}.values()
    if name == "pypi":
        return make_pypi(*wheels)
    # a page of links and a simple index at once: a user may name it with --find-links or with --index-url
    shut = 403 if name.startswith(_TORCH) else 404
    return Index(name, as_offers(list(wheels)), root="links", missing=shut)
