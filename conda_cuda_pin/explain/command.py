"""Command lines to copy, and the table that they stand in."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from ..caps import beyond
from ..limit import find_limit
from ..request import Request, Spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..host import Host
    from ..rules import Finding
    from ..settings import Settings

ONCE = "CONDA_PLUGINS_CUDA_PIN_MODE=warn"
"""The way to override for one command."""


def describe_command(request: Request, specs: Sequence[str] | None = None) -> str:
    """Compose the command line of a request, ready to be copied."""
    if request.typed and specs is None:
        return request.typed
    named = tuple(map(str, request.specs)) if specs is None else tuple(specs)
    verb = "install" if request.verb == "update" and named and specs is not None else request.verb
    arguments = " ".join(shlex.quote(spec) for spec in named) or ("--all" if verb == "update" else "")
    return " ".join(part for part in ("conda", verb, request.where, request.options, arguments) if part)


def suggest_command(findings: Sequence[Finding], request: Request, host: Host, settings: Settings) -> str:
    """Compose a command that keeps the request's meaning and avoids what was found."""
    limit = find_limit(host, settings)
    remedies = list(dict.fromkeys(spec for finding in findings for spec in finding.remedy))[:1]
    names = {re.split("[=<>]", remedy.rpartition("::")[2])[0] for remedy in remedies}
    names |= {name for finding in findings for name in finding.drops}
    kept = [s for s in request.specs if s.name not in names and not (limit and beyond(s, limit))]
    relaxed = [Spec(s.name, s.version) for s in request.specs if s not in kept and s.name not in names and s.build]
    specs = (*map(str, kept), *map(str, relaxed), *remedies)
    needs_nvidia = any(remedy.startswith("pytorch-cuda") for remedy in remedies) and not any(
        c.startswith("nvidia") for c in request.channels
    )
    options = f"{request.options} -c nvidia".strip() if needs_nvidia else request.options
    return describe_command(Request(request.verb, (), request.channels, request.where, options), specs)


def mask_credentials(channel: str) -> str:
    """Leave token and password out of the name of a channel."""
    return re.sub(r"//[^/@]+@", "//", re.sub(r"/t/[^/]+", "/t/<TOKEN>", channel))


def lay_out(rows: Sequence[tuple[str, str]]) -> str:
    """Lay rows of a head and a text under one another; an empty head goes on with the one above."""
    return "\n".join(f"  {head:<8} {text}" for head, text in rows)
