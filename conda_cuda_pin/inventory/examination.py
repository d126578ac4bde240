"""Judges a prefix as it stands, conda's packages and pip's together; both front ends ask here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..judge import Judgement, judge_state
from ..request import Request
from .survey import take_inventory

if TYPE_CHECKING:
    import os

    from ..host import Evidence, Host
    from ..settings import Settings


@dataclass(frozen=True)
class Examination:
    """What there is to say about an environment."""

    judgement: Judgement
    problems: tuple[Evidence, ...] = ()
    """What could not be read, and so was not judged."""


def examine(prefix: str | os.PathLike[str], host: Host, settings: Settings, where: str = "") -> Examination:
    """Apply the rules to all that is installed in a prefix; ``where`` names it in commands that are proposed."""
    inventory = take_inventory(prefix)
    judgement = judge_state(host, settings, Request("check", where=where), inventory.packages)
    return Examination(judgement, inventory.problems)
