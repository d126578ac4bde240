"""``pip-cuda install``, ``download``, ``wheel`` and ``lock``: as typed where CUDA has no part in it, planned else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .interest import concerns_cuda, list_tripwires
from .runner import Pip, become_pip
from .suggestion import wants_suggestions
from .tripwire import Tripwires, write_tripwires
from .voice import say

if TYPE_CHECKING:
    from .case import Case

_WANT_A_PLAN = ("--explain", "--json", "--emit-constraints")


def run_installation(case: Case) -> int:
    """Do what the command asks for, on builds that fit the host; return the exit status."""
    wants_suggestions(case.command)
    if case.settings.off or case.platform.startswith("osx"):
        return become_pip(case.command.words)
    with tempfile.TemporaryDirectory(prefix="pip-cuda-") as scratch:
        folder, met = Path(scratch), list[str]()
        if not _wants_a_plan(case):
            code, met = _run_as_typed(case, folder)
            if not met:
                return code
            if not case.command.has("--quiet"):
                say(f"this needs {', '.join(met)}: resolving again for this machine")
        from .planned import PlannedRun

        return PlannedRun(case, folder, met).run()


def _wants_a_plan(case: Case) -> bool:
    """Whether pip as typed will not do: CUDA is named, an option wants the plan, a file is no list of names."""
    named = any(map(concerns_cuda, case.asked.names))
    closed = any(file.is_stream or file.is_lock for file in case.asked.files)
    return named or closed or any(map(case.command.has, _WANT_A_PLAN))


def _run_as_typed(case: Case, folder: Path) -> tuple[int, list[str]]:
    """Run pip as typed unless its resolution meets a CUDA package; then nothing is done and its name is returned."""
    constraints = write_tripwires(list_tripwires(case.interpreter.sites), folder)
    wires = Tripwires()
    command = case.command.without("--python").extended(("--constraint", str(constraints)))
    code = Pip(case.interpreter, case.environ).within(folder / "temporary").watch(command.words, wires.withhold)
    return code, wires.met
