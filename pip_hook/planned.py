"""One command with CUDA packages in play: plan, resolve once, judge, apply that very resolution."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conda_cuda_pin.judge import Judgement, judge_change
from conda_cuda_pin.request import Spec
from conda_cuda_pin.routing import Target, WheelPlan, plan_wheels

from .attempt import open_attempt
from .catalogue import WebCatalogue
from .compromise import loosen
from .speech import BLOCKED, Speech
from .suggestion import rewrite_case, wants_suggestions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conda_cuda_pin.package import Package

    from .attempt import Attempt
    from .case import Case
    from .resolution import Resolution
    from .runner import Output


_WRONG_INDEX = {"CUP503", "wrong-index"}


class PlannedRun:
    """One run on one case; ``met`` are the CUDA packages that only a resolution brought to light."""

    def __init__(self, case: Case, folder: Path, met: Sequence[str]) -> None:
        self._case = case
        self._folder = folder
        self._request = case.asked.to_request(case.command.verb, case.typed)
        self._met = tuple(Spec(name) for name in met)
        foreign = any(map(case.option, ("platform", "abi", "implementation", "python-version")))
        foreign |= case.platform != case.host.platform
        self._catalogue = WebCatalogue(case.connection, case.mirrors, case.interpreter, foreign)
        self._speech = Speech(case)

    def run(self) -> int:
        """Plan, resolve, judge and apply; return the exit status."""
        plan = self._plan(self._met)
        if wants_suggestions(self._case.command):
            case = rewrite_case(self._case, plan.suggestions)
            if case.command != self._case.command:
                self._speech.tell_suggestions(plan)
                return PlannedRun(case, self._folder, [spec.name for spec in self._met]).run()
        self._speech.mention(self._catalogue.problems, self._catalogue.variants)
        if self._case.command.has("--explain"):
            return self._speech.explain(plan)
        if plan.dead_ends and self._case.settings.mode == "enforce" and not self._case.settings.ignore & _WRONG_INDEX:
            return self._speech.refuse(plan, Judgement(), BLOCKED)
        with open_attempt(self._case, plan, self._catalogue, self._folder / "planned") as attempt:
            output, resolution = attempt.resolve()
            if resolution is not None:
                return self._conclude(attempt, plan, resolution, output)
        fitting = self._find_fitting()
        code = self._run_pinned(plan) if not fitting else None
        return self._speech.fail(plan, output, fitting) if code is None else code

    def _find_fitting(self) -> dict[str, tuple[Case, Resolution]]:
        """Return what would work if one of several frameworks gave way."""
        found = {}
        for name, case in loosen(self._case):
            run = PlannedRun(case, self._folder, [spec.name for spec in self._met])
            with open_attempt(case, run._plan(run._met), self._catalogue, self._folder / f"without-{name}") as attempt:
                _, resolution = attempt.resolve()
                if resolution is not None and not run._judge(resolution.packages).blocks:
                    found[name] = (case, resolution)
        return found

    def _run_pinned(self, failed: WheelPlan) -> int | None:
        """Plan again for the versions that other packages turn out to need; None where that leads nowhere either."""
        if not failed.routes:
            return None
        with open_attempt(self._case, WheelPlan(), self._catalogue, self._folder / "unplanned") as attempt:
            _, found = attempt.resolve()
        if found is None:
            return None
        needed = [Spec(p.name, f"=={p.version.split('+')[0]}") for p in found.packages if p.name in failed.routes]
        plan = self._plan(needed)
        with open_attempt(self._case, plan, self._catalogue, self._folder / "pinned") as attempt:
            output, resolution = attempt.resolve()
            return None if resolution is None else self._conclude(attempt, plan, resolution, output)

    def _conclude(self, attempt: Attempt, plan: WheelPlan, resolution: Resolution, output: Output) -> int:
        case = self._case
        judgement = self._judge(resolution.packages)
        if judgement.blocks and case.settings.mode == "enforce":
            return self._speech.refuse(plan, judgement, BLOCKED)
        self._speech.warn(plan, judgement)
        self._speech.write_constraints(plan, resolution)
        code = attempt.apply(resolution, output)
        return code or self._verify(judgement) or self._speech.tell_choice(plan, resolution, judgement)

    def _verify(self, judged: Judgement) -> int:
        """Look at the files themselves: what a package overwrites is in no metadata before it is there."""
        case = self._case
        if case.command.verb != "install" or case.flag("dry-run"):
            return 0
        after = replace(case).installed
        found = judge_change(case.host, case.settings, self._request, case.installed, after)
        worse = Judgement(tuple(finding for finding in found.blocks if finding not in judged.new))
        return self._speech.refuse(WheelPlan(), worse, BLOCKED, installed=True) if worse.new else 0

    def _plan(self, more: Sequence[Spec]) -> WheelPlan:
        case = self._case
        if case.asked.no_index:
            return WheelPlan()
        request = replace(self._request, specs=(*self._request.specs, *more))
        version = case.option("python-version") or ".".join(map(str, case.interpreter.version))
        platform = case.host.platform if case.settings.target else case.platform
        target = Target(platform, version)
        return plan_wheels(
            case.host, case.settings, request, case.installed, target, self._catalogue, case.asked.indexes
        )

    def _judge(self, planned: Sequence[Package]) -> Judgement:
        before = self._case.installed
        names = {package.name for package in planned}
        kept = (package for package in before if not (package.is_wheel and package.name in names))
        return judge_change(self._case.host, self._case.settings, self._request, before, (*kept, *planned))
