"""What stands in for a channel of which a scenario says nothing: bare records of what it must hold.

A scenario about words says what was asked for and seldom what there was to choose from. Then a channel holds what is
asked of it, what is installed from it and what that depends on, each without dependencies; but nothing of CUDA for
macOS, where there is none. What is asked of no channel by name is in the broadest: the pytorch channel has its own
project's packages and no others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conda_cuda_pin.intent import is_cuda_selector
from conda_cuda_pin.knowledge.packages import toolkit_parts
from tests.scenarios.hosts import find_platform
from tests.scenarios.specs import read_specs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conda_cuda_pin.request import Spec
    from tests.scenarios.scenario import Json, Scenario

BROAD = ("conda-forge", "defaults")
PYTORCH = "pytorch"
PYTORCH_NAMES = {"pytorch", "torchvision", "torchaudio", "pytorch-mutex", "cpuonly", "faiss-gpu", "faiss-cpu"}
_NUMBER = re.compile(r"\d+(?:\.\d+)*")


def make_records(scenario: Scenario, channel: str) -> list[Json]:
    """Return the records of a channel that has no data."""
    channels = scenario.request["channels"]
    is_first = channel == channels[0]
    installed = list(scenario.env.get("conda", ()))
    own = [record for record in installed if record.get("channel") == channel]
    records = {record["name"]: record for record in own}
    present = {record["name"] for record in installed}
    for spec in (*read_specs(scenario.request.get("specs", ())), *(_read_depends(installed) if is_first else ())):
        wanted = channel == (spec.channel or _find_home(spec, channels))
        if wanted and spec.name not in present and _exists(spec, find_platform(scenario)):
            records.setdefault(spec.name, _make_record(spec, channel))
    return list(records.values())


def _find_home(spec: Spec, channels: Sequence[str]) -> str:
    own = PYTORCH if spec.name in PYTORCH_NAMES or is_cuda_selector(spec.name) else ""
    return next((name for name in (own, *BROAD, channels[0]) if name in channels), channels[0])


def _read_depends(installed: list[Json]) -> Iterator[Spec]:
    for record in installed:
        yield from read_specs(text for text in record.get("depends", ()) if not text.startswith("__"))


def _exists(spec: Spec, platform: str) -> bool:
    of_cuda = is_cuda_selector(spec.name) or spec.name in toolkit_parts() or "cu" in spec.build
    return not (of_cuda and platform.startswith("osx-"))


def _make_record(spec: Spec, channel: str) -> Json:
    number = _NUMBER.search(spec.version)
    build = spec.build.replace("*", "") or "0"
    return {"channel": channel, "name": spec.name, "version": number[0] if number else "1.0", "build": build}
