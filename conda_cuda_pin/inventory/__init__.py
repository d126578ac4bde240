"""One list of what an environment holds, conda's packages and pip's together; the only code that reads a prefix."""

from __future__ import annotations

from .survey import (
    Inventory,
    is_environment,
    read_distributions,
    read_inventory,
    read_wheels,
    take_distributions,
    take_inventory,
)

__all__ = [
    "Inventory",
    "is_environment",
    "read_distributions",
    "read_inventory",
    "read_wheels",
    "take_distributions",
    "take_inventory",
]
