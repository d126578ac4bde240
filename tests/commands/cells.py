"""The cells of the ladder: what plain conda chooses and what is chosen with us, by request and driver."""

import json
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tests.commands.user import OFF, Build, Setup, User, declare, override

REQUESTS = (
    "pytorch torchvision",
    "torchvision",
    "jax",
    "cupy",
    "tensorflow",
    "timm",
    "pytorch=*=cpu*",
    "pytorch-cpu",
    "pandas",
)
DRIVERS = ("13.0", "12.9", "12.4", "11.4", "")
FRAMEWORKS = ("pytorch", "torchvision", "jaxlib", "cupy", "tensorflow-base", "pandas")
"""Packages that a choice is named by."""
TOOLKITS = ("cuda-version", "cudatoolkit")


@dataclass(frozen=True)
class Choice:
    """What a solve came to; no packages: it was refused or has no solution."""

    packages: frozenset[Build]
    error: str = ""

    def find(self, name: str) -> Build | None:
        """Return the build chosen of a package."""
        return next((build for build in self.packages if build.name == name), None)

    @property
    def frameworks(self) -> tuple[Build, ...]:
        """The frameworks chosen."""
        return tuple(found for found in map(self.find, FRAMEWORKS) if found)

    @property
    def cuda(self) -> tuple[int, ...]:
        """The toolkit chosen; empty: none."""
        found = next((found for found in map(self.find, TOOLKITS) if found), None)
        return tuple(map(int, found.version.split(".")[:2])) if found else ()

    def __str__(self) -> str:
        if not self.packages:
            return self.error
        named = [f"{build.name} {build.version} {shorten(build.build)}".rstrip() for build in self.frameworks[:2]]
        cuda = f", CUDA {'.'.join(map(str, self.cuda))}" if self.cuda else ""
        return ", ".join(named) + cuda


@dataclass(frozen=True)
class Cell:
    """One request on one driver."""

    request: str
    driver: str
    plain: Choice
    ours: Choice
    solves: int
    """The most solves that one call of conda's for a solution took."""

    @property
    def version(self) -> tuple[int, ...]:
        """The CUDA version of the driver; empty: none."""
        return tuple(map(int, self.driver.split("."))) if self.driver else ()

    def runs(self, choice: Choice) -> bool:
        """Whether a choice can run: without CUDA, or of a major that the driver has."""
        return bool(choice.packages) and (not choice.cuda or choice.cuda[:1] <= self.version[:1])


def shorten(build: str) -> str:
    """Return the variant that a build string names, empty for none."""
    head = re.split("py|_", build, maxsplit=1)[0]
    return head if head.startswith(("cpu", "cuda")) else ""


def choose(user: User, request: str, driver: str) -> Cell:
    """Solve one cell, without us and with us."""
    command = ("create", "-n", "cell", "--dry-run", "--json", *request.split())
    plain = user.run(*command, env={**override(driver), **OFF})
    with tempfile.TemporaryDirectory() as scratch:
        counter = Path(scratch) / "solves"
        host = declare(driver) if driver else override("")
        ours = user.run_changed("count", str(counter), *command, env=host)
        solves = int(counter.read_text()) if counter.exists() else 0
    return Cell(request, driver, _read(plain.stdout), _read(ours.stdout), solves)


def _read(said: str) -> Choice:
    facts = json.loads(said)
    records = facts.get("actions", {}).get("LINK", ())
    builds = (Build(record["name"], record["version"], record["build_string"]) for record in records)
    return Choice(frozenset(builds), str(facts.get("exception_name", "")))


def fill(setup: Setup, scratch: Path) -> Iterator[Cell]:
    """Yield every cell for a setup, in the order of the table."""
    places = list(product(REQUESTS, DRIVERS))
    users = [User(setup, scratch / str(number)) for number in range(len(places))]
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(lambda user, place: choose(user, *place), users, places)
