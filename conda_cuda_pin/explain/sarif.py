"""What was found as SARIF, the format that code hosts show beside a file.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..rules import Severity, find_rules
from .examination import describe_shadow

if TYPE_CHECKING:
    from ..examination import Examination
    from ..rules import Finding, Rule
    from ..shadow import Shadow

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
VERSION = "2.1.0"
_LEVELS = {Severity.BLOCK: "error", Severity.WARN: "warning", Severity.INFO: "note"}
_SHADOW = {
    "id": "shadowed-library",
    "name": "shadowed-library",
    "shortDescription": {"text": "a CUDA library from elsewhere would be loaded"},
    "helpUri": "https://man7.org/linux/man-pages/man8/ld.so.8.html",
}


def document_sarif(found: Examination, uri: str) -> dict[str, Any]:
    """Return one run of SARIF 2.1.0; ``uri`` names the file or the prefix that was looked at."""
    findings = found.judgement.new
    codes = dict.fromkeys(finding.code for finding in findings)
    rules = [_document_rule(rule) for code in codes for rule in find_rules(code)]
    rules += [_SHADOW] if found.shadows else []
    results = [_document_finding(finding, _locate(finding, found, uri)) for finding in findings]
    results += [_document_shadow(shadow, {"artifactLocation": {"uri": uri}}) for shadow in found.shadows]
    driver = {"name": "conda-cuda-pin", "rules": rules}
    unread = [{"level": "warning", "message": {"text": f"{p.source}: {p.detail}"}} for p in found.problems]
    invocation = {"executionSuccessful": True, "toolExecutionNotifications": unread}
    run = {"tool": {"driver": driver}, "invocations": [invocation], "results": results}
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _document_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.word,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "helpUri": rule.source,
    }


def _document_finding(finding: Finding, place: dict[str, Any]) -> dict[str, Any]:
    remedy = f" Try: {', '.join(finding.remedy)}." if finding.remedy else ""
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}.{remedy}"},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"subject/v1": " ".join((finding.code, *finding.subject))},
    }


def _document_shadow(shadow: Shadow, place: dict[str, Any]) -> dict[str, Any]:
    return {
        "ruleId": _SHADOW["id"],
        "level": "warning",
        "message": {"text": describe_shadow(shadow).removeprefix("warning: ")},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"subject/v1": f"{shadow.library} {shadow.winner}"},
    }


def _locate(finding: Finding, found: Examination, uri: str) -> dict[str, Any]:
    names = (package.split(" ")[0] for package in finding.packages)
    line = next((found.lines[name] for name in names if name in found.lines), None)
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    return {**place, "region": {"startLine": line}} if line else place
