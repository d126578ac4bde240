"""The only code that looks at the machine: which CUDA its driver can run, which GPUs it has, how that is known.

Names are imported when first used, so that importing this package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .declaration import declared_host as declared_host
    from .declaration import host_from_json as host_from_json
    from .declaration import host_to_json as host_to_json
    from .detection import detect_host as detect_host
    from .machine import Machine as Machine
    from .overrides import Overrides as Overrides
    from .overrides import read_overrides as read_overrides
    from .target import read_target as read_target

_HOMES = {
    "Machine": "machine",
    "Overrides": "overrides",
    "declared_host": "declaration",
    "detect_host": "detection",
    "host_from_json": "declaration",
    "host_to_json": "declaration",
    "read_overrides": "overrides",
    "read_target": "target",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module; raises AttributeError for any other name."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
