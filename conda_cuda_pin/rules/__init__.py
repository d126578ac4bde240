"""What breaks: one module a family of rules, each rule with its code, its proof and its check."""

from __future__ import annotations

from . import abi, channels, driver, files, toolkits, variants
from .rule import Finding, Rule, Severity, State, apply

RULES: tuple[Rule, ...] = (
    *driver.RULES,
    *toolkits.RULES,
    *files.RULES,
    *abi.RULES,
    *variants.RULES,
    *channels.RULES,
)
"""Every rule, by code."""

__all__ = ["RULES", "Finding", "Rule", "Severity", "State", "apply", "find_rule"]


def find_rule(name: str) -> Rule | None:
    """Return a rule by its code (``CUP101``) or its word (``driver-too-old``), None if there is no such rule.

    Of two rules with one word (``abi-mismatch``) it is the first.
    """
    wanted = name.upper() if name[:3].upper() == "CUP" else name.lower()
    return next((rule for rule in RULES if wanted in (rule.code, rule.word)), None)
