"""The ways in which a server is bad: each is one value, set for the addresses it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """What takes the place of a right answer; what is not set stays right."""

    status: int | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    """Seconds before the answer."""
    keep: int | None = None
    """How many bytes of the body are sent before the connection ends; all are promised."""
    silent: bool = False
    """The connection ends without any answer."""


def redirect(to: str, status: int = 302) -> Fault:
    """Send elsewhere; to its own address is a loop."""
    return Fault(status, b"", {"Location": to})


def replace(body: bytes) -> Fault:
    """Give another body, with the same promises about it."""
    return Fault(body=body)


def refuse(status: int) -> Fault:
    """Answer with an error."""
    return Fault(status, b"")


def truncate(keep: int) -> Fault:
    """End in the middle of the body."""
    return Fault(keep=keep)


SILENCE = Fault(silent=True)
