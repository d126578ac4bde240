"""The host to install for, asked for once in a process."""

from __future__ import annotations

import functools
import os
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import HostError
from ..host import Evidence, Outcome
from .words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..host import Host
    from ..settings import Settings


_serving: ContextVar[Host | None] = ContextVar("serving", default=None)


@contextmanager
def serve_host(host: Host) -> Iterator[None]:
    """Let ``__cuda`` be this host's for the time of a solve, whatever prefix conda's context may point at."""
    token = _serving.set(host)
    try:
        yield
    finally:
        _serving.reset(token)


def served_host() -> Host | None:
    """Return the host of the solve under way, None outside of one."""
    return _serving.get()


def find_host(settings: Settings) -> Host:
    """Return the declared host of the settings, else this machine; raises HostError for a value no host can have."""
    from conda.base.context import context

    if settings.target:
        from ..detect import read_target

        return read_target(settings.target, context.subdir)
    return detect_here(_virtual_overrides(context))


@functools.cache
def detect_here(overrides: tuple[tuple[str, str], ...] = ()) -> Host:
    """Look at this machine; the answer is kept for the life of the process.

    An override that cannot be read is said once and left out: no command of conda fails for it.
    """
    from ..detect import detect_host, read_overrides

    try:
        return detect_host(read_overrides(os.environ, dict(overrides)))
    except HostError as error:
        say(f"warning: {error} Until then it is ignored.")
        unread = Evidence("override", Outcome.FAILED, str(error))
        host = detect_host()
        return replace(host, evidence=(*host.evidence, unread))


def _virtual_overrides(context: Any) -> tuple[tuple[str, str], ...]:
    """Read ``override_virtual_packages`` of .condarc, which conda knows since 25.3."""
    found: Mapping[str, str] = getattr(context, "override_virtual_packages", None) or {}
    return tuple(sorted((name.removeprefix("__"), str(value)) for name, value in found.items()))
