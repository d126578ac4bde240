"""What is said about a change: refused, unsolvable, steered, or worth a warning."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ..caps import beyond
from ..component import Component, Variant, read_components
from ..limit import find_limit
from ..pin import Kind
from ..plan import CPU_BUILD, CUDA_BUILD
from ..request import Request, Spec
from ..span import Span
from .host import describe_host

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..host import Host
    from ..judge import Judgement
    from ..ladder import Ascent, ExcludedError, Loss
    from ..package import Package
    from ..pin import Pin
    from ..plan import Plan
    from ..rules import Finding
    from ..settings import Settings

ONCE = "CONDA_PLUGINS_CUDA_PIN_MODE=warn"
"""The way to override for one command."""
SHOWN = 6
"""How many findings or packages a screen names before it counts the rest."""


def describe_block(judgement: Judgement, request: Request, host: Host, settings: Settings) -> str:
    """Say in one screen what is refused, why, what would work, and how to have it anyway."""
    blocks = judgement.blocks
    codes = sorted({finding.code for finding in blocks})
    command = describe_command(request)
    rows = [
        ("asked", command),
        ("host", describe_host(host)),
        *(("breaks" if not number else "", line) for number, line in enumerate(describe_findings(blocks, request))),
        ("instead", suggest_command(blocks, request, host, settings)),
        ("anyway", f"{ONCE} {command}   (for good: cuda_pin_ignore: [{', '.join(codes)}] in .condarc)"),
        ("more", "; ".join(f"conda cuda-pin explain {code}" for code in codes)),
    ]
    return "this change would break the environment; nothing was changed.\n\n" + _table(rows)


def describe_excluded(error: ExcludedError, request: Request, host: Host) -> str:
    """Say that the pins made a request unsolvable, what they are, and what conda would have chosen without them."""
    command = describe_command(request)
    broken = find_broken(error.pins, error.without.packages)
    rows = [
        ("asked", command),
        ("host", describe_host(host)),
        *(("kept to" if not n else "", f"{pin}  ({pin.reason})") for n, (pin, _) in enumerate(broken[:SHOWN])),
        *(
            ("without" if not n else "", f"conda would choose {package}")
            for n, (_, package) in enumerate(broken[:SHOWN])
        ),
        ("anyway", f"{ONCE} {command}"),
    ]
    held = any(pin.kind is Kind.HOLD for pin, _ in broken)
    head = (
        "no solution leaves the installed CUDA builds in place"
        if held
        else "no solution keeps to what this host can run"
    )
    return f"{head}; nothing was changed.\n\n" + _table(rows)


def find_broken(pins: Sequence[Pin], packages: Sequence[Package]) -> list[tuple[Pin, Package]]:
    """Pair each pin with the package that a solution without pins would have in its place, where there is one."""
    chosen = {package.name: package for package in packages}
    return [(pin, chosen[pin.name]) for pin in pins if pin.name in chosen and _breaks(pin, chosen[pin.name])]


def _breaks(pin: Pin, package: Package) -> bool:
    if pin.build and pin.build.strip("*") not in package.build:
        return True
    own = Span.parse(package.version)
    return bool(pin.version) and own.low not in Span.parse(pin.version)


def describe_steering(plan: Plan, ascent: Ascent, before: Sequence[Package], dropped: Mapping[str, str]) -> list[str]:
    """Say what was changed or refused on the way to a solution; nothing where plain conda would do the same.

    Args:
        plan: what was asked of the solver.
        ascent: what the ladder came to.
        before: what was installed.
        dropped: newest version of each package that the caps took from the solver's choice, where that is known.
    """
    known = set(before)
    new = [c for c in read_components(ascent.solution.packages) if c.package not in known]
    lines = _describe_preference(plan, ascent, new) or _describe_caps(plan, new, dropped)
    if ascent.refused and plan.prefers is not None:
        lines.append(_describe_refusal(ascent.refused, plan.prefers))
    return lines


def _describe_preference(plan: Plan, ascent: Ascent, new: Sequence[Component]) -> list[str]:
    preferred = {pin.name for pin in ascent.pins if pin.kind is Kind.PREFERENCE}
    chosen = [c for c in new if c.name in preferred and c.variant is plan.prefers]
    if not chosen or plan.prefers is None:
        return []
    reason = plan.limit.reason if plan.limit else "no NVIDIA driver here"
    listed = ", ".join(f"{c.name} {c.package.version}" for c in chosen)
    return [f"{reason}: chose {plan.prefers.value.upper()} builds of {listed}"]


def _describe_caps(plan: Plan, new: Sequence[Component], dropped: Mapping[str, str]) -> list[str]:
    capped = [c for c in new if c.name in dropped]
    if not capped or plan.limit is None:
        return []
    first = capped[0]
    return [f"{plan.limit.reason}: {first.name} {first.package.version} instead of {dropped[first.name]}"]


def _describe_refusal(losses: Sequence[Loss], prefers: Variant) -> str:
    listed = ", ".join(f"{loss.name} {loss.offered} instead of {loss.kept}" for loss in losses[:3])
    build = CUDA_BUILD if prefers is Variant.CUDA else CPU_BUILD
    wish = shlex.quote(f"{losses[0].name}=*={build}")
    return f"{prefers.value.upper()} builds would mean {listed}; kept the newer ones. To have them all the same: {wish}"


def describe_findings(findings: Sequence[Finding], request: Request) -> list[str]:
    """Name findings, one line each, what was asked for first; the rest of a long list is counted."""
    ordered = sorted(findings, key=lambda f: (f.code, not any(p.split(" ")[0] in request.names for p in f.packages)))
    by_code: dict[str, list[Finding]] = {}
    for finding in ordered:
        by_code.setdefault(finding.code, []).append(finding)
    lines = []
    for code, group in by_code.items():
        lines += [f"{code} {finding.word}: {finding.message}" for finding in group[:2]]
        if len(group) > 2:
            lines.append(f"{code}: and {len(group) - 2} more packages")
    return lines[:SHOWN]


def suggest_command(findings: Sequence[Finding], request: Request, host: Host, settings: Settings) -> str:
    """Compose a command that keeps the request's meaning and avoids what was found."""
    limit = find_limit(host, settings)
    remedies = list(dict.fromkeys(spec for finding in findings for spec in finding.remedy))[:1]
    names = {remedy.split("=")[0].split("<")[0].split(">")[0] for remedy in remedies}
    kept = [s for s in request.specs if s.name not in names and not (limit and beyond(s, limit))]
    relaxed = [Spec(s.name, s.version) for s in request.specs if s not in kept and s.name not in names and s.build]
    specs = (*map(str, kept), *map(str, relaxed), *remedies)
    return describe_command(Request(request.verb, (), request.channels, request.where), specs)


def describe_command(request: Request, specs: Sequence[str] | None = None) -> str:
    """Compose the command line of a request, ready to be copied."""
    named = tuple(map(str, request.specs)) if specs is None else tuple(specs)
    verb = "install" if request.verb == "update" and named and specs is not None else request.verb
    arguments = " ".join(shlex.quote(spec) for spec in named) or ("--all" if verb == "update" else "")
    return " ".join(part for part in ("conda", verb, request.where, request.options, arguments) if part)


def _table(rows: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"  {head:<8} {text}" for head, text in rows)
