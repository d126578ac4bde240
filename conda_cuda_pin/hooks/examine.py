"""Judges an environment as it stands, or a file, under the settings that conda has for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import DocumentError
from ..inventory import examine as inventory
from .case import describe_place, read_policy
from .errors import CudaPinError

if TYPE_CHECKING:
    from ..examination import Examination
    from ..host import Host


def examine(prefix: str, verifying: bool = False) -> tuple[Host, Examination]:
    """Apply the rules to what is installed in a prefix, and import its frameworks if that is wished.

    Raises CudaPinError for impossible settings.
    """
    settings, host = read_policy(prefix)
    found = inventory.examine(prefix, host, settings, describe_place(prefix))
    if verifying:
        from ..verification import verify

        found = replace(found, proofs=verify(prefix, host))
    return host, found


def examine_file(file: str, prefix: str) -> tuple[Host, Examination]:
    """Apply the rules to what a file describes, under the settings of a prefix.

    Raises:
        CudaPinError: impossible settings, or a file that cannot be read.
    """
    settings, host = read_policy(prefix)
    try:
        return host, inventory.examine_file(file, host, settings)
    except DocumentError as error:
        raise CudaPinError(str(error)) from error
