"""One solve and everything that is known about it beforehand."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..component import read_components
from ..errors import HostError, SettingsError
from ..plan import Plan, make_plan
from ..request import Request
from .errors import CudaPinError
from .host import find_host
from .records import read_installed, to_spec
from .settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..host import Host
    from ..package import Package
    from ..settings import Settings


@dataclass(frozen=True)
class Case:
    """A request, the host it is for, the settings of its prefix, and the plan made from them."""

    prefix: str
    request: Request
    host: Host
    settings: Settings
    installed: tuple[Package, ...]
    plan: Plan


def open_case(solver: Any) -> Case | None:
    """Gather what is known about a solver's request; None where the plugin has no business there.

    Raises:
        CudaPinError: a setting or an override has a value that it cannot have.
    """
    if solver.specs_to_remove or "conda_build" in sys.modules:
        return None
    prefix = str(solver.prefix)
    settings, host = read_policy(prefix)
    if settings.off or (is_foreign(solver.subdirs) and not settings.target):
        return None
    installed = read_installed(prefix)
    request = read_request(solver)
    plan = make_plan(host, settings, request, read_components(installed))
    return Case(prefix, request, host, settings, installed, plan)


def read_policy(prefix: str) -> tuple[Settings, Host]:
    """Return the settings of a prefix and the host to install for; raises CudaPinError for impossible values."""
    try:
        settings = read_settings(prefix)
        return settings, find_host(settings)
    except (SettingsError, HostError) as error:
        raise CudaPinError(str(error)) from error


def is_foreign(subdirs: Any) -> bool:
    """Whether packages of another system are solved for: then this machine's driver says nothing."""
    from conda.base.context import context

    platforms = {str(subdir) for subdir in subdirs or context.subdirs} - {"noarch"}
    return bool(platforms) and context._native_subdir() not in platforms


def read_request(solver: Any) -> Request:
    """Read from a solver what is asked for."""
    specs = tuple(sorted(map(to_spec, solver.specs_to_add), key=str))
    command = getattr(solver, "_command", None)
    verb = command if isinstance(command, str) else "install"
    channels = tuple(channel.canonical_name for channel in solver.channels)
    named = tuple(spec.channel for spec in specs if spec.channel and spec.channel not in channels)
    return Request(verb, specs, (*channels, *named), describe_place(str(solver.prefix)), _describe_options())


def describe_place(prefix: str) -> str:
    """Return the options that name a prefix on a command line; empty for the active environment."""
    from conda.base.context import context, env_name

    if prefix == context.active_prefix:
        return ""
    name = env_name(prefix)
    return f"-p {shlex.quote(prefix)}" if not name or "/" in name or "\\" in name else f"-n {name}"


def _describe_options() -> str:
    from conda.base.context import context

    given: Sequence[str] = (context._argparse_args or {}).get("channel") or ()
    return " ".join(f"-c {shlex.quote(channel)}" for channel in given)
