"""A library of an environment that another file of that name would be loaded for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Reach(str, Enum):
    """Who gets the other file."""

    LOADER = "loader"
    """Something that asks for that very name and has no RPATH to the environment's own."""
    NAME = "name"
    """What opens the library by its name without a version."""
    COMPILER = "compiler"
    """What is compiled here."""


@dataclass(frozen=True)
class Shadow:
    """One library, the file that wins and the file of the environment that it hides."""

    library: str
    """Its name without version: ``libcudart``."""
    winner: str
    shadowed: str
    why: str
    """What puts the winner first: ``LD_LIBRARY_PATH lists /usr/local/cuda-11.8/lib64``."""
    reach: Reach = Reach.LOADER
