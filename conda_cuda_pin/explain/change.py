"""What is said about a change: refused, unsolvable, steered, or worth a warning."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ..caps import beyond
from ..component import Component, Role, Variant, read_components
from ..knowledge.packages import members, toolkit_parts
from ..limit import find_limit
from ..pin import Kind
from ..plan import CPU_BUILD, CUDA_BUILD
from ..request import Request, Spec
from ..span import Span
from ..versions import CudaVersion
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
_FIRST = ("pytorch", "jaxlib", "tensorflow")
"""The frameworks by which a family is named."""
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
        *(("instead", line) for line in _suggest_host(error, host, command)),
        ("anyway", f"{ONCE} {command}"),
    ]
    held = any(pin.kind is Kind.HOLD for pin, _ in broken)
    head = (
        "no solution leaves the installed CUDA builds in place"
        if held
        else "no solution keeps to what this host can run"
    )
    return f"{head}; nothing was changed.\n\n" + _table(rows)


def _suggest_host(error: ExcludedError, host: Host, command: str) -> list[str]:
    """Suggest to declare the host where a CUDA build is held and no driver is seen."""
    built = [CudaVersion.from_tag(pin.reason) for pin in error.pins if pin.kind is Kind.HOLD]
    held = max((version for version in built if version is not None), default=None)
    if host.driver_cuda is not None or held is None:
        return []
    return [f"CONDA_OVERRIDE_CUDA={held} {command}   (with the CUDA version of the driver where it will run)"]


def find_broken(pins: Sequence[Pin], packages: Sequence[Package]) -> list[tuple[Pin, Package]]:
    """Pair each pin with the package that a solution without pins would have in its place, where there is one."""
    chosen = {package.name: package for package in packages}
    return [(pin, chosen[pin.name]) for pin in pins if pin.name in chosen and _breaks(pin, chosen[pin.name])]


def _breaks(pin: Pin, package: Package) -> bool:
    if pin.build and pin.build.strip("*") not in package.build:
        return True
    own = Span.parse(package.version)
    return bool(pin.version) and own.low not in Span.parse(pin.version)


def describe_outcome(
    plan: Plan,
    ascent: Ascent,
    judgement: Judgement,
    request: Request,
    before: Sequence[Package],
    dropped: Mapping[str, str],
) -> list[str]:
    """Say what was changed, refused or is worth a warning; nothing where plain conda would do the same.

    Args:
        plan: what was asked of the solver.
        ascent: what the ladder came to.
        judgement: what the rules say about it.
        request: what was asked for.
        before: what was installed.
        dropped: newest version of each package that the pins took from the solver's choice, where that is known.
    """
    known = set(before)
    new = [c for c in read_components(ascent.solution.packages) if c.package not in known]
    told: Sequence[Finding] = (*judgement.blocks, *judgement.warnings)
    if ascent.refused and plan.prefers is not None:
        told = [finding for finding in told if finding.word != "cpu-on-gpu"]
        lines = [_describe_refusal(ascent.refused, plan, request)]
    else:
        lines = _describe_preference(plan, ascent, new) or _describe_pins(ascent, new, request, dropped)
    return [*lines, *describe_findings(told, request)]


def _describe_preference(plan: Plan, ascent: Ascent, new: Sequence[Component]) -> list[str]:
    preferred = {pin.name for pin in ascent.pins if pin.kind is Kind.PREFERENCE}
    chosen = [c for c in new if c.name in preferred and c.variant is plan.prefers]
    if not chosen or plan.prefers is None:
        return []
    reason = plan.limit.reason if plan.limit else "no NVIDIA driver here"
    listed = ", ".join(f"{c.name} {c.package.version}" for c in chosen)
    return [f"{reason}: chose {plan.prefers.value.upper()} builds of {listed}"]


def _describe_pins(ascent: Ascent, new: Sequence[Component], request: Request, dropped: Mapping[str, str]) -> list[str]:
    """Name one package that a pin kept from its newest version: a selector, or a part that nothing else binds."""
    parts = toolkit_parts()
    telling = [c for c in new if c.role is Role.SELECTOR and c.name not in request.names]
    telling += [c for c in new if c.name in parts and parts[c.name].soname_stable]
    reasons = {pin.name: pin.reason for pin in ascent.pins}
    for component in telling:
        version = component.package.version
        newest = dropped.get(component.name, version)
        if component.name in reasons and newest != version:
            return [f"{reasons[component.name]}: {component.name} {version} instead of {newest}"]
    return []


def _describe_refusal(losses: Sequence[Loss], plan: Plan, request: Request) -> str:
    ordered = sorted(losses, key=lambda loss: (loss.name not in request.names, loss.name not in _FIRST))
    first = ordered[0]
    named = {*request.names, *_FIRST, "python"}
    telling = [loss for loss in ordered if loss.name in named] or ordered
    listed = ", ".join(f"{loss.name} {loss.offered}" for loss in telling)
    kind, other, build = ("CUDA", "CPU", CUDA_BUILD) if plan.prefers is Variant.CUDA else ("CPU", "CUDA", CPU_BUILD)
    reason = f" ({plan.limit.reason})" if plan.limit else ""
    wish = shlex.quote(f"{first.name}=*={build}")
    return (
        f"no {kind} build of {first.name} {first.kept} fits here{reason}: kept the {other} build. "
        f"A {kind} build would mean {listed}; ask for it with {wish}"
    )


def describe_findings(findings: Sequence[Finding], request: Request) -> list[str]:
    """Name findings, one line each, what was asked for first; the rest of a long list is counted."""
    ordered = sorted(findings, key=lambda finding: _rank(finding, request))
    by_code: dict[str, list[Finding]] = {}
    for finding in ordered:
        by_code.setdefault(finding.code, []).append(finding)
    lines = []
    for code, group in by_code.items():
        lines += [f"{code} {finding.word}: {finding.message}" for finding in group[:2]]
        if len(group) > 2:
            lines.append(f"{code}: and {len(group) - 2} more packages")
    return lines[:SHOWN]


def _rank(finding: Finding, request: Request) -> tuple[str, bool, bool]:
    """Sort what was asked for before frameworks, and these before the rest."""
    names = {package.split(" ")[0] for package in finding.packages}
    return finding.code, not names & request.names, not names & members().keys()


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
