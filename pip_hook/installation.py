"""``pip-cuda install``, ``download``, ``wheel`` and ``lock``: plan, resolve once, judge, apply that very resolution."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conda_cuda_pin.routing import Target, WheelPlan, plan_wheels

from conda_cuda_pin.judge import Judgement, judge_change
from conda_cuda_pin.request import Spec

from .attempt import open_attempt
from .catalogue import WebCatalogue
from .interest import concerns_cuda, list_tripwires
from .runner import Pip, become_pip
from .speech import BLOCKED, Speech
from .tripwire import Tripwires, write_tripwires

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conda_cuda_pin.package import Package

    from .attempt import Attempt
    from .case import Case
    from .resolution import Resolution

_WANT_A_PLAN = ("--explain", "--json", "--emit-constraints")


def run_installation(case: Case) -> int:
    """Do what the command asks for, on builds that fit the host; return the exit status."""
    if case.settings.off or case.platform.startswith("osx"):
        return become_pip(case.command.words)
    with tempfile.TemporaryDirectory(prefix="pip-cuda-") as scratch:
        folder, met = Path(scratch), list[str]()
        if not any(map(concerns_cuda, case.asked.names)) and not any(map(case.command.has, _WANT_A_PLAN)):
            code, met = _run_as_typed(case, folder)
            if not met:
                return code
        return _Installation(case, folder, met).run()


def _run_as_typed(case: Case, folder: Path) -> tuple[int, list[str]]:
    """Run pip as typed unless its resolution meets a CUDA package; then nothing is done and its name is returned."""
    constraints = write_tripwires(list_tripwires(case.interpreter.sites), folder)
    wires = Tripwires()
    command = case.command.without("--python").extended(("--constraint", str(constraints)))
    code = Pip(case.interpreter, case.environ).watch(command.words, wires.withhold)
    return code, wires.met


class _Installation:
    """One command with CUDA packages in play."""

    def __init__(self, case: Case, folder: Path, met: Sequence[str]) -> None:
        self._case = case
        self._folder = folder
        self._speech = Speech(case)
        self._request = case.asked.to_request(case.command.verb, case.typed)
        self._met = tuple(Spec(name) for name in met)
        foreign = any(map(case.option, ("platform", "abi", "implementation", "python-version")))
        foreign |= case.platform != case.host.platform
        self._catalogue = WebCatalogue(case.connection, case.mirrors, case.interpreter, foreign)

    def run(self) -> int:
        """Plan, resolve, judge and apply; return the exit status."""
        plan = self._plan(self._met)
        if self._case.command.has("--explain"):
            return self._speech.explain(plan)
        if plan.dead_ends and self._case.settings.mode == "enforce":
            return self._speech.refuse(plan, Judgement(), BLOCKED)
        with open_attempt(self._case, plan, self._catalogue, self._folder / "planned") as attempt:
            output, resolution = attempt.resolve()
            if resolution is not None:
                return self._conclude(attempt, plan, resolution)
        return self._run_pinned(plan) or self._speech.fail(plan, output)

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
            _, resolution = attempt.resolve()
            return None if resolution is None else self._conclude(attempt, plan, resolution)

    def _conclude(self, attempt: Attempt, plan: WheelPlan, resolution: Resolution) -> int:
        case = self._case
        judgement = self._judge(resolution.packages)
        if judgement.blocks and case.settings.mode == "enforce":
            return self._speech.refuse(plan, judgement, BLOCKED)
        self._speech.warn(plan, judgement)
        self._speech.write_constraints(plan, resolution)
        code = attempt.apply(resolution)
        if code == 0:
            self._speech.tell_choice(plan, resolution, judgement)
        return code

    def _plan(self, more: Sequence[Spec]) -> WheelPlan:
        case = self._case
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
