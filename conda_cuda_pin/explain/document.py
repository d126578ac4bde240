"""The same facts as JSON, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .command import mask_credentials

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..pin import Pin
    from ..plan import Plan
    from ..rules import Finding, Rule
    from ..settings import Settings


def document_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as JSON values."""
    return [
        {
            "code": finding.code,
            "word": finding.word,
            "severity": finding.severity.value,
            "message": finding.message,
            "packages": list(finding.packages),
            "remedy": list(finding.remedy),
        }
        for finding in findings
    ]


def document_pins(pins: Iterable[Pin]) -> list[dict[str, str]]:
    """Return pins as JSON values."""
    return [{"spec": str(pin), "kind": pin.kind.value, "reason": pin.reason} for pin in pins]


def document_plan(plan: Plan) -> dict[str, Any]:
    """Return a plan as a JSON value."""
    return {
        "pins": document_pins(plan.pins),
        "minor_caps": document_pins(plan.minor_caps),
        "floor": str(plan.floor) if plan.floor else None,
        "prefers": plan.prefers.value if plan.prefers else None,
        "decided": dict(plan.decided),
        "channels": list(map(mask_credentials, plan.channels)),
        "channel_priority": plan.channel_priority or None,
    }


def document_rule(rule: Rule) -> dict[str, str]:
    """Return a rule as a JSON value."""
    keys = ("code", "word", "title", "explanation", "source", "page")
    return {key: getattr(rule, key) for key in keys}


def document_settings(settings: Settings) -> dict[str, Any]:
    """Return settings as JSON values, by their names in a .condarc."""
    return {
        "cuda_pin_mode": settings.mode,
        "cuda_pin_level": settings.level,
        "cuda_pin_variant": settings.variant,
        "cuda_pin_target": settings.target or None,
        "cuda_pin_max": str(settings.max) if settings.max else None,
        "cuda_pin_channels": list(map(mask_credentials, settings.channels)),
        "cuda_pin_channel_priority": settings.channel_priority or None,
        "cuda_pin_ignore": sorted(settings.ignore),
        "cuda_pin_mirrors": [mask_credentials(f"{start}={mirror}") for start, mirror in settings.mirrors],
    }
