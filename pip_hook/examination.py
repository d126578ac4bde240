"""``pip-cuda check``: what pip's own check finds, and what the rules find in an environment as it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from conda_cuda_pin.errors import PipError

from .runner import Pip

if TYPE_CHECKING:
    from conda_cuda_pin.examination import Examination

    from .case import Case

FOUND = 1
"""Exit status where something breaks, as for pip's own check."""


def run_examination(case: Case) -> int:
    """Check the interpreter's environment, or the one or the file that is named; return the exit status.

    Where nothing is wrong, pip's own words are the only ones. Raises PipError for a path that is no environment, and
    DocumentError for a file that describes none.
    """
    from conda_cuda_pin.explain.examination import describe_examination, document_examination
    from conda_cuda_pin.explain.sarif import document_sarif
    from conda_cuda_pin.inventory.examine import name_subject

    command = case.command
    quiet = command.has("--json") or command.has("--sarif")
    asks_pip = not (command.arguments or command.has("--file"))
    code = Pip(case.interpreter, case.environ).run(("check",), to_stderr=quiet) if asks_pip else 0
    found = _examine(case)
    if quiet:
        sarif = command.has("--sarif")
        facts = document_sarif(found, name_subject(found)) if sarif else document_examination(found)
        print(json.dumps(facts, indent=2))
    elif found.judgement.new or found.shadows or found.problems or command.has("--file"):
        print(describe_examination(found, case.host, notes=True))
    return FOUND if found.judgement.blocks else code


def _examine(case: Case) -> Examination:
    from conda_cuda_pin.inventory import is_environment
    from conda_cuda_pin.inventory.examine import examine, examine_file

    if case.command.has("--file"):
        return examine_file(case.command.value("--file"), case.host, case.settings)
    named = case.command.arguments
    prefix = Path(named[0]) if named else case.interpreter.prefix
    if not is_environment(prefix):
        raise PipError(f"{prefix} is no environment: neither conda-meta nor pyvenv.cfg nor site-packages is there")
    return examine(prefix, case.host, case.settings, environ=case.environ)
