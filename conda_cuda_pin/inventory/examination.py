"""Judges a prefix as it stands, conda's packages and pip's together; both front ends ask here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..judge import Judgement, judge_state
from ..request import Request
from .libraries import find_shadows
from .survey import take_inventory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..host import Evidence, Host
    from ..settings import Settings
    from ..shadow import Shadow


@dataclass(frozen=True)
class Examination:
    """What there is to say about an environment."""

    judgement: Judgement
    problems: tuple[Evidence, ...] = ()
    """What could not be read, and so was not judged."""
    shadows: tuple[Shadow, ...] = ()
    """Its libraries in whose place others would be loaded."""


def examine(
    prefix: str | os.PathLike[str],
    host: Host,
    settings: Settings,
    where: str = "",
    environ: Mapping[str, str] = os.environ,
) -> Examination:
    """Apply the rules to all that is installed in a prefix.

    Args:
        prefix: an environment of conda or a venv.
        host: the host to judge it for.
        settings: those that hold for the prefix.
        where: the options that name it in commands that are proposed.
        environ: the variables under which its programs will run.
    """
    inventory = take_inventory(prefix)
    judgement = judge_state(host, settings, Request("check", where=where), inventory.packages)
    return Examination(judgement, inventory.problems, find_shadows(prefix, environ))
