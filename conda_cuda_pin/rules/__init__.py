"""What breaks: one module a family of rules, each rule with its code, its proof and its check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import SettingsError
from . import abi, channels, driver, files, toolkits, variants
from .rule import Finding, Rule, Severity, State, apply

if TYPE_CHECKING:
    from ..settings import Settings

RULES: tuple[Rule, ...] = (
    *driver.RULES,
    *toolkits.RULES,
    *files.RULES,
    *abi.RULES,
    *variants.RULES,
    *channels.RULES,
)
"""Every rule, by code."""

__all__ = ["RULES", "Finding", "Rule", "Severity", "State", "apply", "check_ignored", "find_rules"]


def find_rules(name: str) -> tuple[Rule, ...]:
    """Return the rule of a code (``CUP101``) or all of a word (``abi-mismatch`` has two), nothing if there is none."""
    wanted = name.upper() if name[:3].upper() == "CUP" else name.lower()
    return tuple(rule for rule in RULES if wanted in (rule.code, rule.word))


def check_ignored(settings: Settings) -> None:
    """Raise SettingsError for a rule that is to be ignored and does not exist."""
    unknown = sorted(name for name in settings.ignore if not find_rules(name))
    if unknown:
        known = ", ".join(f"{rule.code} {rule.word}" for rule in RULES)
        raise SettingsError(f"cuda_pin_ignore names {unknown[0]!r}, which is no rule; there are {known}")
