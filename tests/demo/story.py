"""What a story of the demonstration is: a captured host, and what somebody types there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOSTS = Path(__file__).parent / "hosts"
_RULE = "=" * 100


@dataclass(frozen=True)
class Story:
    """One host and the commands that somebody types there."""

    title: str
    host: str
    """A file in ``hosts``, as ``conda cuda-pin status --json`` writes it."""
    commands: tuple[str, ...]
    cuda: str = ""
    """The CUDA version of its driver, for conda alone; empty without a driver."""
    start: str = ""
    """An environment of an earlier story to begin with."""

    @property
    def file(self) -> Path:
        """The captured host."""
        return HOSTS / f"{self.host}.json"

    @property
    def head(self) -> str:
        """What is printed above it."""
        return f"\n{_RULE}\n{self.title}\n{_RULE}"


def show(side: str, outcome: str, words: str) -> str:
    """Return what one side came to, and below it what it said."""
    said = [f"  {'':21} | {line}".rstrip() for line in words.strip().splitlines()]
    return "\n".join([f"  {side + ':':21} {outcome}".rstrip(), *said])
