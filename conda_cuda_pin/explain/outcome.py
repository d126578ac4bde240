"""What is said about a change that goes through: steered, refused a wish, or worth a warning."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ..component import Component, Role, Variant, read_components
from ..knowledge.packages import core_names, toolkit_parts
from ..limit import advise_target
from ..pin import Kind
from ..plan import CPU_BUILD, CUDA_BUILD
from .block import describe_findings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..host import Host
    from ..judge import Judgement
    from ..ladder import Ascent, Loss
    from ..package import Package
    from ..plan import Plan
    from ..request import Request
    from ..rules import Finding


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
        lines = _describe_refusal(ascent.refused, plan, new, request)
    else:
        lines = _describe_preference(plan, ascent, new, request) or _describe_board(plan, ascent)
        lines = lines or _describe_pins(ascent, new, request, dropped)
    return [*lines, *describe_findings(told, request, each=1)]


def describe_elsewhere(host: Host, plan: Plan, packages: Sequence[Package], before: Sequence[Package]) -> list[str]:
    """Say how to declare a host, where CPU builds were chosen and what is made here may be for another one."""
    advice, known = advise_target(host), set(before)
    new = [c for c in read_components(packages) if c.package not in known] if advice else []
    chosen = [c for c in new if c.is_core and c.variant is Variant.CPU and c.family not in plan.decided]
    return [advice] if chosen else []


def _describe_preference(plan: Plan, ascent: Ascent, new: Sequence[Component], request: Request) -> list[str]:
    preferred = {pin.name for pin in ascent.pins if pin.kind is Kind.PREFERENCE}
    chosen = [c for c in new if c.name in preferred and c.variant is plan.prefers]
    if not chosen or plan.prefers is None:
        return []
    named = [c for c in chosen if c.name in core_names() | request.names] or chosen
    listed = ", ".join(f"{c.name} {c.package.version}" for c in named)
    return [f"{plan.why_prefers}: chose {plan.prefers.value.upper()} builds of {listed}"]


def _describe_board(plan: Plan, ascent: Ascent) -> list[str]:
    return [f"{plan.board.reason}: chose the builds for it ({plan.board})"] if plan.board in ascent.pins else []


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


def _describe_refusal(losses: Sequence[Loss], plan: Plan, new: Sequence[Component], request: Request) -> list[str]:
    """Say which variant was not taken, what it would have cost, and how to have it all the same."""
    kept = [c for c in new if c.role is Role.FRAMEWORK and c.variant is not plan.prefers]
    kept.sort(key=lambda c: (c.name not in request.names, c.name not in core_names()))
    first = kept[0] if kept else None
    if first is None or plan.prefers is None:
        return []
    kind, other, build = ("CUDA", "CPU", CUDA_BUILD) if plan.prefers is Variant.CUDA else ("CPU", "CUDA", CPU_BUILD)
    named = core_names() | request.names | {"python"}
    telling = [loss for loss in losses if loss.name in named] or losses
    listed = ", ".join(f"{loss.name} {loss.offered}" for loss in telling)
    reason = plan.limit.reason if plan.limit else plan.why_prefers
    wish = shlex.quote(f"{first.name}=*={build}")
    if kind == "CUDA" and first.from_pytorch and not any(name.startswith("nvidia") for name in request.channels):
        wish = "pytorch-cuda -c nvidia"  # what its builds need lies there
    text = (
        f"no {kind} build of {first.name} {first.package.version} fits here ({reason}): kept the {other} build. "
        f"A {kind} build would mean {listed}; ask for it with {wish}"
    )
    return [text]
