"""What pip-cuda says: what was chosen and why, what is refused and what would work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..component import Variant, read_components
from ..knowledge.indexes import torch_names
from .block import describe_findings
from .command import ONCE, lay_out
from .host import describe_host

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ..host import Host
    from ..judge import Judgement
    from ..package import Package
    from ..request import Request
    from ..routing import Suggestion, WheelPlan
    from ..settings import Settings

SHOWN = 3
"""How many packages the line of a choice names."""


_BROKE = "this installation broke the environment."
_WOULD_BREAK = "this would break the environment; nothing was changed."


def describe_choice(host: Host, plan: WheelPlan, packages: Sequence[Package], request: Request) -> str:
    """Say in one line which builds were chosen, for what, and what should be known about that.

    Empty where the plan chose nothing that is installed.
    """
    routed = [package for package in packages if package.name in plan.routes]
    routed.sort(key=lambda package: package.name not in request.names)
    if not routed:
        return ""
    named = ", ".join(f"{package.name} {package.version}" for package in routed[:SHOWN])
    more = f" and {len(routed) - SHOWN} more" if len(routed) > SHOWN else ""
    notes = f" ({'; '.join(plan.notes)})" if plan.notes else ""
    return f"{describe_driver(host)}: {named}{more} from {routed[0].channel}{notes}"


def describe_leftover(
    host: Host, settings: Settings, request: Request, installed: Iterable[Package], planned: Iterable[Package]
) -> str:
    """Say that a CPU build which was asked for again stays on a host with CUDA; empty where none does, or is meant."""
    if host.driver_cuda is None or settings.variant == Variant.CPU.value or request.channels:
        return ""
    names = request.names - {package.name for package in planned}
    asked = (package for package in installed if package.name in names)
    staying = [c for c in read_components(asked, host.platform) if c.is_wheel and c.variant is Variant.CPU]
    if not staying:
        return ""
    there = ", ".join(map(str, staying))
    again = " ".join(component.name for component in staying)
    return f"{there} is a CPU build and stays; for one with CUDA: pip-cuda install --force-reinstall {again}"


def describe_compromise(name: str, packages: Iterable[Package], asked: Collection[str], command: Sequence[str]) -> str:
    """Say that a framework has to give way to the others, which versions fit together then, and the command."""
    import shlex

    named = " and ".join(f"{package.name} {package.version}" for package in packages if package.name in asked)
    return f"they do not fit together as asked; if {name} gives way, {named} do: {shlex.join(command)}"


def describe_driver(host: Host) -> str:
    """Say in a few words what decides: the driver and what it runs, or that there is none."""
    if host.driver_cuda is None:
        return "no NVIDIA driver here"
    release = f"driver {host.driver_release}" if host.driver_release else "the driver"
    least = "at least " if host.at_least else ""
    return f"{release} runs CUDA {least}{host.driver_cuda}"


def describe_wheel_plan(plan: WheelPlan) -> list[str]:
    """Say line by line what pip will be told, with the reasons."""
    by_route: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for name, route in plan.routes.items():
        by_route.setdefault((route.indexes, route.reason), []).append(name)
    lines = [f"route:    {_list(names)} <- {', '.join(places)}  ({why})" for (places, why), names in by_route.items()]
    if plan.others is not None:
        lines.append(f"route:    everything else <- {', '.join(plan.others.indexes)}  ({plan.others.reason})")
    lines += [f"version:  {window.requirement}  ({window.reason})" for window in plan.windows]
    return [*lines, *describe_suggestions(plan.suggestions), *plan.notes]


def describe_suggestions(suggestions: Iterable[Suggestion]) -> list[str]:
    """Say which names do not do what their users want, and which do."""
    return [f"instead of {s.name}: {s.instead or 'nothing'} ({s.reason})" for s in suggestions]


def describe_refusal(
    judgement: Judgement, plan: WheelPlan, request: Request, host: Host, instead: str, installed: bool = False
) -> str:
    """Say in one screen what is refused, why, what would work, and how to have it anyway.

    Args:
        judgement: what the rules say.
        plan: what had been planned; its dead ends are refusals too.
        request: what was asked for.
        host: the machine.
        instead: the command that works, where one is known.
        installed: the damage is done already, because only the files themselves could show it.
    """
    dead = [f"CUP503 wrong-index: {end.reason}" for end in plan.dead_ends]
    breaks = [*dead, *describe_findings(judgement.blocks, request)]
    codes = sorted({finding.code for finding in judgement.blocks} | ({"CUP503"} if dead else set()))
    rows = [
        ("asked", request.typed),
        ("host", describe_host(host)),
        *(("breaks" if not number else "", line) for number, line in enumerate(breaks)),
        *([("instead", instead)] if instead else []),
        ("mend", "pip-cuda check --repair") if installed else ("anyway", _override(request, codes)),
        ("more", "; ".join(f"pip-cuda explain {code}" for code in codes)),
    ]
    head = (
        "this installation broke the environment."
        if installed
        else "this would break the environment; nothing was changed."
    )
    return f"{head}\n\n{lay_out(rows)}"


def _override(request: Request, codes: Iterable[str]) -> str:
    return f"{ONCE} {request.typed}   (for good: cuda_pin_ignore: [{', '.join(codes)}] in .condarc)"


def suggest_requirements(
    judgement: Judgement, request: Request, written: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the requirements that keep the request's meaning and avoid what was found; nothing where none is known.

    Where torch changes, what is made for one torch alone loses its version.

    Args:
        judgement: what was found.
        request: what was asked for.
        written: by name, how it was written, extras included.
    """
    found = [spec for finding in judgement.blocks for spec in finding.remedy]
    remedies = tuple({_name(spec): spec for spec in reversed(found)}.values())[::-1]
    names = set(map(_name, remedies)) | {n for finding in judgement.blocks for n in finding.drops}
    paired = {name for name, row in torch_names().items() if row.pair} if "torch" in names else set()
    said = {**{spec.name: f"{spec.name}{spec.version}" for spec in request.specs}, **(written or {})}
    kept = [spec.name if spec.name in paired else said[spec.name] for spec in request.specs if spec.name not in names]
    return (*kept, *remedies) if remedies else ()


def document_wheel_plan(plan: WheelPlan) -> dict[str, Any]:
    """Return a plan as a JSON value."""
    return {
        "routes": {
            name: {"indexes": list(route.indexes), "reason": route.reason} for name, route in plan.routes.items()
        },
        "others": list(plan.others.indexes) if plan.others is not None else None,
        "windows": [{"requirement": window.requirement, "reason": window.reason} for window in plan.windows],
        "suggestions": [{"name": s.name, "instead": s.instead, "reason": s.reason} for s in plan.suggestions],
        "dead_ends": [{"name": end.name, "index": end.index, "reason": end.reason} for end in plan.dead_ends],
        "notes": list(plan.notes),
    }


def document_packages(packages: Iterable[Package]) -> list[dict[str, str]]:
    """Return packages as JSON values."""
    return [{"name": p.name, "version": p.version, "source": p.channel} for p in packages]


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _name(requirement: str) -> str:
    import re

    match = re.match(r"[\w.-]+", requirement)
    return match[0].lower() if match else ""
