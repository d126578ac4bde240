"""Holds what a framework says of itself against what is installed, and against what the host has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from .component import Variant
from .errors import VersionError
from .host import State
from .trial import Ending, Stage
from .versions import CudaVersion, read_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .component import Component
    from .host import Host
    from .trial import Trial

_LIBRARY = re.compile(r"([\w.+-]+\.(?:so|dll)[\w.]*)(?=: cannot open shared object file|['\"] \(?or one of its dep)")
"""How the loaders of Linux and Windows name what they miss."""


class Discord(str, Enum):
    """What does not agree."""

    UNSTARTED = "unstarted"
    CRASH = "crash"
    HANG = "hang"
    IMPORT = "import"
    """The import ended in an exception."""
    COMPUTATION = "computation"
    """It sees a GPU and cannot use it."""
    VERSION = "version"
    CPU_BUILD = "cpu-build"
    """A CUDA build is recorded, and none is imported."""
    OTHER_CUDA = "other-cuda"
    NO_DEVICE = "no-device"
    """It is built with CUDA, the host has a GPU, and it sees none."""


@dataclass(frozen=True)
class Proof:
    """One framework, put to the proof."""

    component: Component
    """What is recorded."""
    trial: Trial
    """What was said."""
    discords: tuple[Discord, ...] = ()

    @property
    def missing(self) -> str:
        """The library that an import failed for; empty where none is named."""
        match = _LIBRARY.search(self.trial.failure)
        return match[1] if match is not None else ""


def prove(trial: Trial, component: Component, family: Sequence[Component], host: Host) -> Proof:
    """Compare; ``family`` is all that is installed of the framework's family, plugins that bring CUDA included."""
    built = any(one.variant is Variant.CUDA for one in family)
    return Proof(component, trial, tuple(_find_discords(trial, component, built, host)))


def _find_discords(trial: Trial, component: Component, built: bool, host: Host) -> Iterator[Discord]:
    ends = {Ending.UNSTARTED: Discord.UNSTARTED, Ending.CRASHED: Discord.CRASH, Ending.HUNG: Discord.HANG}
    if trial.ending in ends:
        yield ends[trial.ending]
    elif trial.failure and trial.stage is Stage.IMPORT:
        yield Discord.IMPORT
    elif trial.failure and trial.stage is Stage.COMPUTATION:
        yield Discord.COMPUTATION
    if trial.version and _release(trial.version) != _release(component.package.version):
        yield Discord.VERSION
    yield from _compare_cuda(trial, component)
    if trial.ending is Ending.FINISHED and _lacks_device(trial, built, host):
        yield Discord.NO_DEVICE


def _compare_cuda(trial: Trial, component: Component) -> Iterator[Discord]:
    if component.variant is Variant.CUDA and trial.cuda == "":
        yield Discord.CPU_BUILD
    if not trial.cuda or component.variant is not Variant.CUDA:
        return
    said = _read_cuda(trial.cuda)
    if said is not None and said not in component.span and said != component.toolkit:
        yield Discord.OTHER_CUDA


def _read_cuda(text: str) -> CudaVersion | None:
    try:
        return CudaVersion.parse(text)
    except VersionError:
        return None


def _lacks_device(trial: Trial, built: bool, host: Host) -> bool:
    """Whether it should see a GPU: only of this very machine, looked at, that is known."""
    looked = trial.stage in (Stage.DEVICES, Stage.DONE) and not trial.hides_gpus and not trial.devices
    there = host.verdict.state is State.OK and host.driver_cuda is not None and bool(host.gpus)
    return looked and there and trial.cuda != "" and (built or bool(trial.cuda))


def _release(version: str) -> tuple[int, ...]:
    """Return the numbers of a release, without local part and marks of pre-releases, which are written in many ways."""
    match = re.match(r"\d+(\.\d+)*", version)
    numbers = read_numbers(match[0]) if match is not None else ()
    return (*numbers, 0, 0, 0)[:3]
