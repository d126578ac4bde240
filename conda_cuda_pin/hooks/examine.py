"""Judges an environment as it stands, or a file, under the settings that conda has for it."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

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


def repair(prefix: str, run: bool) -> tuple[int, str, dict[str, Any]]:
    """Say which commands mend what is wrong in a prefix; run them if they are to be run.

    Returns the exit status (1 while anything breaks), the text and the facts; raises CudaPinError for impossible
    settings.
    """
    from conda.base.context import context

    from ..repair import Place
    from ..workbench import Workbench, answer_repair

    settings, host = read_policy(prefix)
    where = describe_place(prefix)
    bench = Workbench(
        place=Place(("--python", prefix), ("-p", prefix)),
        conda=(sys.executable, "-m", "conda"),
        environ=os.environ,
        examine=lambda: inventory.examine(prefix, host, settings, where),
        tell=lambda line: None if context.json else print(line),
        is_quiet=bool(context.json),
    )
    named = Place(("--python", prefix), tuple(shlex.split(where)))
    return answer_repair(bench, host, settings, named, run)


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
