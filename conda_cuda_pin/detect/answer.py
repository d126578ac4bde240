"""What the driver's libraries answered, one reply at a time, and how the asking ended."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class End(str, Enum):
    """How the asking ended."""

    FINISHED = "finished"
    CRASH = "crash"
    TIMEOUT = "timeout"
    SPAWN_FAILED = "spawn-failed"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True)
class Reply:
    """One reply. Which fields are set depends on who replied; a reply about one GPU has its number in ``gpu``."""

    source: str
    """``libcuda``, ``NVML``, ``cuInit`` or ``nvidia-smi``; ``asking`` announces the call named in ``text``."""
    code: int | None = None
    """The library's return code; 0 is success."""
    text: str = ""
    path: str = ""
    cuda: int | None = None
    """As ``cuDriverGetVersion`` encodes it: 12040."""
    release: str = ""
    count: int | None = None
    """How many GPUs there are."""
    gpu: int | None = None
    name: str = ""
    capability: str = ""
    memory_mib: int | None = None
    mig: bool = False
    virtual: int | None = None
    """NVML's virtualisation mode: 0 none, 1 pass-through, 2 vGPU.

    https://docs.nvidia.com/deploy/nvml-api/group__nvmlGridEnums.html
    """
    ms: float | None = None
    """Milliseconds that the call took."""

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Reply:
        """Take the fields known here; raises ValueError where one has a type that it cannot have."""
        known = {name: mapping[name] for name in _TYPES if mapping.get(name) is not None}
        for name, value in known.items():
            if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and name != "mig"):
                raise ValueError(f"the field {name} is {value!r}")
        if "source" not in known:
            raise ValueError("a reply without its source")
        return cls(**known)

    def to_mapping(self) -> dict[str, Any]:
        """Return the fields that are set."""
        pairs = ((field.name, getattr(self, field.name), field.default) for field in fields(self))
        return {name: value for name, value, default in pairs if value != default}


_TYPES: dict[str, type | tuple[type, ...]] = {
    "source": str,
    "code": int,
    "text": str,
    "path": str,
    "cuda": int,
    "release": str,
    "count": int,
    "gpu": int,
    "name": str,
    "capability": str,
    "memory_mib": int,
    "mig": bool,
    "virtual": int,
    "ms": (int, float),
}


@dataclass(frozen=True)
class Answer:
    """All replies, and how the asking ended. What was learnt before a crash or a hang is kept."""

    replies: tuple[Reply, ...] = ()
    end: End = End.NOT_ASKED
    detail: str = ""
    """Words about the end: which signal, which error."""
    milliseconds: float | None = None
    asked_gpus: bool = True

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Answer:
        """Read what ``to_mapping`` wrote; raises ValueError where it is not that."""
        replies = mapping.get("replies")
        took = mapping.get("milliseconds")
        if not isinstance(replies, list) or not all(isinstance(reply, dict) for reply in replies):
            raise ValueError("replies that are not a list of mappings")
        return cls(
            replies=tuple(Reply.from_mapping(reply) for reply in replies),
            end=End(mapping.get("end")),
            detail=str(mapping.get("detail", "")),
            milliseconds=float(took) if isinstance(took, (int, float)) else None,
            asked_gpus=mapping.get("asked_gpus") is not False,
        )

    def to_mapping(self) -> dict[str, Any]:
        """Return the answer as JSON can hold it."""
        return {
            "replies": [reply.to_mapping() for reply in self.replies],
            "end": self.end.value,
            "detail": self.detail,
            "milliseconds": self.milliseconds,
            "asked_gpus": self.asked_gpus,
        }

    def pick(self, source: str) -> tuple[Reply, ...]:
        """Return the replies of one source, in order."""
        return tuple(reply for reply in self.replies if reply.source == source)

    @property
    def interrupted_call(self) -> str:
        """The call that did not come back; "" where all did."""
        last = self.replies[-1] if self.replies else None
        broken = self.end in (End.CRASH, End.TIMEOUT)
        return last.text if broken and last is not None and last.source == "asking" else ""


def drop_announcements(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """Return the replies without the announcements that were kept: all but one that is the very last."""
    kept = tuple(replies)
    return tuple(reply for reply in kept if reply.source != "asking" or reply is kept[-1])
