"""Judges an environment as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..judge import Judgement, judge_state
from ..request import Request
from .case import describe_place, read_policy
from .records import read_installed

if TYPE_CHECKING:
    from ..host import Host


def examine(prefix: str) -> tuple[Host, Judgement]:
    """Apply the rules to what is installed in a prefix; raises CudaPinError for impossible settings."""
    settings, host = read_policy(prefix)
    request = Request("check", where=describe_place(prefix))
    return host, judge_state(host, settings, request, read_installed(prefix))
