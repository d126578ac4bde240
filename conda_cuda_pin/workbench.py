"""Runs the commands of a repair on one prefix, and looks at it again after each; both front ends mend here."""

from __future__ import annotations

import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .explain.examination import describe_examination, document_examination
from .explain.repair import describe_outcome, describe_repair, document_repair
from .repair import CONDA, PIP_CUDA, Place, carry_out, plan_repair
from .request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .examination import Examination
    from .host import Host
    from .repair import Step
    from .rules import Finding
    from .settings import Settings

FOUND = 1
"""Exit status of ``check`` where something breaks."""
NOT_FOUND = 127
"""Exit status of a command that is not there, as shells have it."""
_MODE = "CONDA_PLUGINS_CUDA_PIN_MODE"


@dataclass(frozen=True)
class Workbench:
    """A prefix with the tools to change it."""

    place: Place
    """Where the commands are run."""
    conda: tuple[str, ...]
    """The command that is conda."""
    environ: Mapping[str, str]
    examine: Callable[[], Examination]
    tell: Callable[[str], None]
    """Takes a line for the user before each command."""
    is_quiet: bool = False
    """Whether stdout is for a program: then what the commands say goes to stderr."""

    def run(self, step: Step) -> int:
        """Run the command of a step without asking; return its exit status."""
        self.tell(f"repair: {shlex.join(step.command(self.place))}")
        sys.stdout.flush()
        where = sys.stderr if self.is_quiet else None
        try:
            return subprocess.run(self._compose(step), env=dict(self.environ), stdout=where, check=False).returncode
        except FileNotFoundError:
            return NOT_FOUND

    def rehearse(self, step: Step) -> int:
        """Let the tool find what a step installs, and install nothing; what is still in its way is no matter."""
        afresh = ("--ignore-installed", "--no-deps") if step.tool == PIP_CUDA else ()
        environ = {**self.environ, _MODE: "warn"}
        try:
            done = subprocess.run(
                [*self._compose(step), "--dry-run", *afresh], env=environ, capture_output=True, text=True, check=False
            )
        except FileNotFoundError:
            return NOT_FOUND
        sys.stderr.write(done.stderr if done.returncode else "")
        return done.returncode

    def _compose(self, step: Step) -> list[str]:
        tools = {CONDA: self.conda, PIP_CUDA: (sys.executable, "-m", "pip_hook")}
        asks = step.tool == CONDA or step.words[0] == "uninstall"
        return [*tools[step.tool], *step.command(self.place)[1:], *(["--yes"] if asks else [])]

    def judge(self) -> Sequence[Finding]:
        """Return what is wrong now."""
        return self.examine().judgement.new


def answer_repair(
    bench: Workbench, host: Host, settings: Settings, named: Place, run: bool
) -> tuple[int, str, dict[str, Any]]:
    """Plan the repair of a prefix, and carry it out if that is wanted.

    Args:
        bench: the prefix, and the tools.
        host: the host it is judged for.
        settings: those that hold for it.
        named: the prefix as a user would name it, for commands that are shown.
        run: whether the commands are run.

    Returns:
        The exit status (1 while anything breaks), what to say, and the same as a JSON value.
    """
    found = bench.examine()
    repair = plan_repair(host, settings, Request("check"), found.parts[0].packages)
    proposed = [describe_examination(found, host, notes=True), *describe_repair(repair, named)]
    outcome = None
    if run and repair.steps:
        bench.tell("\n".join(proposed))
        outcome = carry_out(repair.steps, bench)
        found = bench.examine()
        lines = [describe_outcome(outcome, named), describe_examination(found, host, notes=True)]
    else:
        lines = [*proposed, *(["nothing was run: --yes runs these commands"] if repair.steps else [])]
    facts = {**document_examination(found), "repair": document_repair(repair, named, outcome)}
    return FOUND if found.judgement.blocks else 0, "\n".join(lines), facts
