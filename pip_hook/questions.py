"""The commands that only answer: ``debug`` and ``explain``."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from conda_cuda_pin.errors import PipError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .argv import Command


def debug(command: Command) -> int:
    """Say what this machine can run and which source said what, as text or as JSON."""
    from conda_cuda_pin.detect import detect_host, host_to_json, read_overrides
    from conda_cuda_pin.explain.host import describe_status

    host = detect_host(read_overrides(os.environ))
    as_json = command.has("--json")
    print(json.dumps({"host": host_to_json(host)}, indent=2) if as_json else "\n".join(describe_status(host)))
    return 0


def explain(codes: Sequence[str]) -> int:
    """Say what rules mean; raises PipError for a code that is none."""
    from conda_cuda_pin.explain.findings import describe_rule
    from conda_cuda_pin.rules import RULES, find_rules

    rules = {code: find_rules(code) for code in codes}
    unknown = [code for code, found in rules.items() if not found]
    if unknown or not rules:
        known = ", ".join(f"{rule.code} {rule.word}" for rule in RULES)
        raise PipError(f"{unknown[0] if unknown else 'nothing'} is no rule; there are {known}")
    every = dict.fromkeys(rule for found in rules.values() for rule in found)
    print("\n\n\n".join(map(describe_rule, every)))
    return 0
