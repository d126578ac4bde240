"""conda's entry point: hook implementations and nothing else; conda loads this module on every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conda.plugins import hookimpl

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable


@hookimpl(hookwrapper=True)
def conda_solvers() -> Generator[None, Any, None]:
    """Put the steering in front of every solver that is registered, under its own name."""
    outcome = yield
    from .hooks.backend import wrap_solvers

    outcome.force_result(wrap_solvers(outcome.get_result()))


@hookimpl(hookwrapper=True)
def conda_virtual_packages() -> Generator[None, Any, None]:
    """Answer ``__cuda`` in conda's place, and ``__cuda_arch`` where nobody else does."""
    outcome = yield
    from .hooks.virtual_packages import replace_cuda

    outcome.force_result(replace_cuda(outcome.get_result()))


@hookimpl
def conda_settings() -> Iterable[Any]:
    """Register ``plugins.cuda_pin_*``."""
    from .hooks.settings import define_settings

    yield from define_settings()


@hookimpl
def conda_pre_commands() -> Iterable[Any]:
    """Look at what no solver sees: explicit files and package URLs, clones, revisions."""
    from .hooks.pre_command import define_pre_commands

    yield from define_pre_commands()


@hookimpl
def conda_subcommands() -> Iterable[Any]:
    """Register ``conda cuda-pin``."""
    from .hooks.subcommand import define_subcommands

    yield from define_subcommands()


@hookimpl
def conda_health_checks() -> Iterable[Any]:
    """Register the health check of ``conda doctor``."""
    from .hooks.health import define_health_checks

    yield from define_health_checks()
