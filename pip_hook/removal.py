"""``pip-cuda uninstall``: not the files that something else still loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .runner import Pip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conda_cuda_pin.package import Package

    from .case import Case


def run_removal(case: Case) -> int:
    """Uninstall unless that takes a library from a package that stays; return the exit status."""
    if case.asked.names and not case.settings.off:
        kept = [package for package in case.installed if not (package.is_wheel and package.name in case.asked.names)]
        refusal = _judge(case, kept) if len(kept) < len(case.installed) else 0
        if refusal:
            return refusal
    return Pip(case.interpreter, case.environ).run(case.command.without("--python").words)


def _judge(case: Case, kept: Sequence[Package]) -> int:
    """Return the exit status of a refusal, 0 where the packages may go."""
    from conda_cuda_pin.judge import judge_change
    from conda_cuda_pin.routing import WheelPlan

    from .speech import BLOCKED, Speech

    request = case.asked.to_request("uninstall", case.typed)
    judgement = judge_change(case.host, case.settings, request, case.installed, kept)
    if judgement.blocks and case.settings.mode == "enforce":
        return Speech(case).refuse(WheelPlan(), judgement, BLOCKED)
    Speech(case).warn(WheelPlan(), judgement)
    return 0
