"""``pip-cuda uninstall``: not the files that something else still loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conda_cuda_pin.routing import WheelPlan

from conda_cuda_pin.judge import judge_change

from .runner import Pip
from .speech import BLOCKED, Speech

if TYPE_CHECKING:
    from .case import Case


def run_removal(case: Case) -> int:
    """Uninstall unless that takes a library from a package that stays; return the exit status."""
    pip = Pip(case.interpreter, case.environ)
    words = case.command.without("--python").words
    if case.settings.off:
        return pip.run(words)
    gone = case.asked.names
    kept = tuple(package for package in case.installed if not (package.is_wheel and package.name in gone))
    if len(kept) < len(case.installed):
        request = case.asked.to_request("uninstall", case.typed)
        judgement = judge_change(case.host, case.settings, request, case.installed, kept)
        if judgement.blocks and case.settings.mode == "enforce":
            return Speech(case).refuse(WheelPlan(), judgement, BLOCKED)
        Speech(case).warn(WheelPlan(), judgement)
    return pip.run(words)
