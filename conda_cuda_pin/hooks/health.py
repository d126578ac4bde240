"""The health check of ``conda doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def define_health_checks() -> Iterable[Any]:
    """Yield the health check."""
    from conda.plugins.types import CondaHealthCheck

    yield CondaHealthCheck(name="cuda", action=check_health)


def check_health(prefix: str, verbose: bool) -> None:
    """Print what the rules find in an environment, the notes only when asked for more."""
    from ..explain.examination import describe_examination
    from .examine import examine

    host, found = examine(prefix)
    print(describe_examination(found, host, notes=verbose))
