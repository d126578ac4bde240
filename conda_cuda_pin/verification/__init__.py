"""Whether the frameworks of an environment work: each is imported in a process of its own, with a deadline."""

from __future__ import annotations

from .environment import verify

__all__ = ["verify"]
