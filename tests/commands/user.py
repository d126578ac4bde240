"""A person at a terminal: one conda with one solver, on a host that each command is told."""

import json
import os
import shlex
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.rig.build import DEFAULT
from tests.rig.runner import Conda, Result, find_condas

INPROCESS = Path(__file__).with_name("inprocess.py")
SOLVERS = "CUDA_PIN_TEST_SOLVERS"
"""Environment variable: the solvers to try on the conda that CONDA_EXE names, as a comma list."""

OFF = {"CONDA_PLUGINS_CUDA_PIN_MODE": "off"}
WARN = {"CONDA_PLUGINS_CUDA_PIN_MODE": "warn"}


def override(cuda: str) -> dict[str, str]:
    """Return the environment that says what the driver runs; empty: no driver."""
    return {"CONDA_OVERRIDE_CUDA": cuda}


def declare(cuda: str, capability: str = "") -> dict[str, str]:
    """Return the environment that declares a host, with a GPU where a compute capability is given."""
    return {**override(cuda), "CONDA_PLUGINS_CUDA_PIN_TARGET": f"{cuda} {capability}".rstrip()}


TOO_NEW = "pytorch=2.12.0=cuda130*py312*"
"""What the hosts below cannot run."""
DRIVER = declare("12.4")
"""Refuses CUDA 13 by its driver, as rattler does without us."""
VOLTA = declare("13.0", "7.0")
"""Refuses CUDA 13 by its GPU, which no solver knows about."""
LOST = override("")
"""No driver, or none that can be seen."""


def hear(result: Result) -> list[str]:
    """Return the lines that a command said in our name."""
    return [line for line in result.stderr.splitlines() if "cuda-pin" in line.lower() or "CUP" in line]


def read_offer(result: Result) -> list[str]:
    """Return the words after ``conda`` of the command that a refusal offers instead."""
    line = next(line for line in result.stderr.splitlines() if line.split()[:1] == ["instead"])
    return shlex.split(line)[2:]


@dataclass(frozen=True)
class Setup:
    """A conda and the solver it is to use; empty: as it is configured."""

    executable: Path
    solver: str = ""

    @property
    def own(self) -> bool:
        """Whether this is the rig's conda."""
        return self.executable == DEFAULT / "conda" / "bin" / "conda"

    @property
    def id(self) -> str:
        """A name for test ids."""
        return "-".join(filter(None, ("rig" if self.own else "other", self.solver)))


def find_setups() -> list[Setup]:
    """Return the rig with the classic solver, and another conda with each of the solvers named."""
    own, *others = find_condas()
    solvers = os.environ.get(SOLVERS, "").split(",")
    return [Setup(own, "classic"), *(Setup(other, solver.strip()) for other in others for solver in solvers)]


@dataclass(frozen=True, order=True)
class Build:
    """What is installed of one package."""

    name: str
    version: str
    build: str

    @property
    def major(self) -> int:
        """The first number of the version."""
        return int(self.version.split(".")[0])


class User(Conda):
    """One conda with one solver, with HOME, package cache and environments of its own."""

    def __init__(self, setup: Setup, scratch: Path, alias: str | None = None) -> None:
        """Prepare ``scratch``; ``alias`` is the address of the channels where they are not the rig's directory."""
        channels = None if setup.own else (DEFAULT / "channels").as_uri()
        super().__init__(setup.executable, scratch, alias=alias or channels)
        self.setup = setup
        self.packages = scratch / "pkgs"
        if setup.solver:
            self.environ["CONDA_SOLVER"] = setup.solver

    @cached_property
    def solver(self) -> str:
        """The name of the solver in use."""
        return str(self.run("config", "--show", "solver", "--json", check=True).json()["solver"])

    @cached_property
    def version(self) -> tuple[int, ...]:
        """The version of conda, as far as it is numbers: year and month."""
        return tuple(map(int, self.run("--version").stdout.split()[1].split(".")[:2]))

    @cached_property
    def python(self) -> Path:
        """The interpreter that runs this conda."""
        return Path(self.run("info", "--json", check=True).json()["sys.executable"])

    def installed(self, name: str = "x") -> dict[str, Build]:
        """Return what an environment holds, by name; nothing when there is no environment."""
        files = (self.prefix(name) / "conda-meta").glob("*.json")
        return {build.name: build for build in map(_read_build, map(_load, files))}

    def plan(self, *args: str, env: Mapping[str, str] | None = None) -> "Change":
        """Return what a command that solves would do. AssertionError: it fails."""
        result = self.run(*args, "--dry-run", "--json", env=env, check=True)
        return Change.read(result.json().get("actions") or {})

    def run_changed(self, change: str, value: str, *args: str, env: Mapping[str, str] | None = None) -> Result:
        """Run conda with something of ours changed, as :mod:`tests.commands.inprocess` has it."""
        other = copy(self)
        other.executable = self.python
        return other.run(str(INPROCESS), change, value, *args, env=env)

    def write_condarc(self, settings: Mapping[str, Any], name: str = "x") -> Path:
        """Write the ``.condarc`` of an environment, as JSON, which is YAML."""
        file = self.prefix(name) / ".condarc"
        file.write_text(json.dumps(settings))
        return file

    def write_file(self, *specs: str, name: str = "") -> str:
        """Write an environment file and return its path."""
        file = self.home / "environment.yml"
        listed = "".join(f"  - {json.dumps(spec)}\n" for spec in specs)
        head = f"name: {name}\n" if name else ""
        file.write_text(f"{head}channels:\n  - conda-forge\ndependencies:\n{listed}")
        return str(file)


@dataclass(frozen=True)
class Change:
    """What a command links and unlinks."""

    linked: frozenset[Build] = frozenset()
    unlinked: frozenset[Build] = frozenset()

    @classmethod
    def read(cls, actions: Mapping[str, Any]) -> "Change":
        """Read the ``actions`` of conda's JSON."""
        linked, unlinked = (frozenset(map(_read_build, actions.get(key, ()))) for key in ("LINK", "UNLINK"))
        return cls(linked, unlinked)

    def find(self, name: str) -> Build | None:
        """Return what is linked of ``name``, None if nothing is."""
        return next((build for build in self.linked if build.name == name), None)


def _load(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text())
    return content


def _read_build(record: Mapping[str, Any]) -> Build:
    build = record.get("build_string") or record.get("build") or ""
    return Build(record["name"], record["version"], build)
