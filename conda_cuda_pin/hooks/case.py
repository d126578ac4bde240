"""One solve and everything that is known about it beforehand."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..component import Variant, read_components
from ..errors import HostError, SettingsError
from ..intent import asks_about_cuda
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

_BUILDING = "conda_build.build"
"""Imported only while conda-build builds; its plugin module is there on every command once it is installed."""


@dataclass(frozen=True)
class Case:
    """A request, the host it is for, the settings of its prefix, and the plan made from them."""

    prefix: str
    request: Request
    host: Host
    settings: Settings
    installed: tuple[Package, ...]
    plan: Plan

    @property
    def serving(self) -> Host:
        """The host that the solver is to see as ``__cuda``.

        Where no driver is seen, an environment with CUDA builds speaks for the host it is meant for: on a login node
        its builds stay solvable, so that an unrelated install goes through and nothing is swapped for CPU builds. For
        the same reason an environment that needs more than the driver runs is left as it is by commands that are not
        about CUDA.
        """
        driver = self.host.driver_cuda
        if not self.plan.holds or (driver is not None and asks_about_cuda(self.request)):
            return self.host
        built = (c.toolkit for c in read_components(self.installed) if c.variant is Variant.CUDA)
        known = [toolkit for toolkit in (driver, *built) if toolkit is not None]
        return replace(self.host, driver_cuda=max(known, default=None))

    def plan_without(self, name: str) -> tuple[Plan, Request]:
        """Return the plan for the request without what it says about one package, and that request."""
        less = replace(self.request, specs=tuple(spec for spec in self.request.specs if spec.name != name))
        return make_plan(self.host, self.settings, less, read_components(self.installed)), less


def open_case(solver: Any) -> Case | None:
    """Gather what is known about a solver's request; None where the plugin has no business there.

    Raises:
        CudaPinError: a setting or an override has a value that it cannot have.
    """
    if solver.specs_to_remove or _BUILDING in sys.modules:
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
        if settings.ignore:
            from ..rules import check_ignored

            check_ignored(settings)
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
    verb = command if isinstance(command, str) else _guess_verb(str(solver.prefix))
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


def _guess_verb(prefix: str) -> str:
    """Name the verb for a solve that does not say it (``conda env create``): what is not there is to be created."""
    return "install" if (Path(prefix) / "conda-meta").is_dir() else "create"


def _describe_options() -> str:
    """Return the options that a copied command needs to solve in the same channels; credentials are left out."""
    from conda.base.context import context
    from conda.common.url import mask_anaconda_token, remove_auth

    arguments = context._argparse_args or {}
    options = ["--override-channels"] if arguments.get("override_channels") else []
    given: Sequence[str] = arguments.get("channel") or ()
    options += [f"-c {shlex.quote(mask_anaconda_token(remove_auth(channel)))}" for channel in given]
    return " ".join(options)
