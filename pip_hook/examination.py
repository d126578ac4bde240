"""``pip-cuda check``: what pip's own check finds, and what the rules find in an environment as it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from conda_cuda_pin.errors import PipError

from .runner import Pip

if TYPE_CHECKING:
    from .case import Case

FOUND = 1
"""Exit status where something breaks, as for pip's own check."""


def run_examination(case: Case) -> int:
    """Check the interpreter's environment, or the one that is named; return the exit status.

    Where nothing is wrong, pip's own words are the only ones. Raises PipError for a path that is no environment.
    """
    from conda_cuda_pin.explain.examination import describe_examination, document_examination
    from conda_cuda_pin.inventory import is_environment
    from conda_cuda_pin.inventory.examine import examine

    named = case.command.arguments
    prefix = Path(named[0]) if named else case.interpreter.prefix
    if not is_environment(prefix):
        raise PipError(f"{prefix} is no environment: neither conda-meta nor pyvenv.cfg nor site-packages is there")
    as_json = case.command.has("--json")
    code = 0 if named else Pip(case.interpreter, case.environ).run(("check",), to_stderr=as_json)
    found = examine(prefix, case.host, case.settings, environ=case.environ)
    if as_json:
        print(json.dumps(document_examination(found), indent=2))
    elif found.judgement.new or found.shadows or found.problems:
        print(describe_examination(found, case.host, notes=True))
    return FOUND if found.judgement.blocks else code
