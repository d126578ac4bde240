"""What a run says: lines on stderr beside pip's own, or one JSON document on stdout."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.errors import PipError
from conda_cuda_pin.explain.block import describe_findings
from conda_cuda_pin.explain.document import document_findings
from conda_cuda_pin.explain.host import describe_host
from conda_cuda_pin.explain.wheels import (
    SHOWN,
    describe_advice,
    describe_choice,
    describe_refusal,
    describe_wheel_plan,
    document_packages,
    document_wheel_plan,
    suggest_requirements,
)

from .arguments import install_instead
from .record import write_constraints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conda_cuda_pin.judge import Judgement
    from conda_cuda_pin.routing import WheelPlan

    from .case import Case
    from .resolution import Resolution
    from .runner import Output


BLOCKED = 30
"""Exit status of a refusal; pip itself uses 0, 1, 2, 3, 4 and 23."""


def say(text: str) -> None:
    """Print a message of ours."""
    print(f"pip-cuda: {text}", file=sys.stderr, flush=True)


class Speech:
    """The voice of one run."""

    def __init__(self, case: Case, problems: Mapping[str, str] | None = None) -> None:
        """Take the case, and what goes wrong with pages while it goes on."""
        self._case = case
        self._problems = problems if problems is not None else {}
        self._request = case.asked.to_request(case.command.verb, case.typed)
        self._as_json = case.command.has("--json")

    def explain(self, plan: WheelPlan) -> int:
        """Print the plan and nothing else."""
        if self._as_json:
            self._print_json(plan)
        else:
            lines = describe_wheel_plan(plan) or ["nothing is changed: pip would do the same"]
            print("\n".join([f"host:     {describe_host(self._case.host)}", *lines]))
        return 0

    def refuse(self, plan: WheelPlan, judgement: Judgement, code: int) -> int:
        """Say what would break; return ``code``."""
        if self._as_json:
            self._print_json(plan, judgement=judgement, code=code)
        else:
            requirements = suggest_requirements(judgement, self._request)
            command = install_instead(self._case.command, requirements)
            instead = shlex.join(["pip-cuda", *command.words]) if requirements else ""
            say(describe_refusal(judgement, plan, self._request, self._case.host, instead))
        return code

    def fail(self, plan: WheelPlan, output: Output) -> int:
        """Hand on what pip said when it found no solution; return its exit status."""
        output.show(to_stderr=self._as_json)
        for line in [*describe_advice(plan), *self._describe_problems(plan)]:
            say(line)
        if self._as_json:
            self._print_json(plan, code=output.code)
        return output.code

    def warn(self, plan: WheelPlan, judgement: Judgement) -> None:
        """Say what does not break and is not what was meant either."""
        told = (*judgement.blocks, *judgement.warnings)
        if not self._as_json and not self._is_quiet:
            advice = [*describe_advice(plan), *self._describe_problems(plan)]
            for line in [*advice, *describe_findings(told, self._request, each=1)]:
                say(line)

    def tell_choice(self, plan: WheelPlan, resolution: Resolution, judgement: Judgement) -> None:
        """Say in one line what was chosen, where anything was."""
        if self._as_json:
            self._print_json(plan, resolution, judgement)
            return
        line = describe_choice(self._case.host, plan, resolution.packages, self._request)
        if line and not self._is_quiet:
            say(line)

    def write_constraints(self, plan: WheelPlan, resolution: Resolution) -> None:
        """Write the choice down where ``--emit-constraints`` asks for it; raises PipError where that fails."""
        named = self._case.command.value("--emit-constraints")
        if not named:
            return
        try:
            Path(named).write_text(write_constraints(self._case, plan, resolution), encoding="utf-8")
        except OSError as error:
            raise PipError(f"--emit-constraints {named}: {error}") from error

    def _describe_problems(self, plan: WheelPlan) -> list[str]:
        """Say which pages the plan had to do without, those that it does not name itself."""
        told = " ".join(plan.notes)
        untold = [problem for page, problem in self._problems.items() if page not in told]
        return [f"this page could not be read: {problem}" for problem in untold[:SHOWN]]

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
