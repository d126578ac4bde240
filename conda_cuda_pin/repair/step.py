"""One command of a repair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .effect import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..package import Package
    from ..rules import Finding

PIP_CUDA = "pip-cuda"
CONDA = "conda"


@dataclass(frozen=True)
class Place:
    """The options that name the environment on a command line; empty where the command is there already."""

    python: tuple[str, ...] = ()
    """For pip-cuda: ``--python PREFIX``."""
    conda: tuple[str, ...] = ()
    """For conda: ``-n NAME`` or ``-p PREFIX``."""


@dataclass(frozen=True)
class Step:
    """One command: why it is run, what it does, and what it mends."""

    tool: str
    """``pip-cuda`` or ``conda``."""
    words: tuple[str, ...]
    """The command line behind the tool, without the environment."""
    reason: str
    effect: Effect
    mends: tuple[Finding, ...] = ()
    """The findings that are gone after it, or after the next steps that mend the same."""

    def command(self, place: Place) -> tuple[str, ...]:
        """Return the whole command line for an environment."""
        if self.tool == CONDA:
            return (CONDA, self.words[0], *place.conda, *self.words[1:])
        return (self.tool, *place.python, *self.words)

    def mending(self, findings: Iterable[Finding]) -> Step:
        """Return the step with what it mends."""
        return replace(self, mends=tuple(findings))


def reinstall(package: Package, reason: str) -> Step:
    """Write the files of a wheel again, and nothing else."""
    words = ("install", "--force-reinstall", "--no-deps", f"{package.name}=={package.version}")
    return Step(PIP_CUDA, words, reason, Effect(written=(package,)))


def refit(package: Package, reason: str) -> Step:
    """Install the file of a wheel that fits what is there: pip-cuda chooses the page and the version."""
    words = ("install", "--force-reinstall", "--no-deps", package.name)
    return Step(PIP_CUDA, words, reason, Effect(renewed=(package,)))


def uninstall(packages: Iterable[Package], reason: str) -> Step:
    """Remove wheels."""
    packages = tuple(packages)
    return Step(PIP_CUDA, ("uninstall", *(package.name for package in packages)), reason, Effect(removed=packages))


def install(requirements: Iterable[str], reason: str, effect: Effect) -> Step:
    """Install wheels, newer ones where there are any."""
    return Step(PIP_CUDA, ("install", "--upgrade", *requirements), reason, effect)


def solve(specs: Iterable[str], reason: str, renewed: Iterable[Package]) -> Step:
    """Let conda choose other builds."""
    return Step(CONDA, ("install", *specs), reason, Effect(renewed=tuple(renewed)))
