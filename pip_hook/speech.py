"""What a run says: lines on stderr beside pip's own, or one JSON document on stdout."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.errors import PipError
from conda_cuda_pin.explain.block import describe_findings
from conda_cuda_pin.explain.command import ONCE
from conda_cuda_pin.explain.document import document_findings
from conda_cuda_pin.explain.host import describe_host
from conda_cuda_pin.explain.wheels import (
    describe_choice,
    describe_compromise,
    describe_leftover,
    describe_refusal,
    describe_suggestions,
    describe_wheel_plan,
    document_packages,
    document_wheel_plan,
    suggest_requirements,
)

from .arguments import install_instead
from .asked import read_spec
from .record import write_constraints
from .suggestion import describe_command, describe_lines, rewrite_command
from .voice import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conda_cuda_pin.judge import Judgement
    from conda_cuda_pin.routing import WheelPlan

    from .case import Case
    from .resolution import Resolution
    from .runner import Output


BLOCKED = 30
"""Exit status of a refusal; pip itself uses 0, 1, 2, 3, 4 and 23."""


class Speech:
    """The voice of one run."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._request = case.asked.to_request(case.command.verb, case.typed)
        self._as_json = case.command.has("--json")

    def mention(self, problems: Sequence[str], variants: Iterable[str]) -> None:
        """Say what could not be read, and that an index has more than pip takes."""
        if self._is_quiet:
            return
        if problems:  # what is not reached at one address is not reached at the next
            say(
                f"this page could not be read: {problems[0]}"
                + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else "")
            )
        for name in sorted(variants):
            say(f"the index has variant wheels of {name} (PEP 825), which this pip does not take yet")

    def explain(self, plan: WheelPlan) -> int:
        """Print the plan and nothing else."""
        if self._as_json:
            self._print_json(plan)
        else:
            lines = describe_wheel_plan(plan) or ["nothing is changed: pip would do the same"]
            print("\n".join([f"host:     {describe_host(self._case.host)}", *lines]))
        return 0

    def refuse(self, plan: WheelPlan, judgement: Judgement, code: int, installed: bool = False) -> int:
        """Say what would break, or what did break where only the files could show it; return ``code``."""
        if self._as_json:
            self._print_json(plan, judgement=judgement, code=code)
        else:
            instead = self._find_instead(plan, judgement)
            say(describe_refusal(judgement, plan, self._request, self._case.host, instead, installed))
        return code

    def _find_instead(self, plan: WheelPlan, judgement: Judgement) -> str:
        """Return the command that works, or what to change in files; nothing where that is not known."""
        if self._case.command.verb == "uninstall":
            return self._find_repair(judgement)
        texts = self._case.asked.requirements
        written = {spec.name: text for text in texts if (spec := read_spec(text)) is not None}
        requirements = suggest_requirements(judgement, self._request, written)
        if requirements:
            return shlex.join(["pip-cuda", *install_instead(self._case.command, requirements).words])
        dead = {end.name for end in plan.dead_ends}
        suggestions = [one for one in plan.suggestions if one.name in dead]
        lines = describe_lines(self._case, suggestions)
        command = rewrite_command(self._case.command, suggestions)
        if lines or command == self._case.command or not command.arguments:
            return lines
        return shlex.join(describe_command(command))

    def _find_repair(self, judgement: Judgement) -> str:
        """Return the commands that take a package away and put back what goes with it."""
        lost = dict.fromkeys(spec for finding in judgement.blocks for spec in finding.remedy)
        place = [word for token in self._case.command.before for word in token.words]
        again = shlex.join(["pip-cuda", *place, "install", "--force-reinstall", "--no-deps", *lost])
        return f"{ONCE} {self._case.typed} && {again}" if lost else ""

    def tell_suggestions(self, plan: WheelPlan) -> None:
        """Say what is asked for in place of what was typed."""
        if not self._as_json and not self._is_quiet:
            for line in describe_suggestions(one for one in plan.suggestions if one.instead):
                say(line)

    def fail(self, plan: WheelPlan, output: Output, fitting: Mapping[str, tuple[Case, Resolution]]) -> int:
        """Hand on what pip said when it found no solution; return its exit status.

        ``fitting`` holds, by the framework that gives way, what could be had.
        """
        output.show(to_stderr=self._as_json)
        for line in (*describe_suggestions(plan.suggestions), *plan.notes):
            say(line)
        for name, (case, resolution) in fitting.items():
            say(describe_compromise(name, resolution.packages, case.asked.names, describe_command(case.command)))
        if self._as_json:
            self._print_json(plan, code=output.code)
        return output.code

    def warn(self, plan: WheelPlan, judgement: Judgement) -> None:
        """Say what does not break and is not what was meant either."""
        told = (*judgement.blocks, *judgement.warnings)
        if not self._as_json and not self._is_quiet:
            for line in (*describe_suggestions(plan.suggestions), *describe_findings(told, self._request, each=1)):
                say(line)

    def tell_choice(self, plan: WheelPlan, resolution: Resolution, judgement: Judgement) -> int:
        """Say in one line what was chosen, where anything was; return the exit status of success."""
        if self._as_json:
            self._print_json(plan, resolution, judgement)
        elif not self._is_quiet:
            choice = describe_choice(self._case.host, plan, resolution.packages, self._request)
            case = self._case
            left = describe_leftover(case.host, case.settings, self._request, case.installed, resolution.packages)
            for line in filter(None, (choice, left) if choice or left else plan.notes):
                say(line)
        return 0

    def write_constraints(self, plan: WheelPlan, resolution: Resolution) -> None:
        """Write the choice down where ``--emit-constraints`` asks for it; raises PipError where that fails."""
        named = self._case.command.value("--emit-constraints")
        if not named:
            return
        try:
            Path(named).write_text(write_constraints(self._case, plan, resolution), encoding="utf-8")
        except OSError as error:
            raise PipError(f"--emit-constraints {named}: {error}") from error

    @property
    def _is_quiet(self) -> bool:
        return self._case.command.has("--quiet")

    def _print_json(
        self,
        plan: WheelPlan,
        resolution: Resolution | None = None,
        judgement: Judgement | None = None,
        code: int = 0,
    ) -> None:
        from conda_cuda_pin.detect import host_to_json

        facts: dict[str, Any] = {
            "exit_code": code,
            "host": host_to_json(self._case.host),
            "plan": document_wheel_plan(plan),
            "findings": document_findings(judgement.new if judgement is not None else ()),
            "packages": document_packages(resolution.packages if resolution is not None else ()),
        }
        print(json.dumps(facts, indent=2))
