"""Keeps answers between commands: one private file for each state that the machine can be in.

The name of a file is the hash of all that can change an answer (this boot, driver, libraries, device nodes...), so that
nodes which share a home directory do not overwrite each other's. No lock: a file is replaced as a whole.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..host import Evidence, Outcome
from .answer import Answer, End
from .cache_key import make_key, name_key
from .private_file import is_private, make_private, prune, read_private, replace_file

if TYPE_CHECKING:
    from .facts import Facts
    from .machine import Machine

FORMAT = 1
"""Raised when the probe or its replies change: entries of another format are ignored."""
FULL_SECONDS = 24 * 3600.0
INCOMPLETE_SECONDS = 600.0
"""How long an answer is believed that lacks GPUs or their compute capability."""
TOMBSTONE_SECONDS, TOMBSTONE_SECONDS_MOST = 300.0, 3600.0
"""How long a driver that hung or crashed is not asked again: the first time, and at most, doubling in between."""


@dataclass(frozen=True)
class Kept:
    """An answer that was kept."""

    answer: Answer
    age: float
    """Seconds."""
    lasts: float
    """Seconds."""
    strikes: int
    """How many times in a row the driver hung or crashed."""
    path: str

    def serves(self, *, want_gpus: bool) -> bool:
        """Whether it need not be asked again. A driver that hung is not asked for more either."""
        if self.age > self.lasts:
            return False
        return self.strikes > 0 or self.answer.asked_gpus or not want_gpus

    def describe(self) -> Evidence:
        """Return the evidence that this is not fresh."""
        words = f"answered {self.age:.0f} s ago, believed for {self.lasts:.0f} s: {self.path}"
        if self.strikes:
            words = f"the driver failed {self.strikes} times and is left alone for a while; {words}"
        return Evidence("cache", Outcome.FOUND, words)


class Cache:
    """The answers kept for one state of one machine."""

    def __init__(self, machine: Machine, facts: Facts) -> None:
        self._machine = machine
        self._key = make_key(machine, facts)
        self._name = f"{name_key(self._key)}.json"
        can_tell_boots = machine.system == "win32" or bool(machine.read_boot_id())
        self._directories = machine.cache_directories if can_tell_boots else ()

    def read(self) -> Kept | None:
        """Return the answer kept for this state; None for none, or one that cannot be trusted."""
        for directory in self._directories:
            path = os.path.join(directory, self._name)  # noqa: PTH118
            try:
                return self._read_file(path) if is_private(directory) else None
            except FileNotFoundError:
                continue
            except (OSError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
                return None  # Foreign, damaged, too large: as if there were none. It will be written anew.
        return None

    def keep(self, answer: Answer, before: Kept | None) -> Evidence | None:
        """Keep an answer worth keeping; return evidence where that failed."""
        broken = answer.end in (End.CRASH, End.TIMEOUT)
        strikes = (before.strikes if before else 0) + 1 if broken else 0
        lasts = choose_lifetime(answer, strikes)
        if not lasts or not self._directories:
            return None
        entry = {
            "format": FORMAT,
            "key": self._key,
            "written": self._machine.read_clock(),
            "lasts": lasts,
            "strikes": strikes,
            "answer": answer.to_mapping(),
        }
        return self._write(json.dumps(entry).encode())

    def _read_file(self, path: str) -> Kept | None:
        entry = json.loads(read_private(path))
        if not isinstance(entry, dict) or entry.get("format") != FORMAT or entry.get("key") != self._key:
            return None
        age = self._machine.read_clock() - float(entry["written"])
        lasts, strikes = min(float(entry["lasts"]), FULL_SECONDS), int(entry["strikes"])
        if not age >= 0:  # Written in the future; also "not a number".
            return None
        return Kept(Answer.from_mapping(entry["answer"]), age, lasts, strikes, path)

    def _write(self, data: bytes) -> Evidence | None:
        """Write into the first directory that takes it."""
        reasons = []
        for directory in self._directories:
            reason = self._try_to_write(directory, data)
            if not reason:
                return None
            reasons.append(reason)
        return Evidence("cache", Outcome.FAILED, f"the answer cannot be kept: {'; '.join(reasons)}")

    def _try_to_write(self, directory: str, data: bytes) -> str:
        """Return why nothing could be written; "" where it was."""
        try:
            make_private(directory)
            replace_file(os.path.join(directory, self._name), data)  # noqa: PTH118
        except OSError as error:
            return f"{directory}: {error.strerror or error}"
        prune(directory)
        return ""


def choose_lifetime(answer: Answer, strikes: int) -> float:
    """Return how many seconds an answer is believed; 0 for one that is not kept, as when nothing was found."""
    if strikes:
        return float(min(TOMBSTONE_SECONDS * 2 ** min(strikes - 1, 10), TOMBSTONE_SECONDS_MOST))
    if answer.end is not End.FINISHED or not any(reply.code == 0 for reply in answer.replies):
        return 0.0
    gpus = [reply for reply in answer.replies if reply.gpu is not None]
    complete = bool(gpus) and all(reply.capability for reply in gpus)
    return FULL_SECONDS if complete or not answer.asked_gpus else INCOMPLETE_SECONDS
