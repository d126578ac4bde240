"""A scenario's request as a command of the rig's conda, the plugin in it, on the scenario's machine."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.rig.build import DEFAULT, find_fault
from tests.rig.runner import Conda
from tests.rig.server import ChannelServer
from tests.scenarios.channels import lay_channels
from tests.scenarios.hosts import find_platform
from tests.scenarios.prefix import write_prefix
from tests.scenarios.scenario import SkipScenario
from tests.scenarios.variables import name_variables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.rig.runner import Result
    from tests.scenarios.scenario import Json, Scenario

SECONDS = 300
"""How long one command may take."""
ORDINARY = {"CONDA_OVERRIDE_GLIBC": "2.35", "CONDA_OVERRIDE_ARCHSPEC": "x86_64_v3"}
"""What else packages ask of a machine: the same everywhere."""
_MATCHER = "tests/scenarios/matchspec.py"


@dataclass(frozen=True)
class Command:
    """A command made ready under a directory of its own."""

    conda: Conda
    words: tuple[str, ...]
    variables: dict[str, str]

    def run(self, *options: str) -> Result:
        """Run it; AssertionError where there is no answer in time."""
        try:
            return self.conda.run(*self.words, *options, env=self.variables, timeout=SECONDS)
        except subprocess.TimeoutExpired as expired:
            raise AssertionError(f"no answer within {SECONDS} s") from expired


@contextmanager
def prepare_command(scenario: Scenario, scratch: Path) -> Iterator[Command]:
    """Lay out channels, environment and host under ``scratch``; SkipScenario where there is no rig.

    The channels are served over HTTP: conda reads a channel that is a directory anew for every name that it looks up.
    """
    fault = find_fault()
    if fault:
        raise SkipScenario(fault)
    channels = scratch / "channels"
    channels.mkdir(parents=True)
    with ChannelServer(channels) as server:
        yield _compose(scenario, scratch, channels, server.url)


def _compose(scenario: Scenario, scratch: Path, channels: Path, url: str) -> Command:
    subdir = find_platform(scenario)
    conda = Conda(DEFAULT / "conda" / "bin" / "conda", scratch, alias=url)
    names = lay_channels(scenario, channels, subdir)
    verb, prefix = str(scenario.request.get("verb", "install")), conda.prefix("scenario")
    if verb != "create":
        write_prefix(scenario, prefix, url, subdir)
    asked = (*scenario.request.get("specs", ()), *(arg for arg in scenario.args if arg != "--dry-run"))
    from_channels = [word for name in names for word in ("-c", name)]
    only = ["--override-channels"] if names and "--override-channels" not in asked else []
    words = (verb, "--prefix", str(prefix), "--dry-run", *asked, *from_channels, *only)
    variables = {**ORDINARY, "CONDA_SUBDIR": subdir, "CONDA_DEFAULT_CHANNELS": f"{url}/defaults"}
    return Command(conda, words, {**variables, **name_variables(scenario, scratch)})


def find_matches(specs: Sequence[str], records: Sequence[Json]) -> dict[str, tuple[str, ...]]:
    """Return for each spec the records that match it, as conda sees it."""
    question = json.dumps({"specs": list(specs), "records": list(records)})
    command = [str(DEFAULT / "conda" / "bin" / "python"), "-I", str(DEFAULT.parent / _MATCHER)]
    done = subprocess.run(command, input=question, capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        raise AssertionError(f"match specs: {done.stderr.strip().splitlines()[-1:]}")
    answer: dict[str, list[str]] = json.loads(done.stdout)
    return {spec: tuple(packages) for spec, packages in answer.items()}
