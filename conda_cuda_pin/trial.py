"""What a framework said of itself when it was imported in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Ending(str, Enum):
    """How the process ended."""

    FINISHED = "finished"
    CRASHED = "crashed"
    HUNG = "hung"
    """It gave no answer in time and was abandoned."""
    UNSTARTED = "unstarted"


class Stage(str, Enum):
    """How far it got, in this order."""

    START = "start"
    IMPORT = "import"
    DEVICES = "devices"
    """It was looking for GPUs."""
    COMPUTATION = "computation"
    """It was adding two numbers on a GPU."""
    DONE = "done"


@dataclass(frozen=True)
class Trial:
    """One framework, imported once."""

    module: str
    """The name it is imported by: ``torch``."""
    ending: Ending
    stage: Stage = Stage.START
    """The last stage that it reached."""
    detail: str = ""
    """How the process ended: the signal, the exit status, the deadline."""
    failure: str = ""
    """The exception that ended the stage, in its own words."""
    version: str = ""
    cuda: str | None = None
    """The CUDA that it says it is built with; empty: none; None: it did not say."""
    devices: tuple[str, ...] = ()
    """The GPUs that it sees."""
    hides_gpus: bool = False
    """Whether ``CUDA_VISIBLE_DEVICES`` was set, so that it may see fewer GPUs than there are."""
