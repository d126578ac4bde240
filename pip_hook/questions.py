"""The commands that only answer: ``debug`` and ``explain``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conda_cuda_pin.errors import PipError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .case import Case


def debug(case: Case) -> int:
    """Say what the host can run, which source said what, and the settings in force, as text or as JSON."""
    from conda_cuda_pin.detect import host_to_json
    from conda_cuda_pin.explain.document import document_settings
    from conda_cuda_pin.explain.host import describe_status
    from conda_cuda_pin.explain.plan import describe_settings

    prefix = str(case.interpreter.prefix)
    if case.command.has("--json"):
        facts = {"host": host_to_json(case.host), "settings": document_settings(case.settings), "prefix": prefix}
        print(json.dumps(facts, indent=2))
    else:
        print(*describe_status(case.host), f"settings: {describe_settings(case.settings)} (for {prefix})", sep="\n")
    return 0


def explain(codes: Sequence[str]) -> int:
    """Say what rules mean; raises PipError for a code that is none."""
    from conda_cuda_pin.explain.findings import describe_rule
    from conda_cuda_pin.rules import RULES, find_rules

    rules = {code: find_rules(code) for code in codes}
    unknown = [code for code, found in rules.items() if not found]
    if unknown or not rules:
        known = ", ".join(f"{rule.code} {rule.word}" for rule in RULES)
        instead = "what would be installed and why: pip-cuda install --explain REQUIREMENT"
        raise PipError(f"{unknown[0] if unknown else 'nothing'} is no rule ({instead}); there are {known}")
    every = dict.fromkeys(rule for found in rules.values() for rule in found)
    print("\n\n\n".join(map(describe_rule, every)))
    return 0
