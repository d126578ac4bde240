"""Judges an environment as it stands, under the settings that conda has for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..inventory.examination import Examination
from ..inventory.examination import examine as examine_prefix
from .case import describe_place, read_policy

if TYPE_CHECKING:
    from ..host import Host


def examine(prefix: str) -> tuple[Host, Examination]:
    """Apply the rules to what is installed in a prefix; raises CudaPinError for impossible settings."""
    settings, host = read_policy(prefix)
    return host, examine_prefix(prefix, host, settings, describe_place(prefix))
