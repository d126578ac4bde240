"""``pip-cuda check``: what pip's own check finds, and what the rules find in an environment or a file as it stands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conda_cuda_pin.errors import PipError

from .runner import Pip

if TYPE_CHECKING:
    from conda_cuda_pin.examination import Examination

    from .case import Case


def run_examination(case: Case) -> int:
    """Check the interpreter's environment, another one or a file; return the exit status.

    Where nothing is wrong, pip's own words are the only ones. Raises PipError for a path that is no environment, and
    for options that do not go together.
    """
    from conda_cuda_pin.workbench import FOUND

    if case.command.has("--repair"):
        return _repair(case)
    code, found = _examine(case)
    verified = found.proofs is not None
    if case.command.has("--sarif"):
        from conda_cuda_pin.explain.sarif import document_sarif
        from conda_cuda_pin.inventory.examine import name_subject

        print(json.dumps(document_sarif(found, name_subject(found)), indent=2))
    elif case.command.has("--json"):
        from conda_cuda_pin.explain.examination import document_examination

        print(json.dumps(document_examination(found), indent=2))
    elif found.kind != "prefix" or found.judgement.new or found.shadows or found.problems or verified:
        from conda_cuda_pin.explain.examination import describe_examination

        print(describe_examination(found, case.host, notes=True))
    return FOUND if found.breaks else code


def _examine(case: Case) -> tuple[int, Examination]:
    """Return pip's exit status and what the rules say."""
    from conda_cuda_pin.inventory.examine import examine, examine_file

    file, verifying = case.command.value("--file"), case.command.has("--verify")
    if file and verifying:
        raise PipError("--verify imports what is installed; with --file nothing is")
    if file:
        return 0, examine_file(file, case.host, case.settings)
    prefix, named = _find_prefix(case), case.command.arguments
    aside = case.command.has("--json") or case.command.has("--sarif")
    code = 0 if named else Pip(case.interpreter, case.environ).run(("check",), to_stderr=aside)
    found = examine(prefix, case.host, case.settings, environ=case.environ)
    if verifying:
        from conda_cuda_pin.verification import verify

        found = replace(found, proofs=verify(prefix, case.host, case.environ))
    return code, found


def _find_prefix(case: Case) -> Path:
    """Return the environment that is meant; raises PipError where there is none."""
    from conda_cuda_pin.inventory import is_environment

    named = case.command.arguments
    prefix = Path(named[0]) if named else case.interpreter.prefix
    if not is_environment(prefix):
        raise PipError(f"{prefix} is no environment: neither conda-meta nor pyvenv.cfg nor site-packages is there")
    return prefix


def _repair(case: Case) -> int:
    """Say which commands mend what is wrong; with ``--yes``, run them. Return 1 while anything breaks."""
    from conda_cuda_pin.inventory.examine import examine
    from conda_cuda_pin.repair import Place
    from conda_cuda_pin.workbench import Workbench, answer_repair

    if any(map(case.command.has, ("--file", "--sarif", "--verify"))):
        raise PipError("--repair mends an environment: it goes with none of --file, --sarif and --verify")
    prefix, as_json = _find_prefix(case), case.command.has("--json")
    target = case.command.arguments[:1] or case.command.values("--python")[-1:]
    place = Place(("--python", *target) if target else (), ("-p", str(prefix)))
    bench = Workbench(
        place=place,
        conda=(case.environ.get("CONDA_EXE", "conda"),),
        environ=case.environ,
        examine=lambda: examine(prefix, case.host, case.settings, environ=case.environ),
        tell=lambda line: None if as_json else print(line),
        is_quiet=as_json,
    )
    code, text, facts = answer_repair(bench, case.host, case.settings, place, run=case.command.has("--yes"))
    print(json.dumps(facts, indent=2) if as_json else text)
    return code
