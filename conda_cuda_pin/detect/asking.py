"""Gets an answer about the driver: what was kept, else from its libraries, else from nvidia-smi."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..host import Evidence, Outcome
from .answer import Answer, End

if TYPE_CHECKING:
    from .facts import Facts
    from .machine import Machine


_NVML_NOT_FOUND = 12
"""NVML_ERROR_LIBRARY_NOT_FOUND, which pynvml says without any library."""


def ask_driver(machine: Machine, facts: Facts, *, want_gpus: bool) -> tuple[Answer, tuple[Evidence, ...]]:
    """Return the answer, and evidence of how it came."""
    if not needs_probe(facts):
        return Answer(end=End.NOT_ASKED, asked_gpus=want_gpus), ()
    from .cache import Cache

    cache = Cache(machine, facts)
    kept = cache.read()
    if kept is not None and kept.serves(want_gpus=want_gpus):
        return kept.answer, (kept.describe(),)
    answer, pieces = _ask_anew(machine, facts, want_gpus=want_gpus)
    failure = cache.keep(answer, kept)
    return answer, (*pieces, failure) if failure else pieces


def needs_probe(facts: Facts) -> bool:
    """Whether there is anything to ask. Nothing is started on a machine without a driver.

    Where nouveau or vfio hold every GPU, NVIDIA's programs take 10 s to fail: they are not asked either.
    """
    if facts.is_held_by_others:
        return False
    return facts.has_driver or facts.tegra


def _ask_anew(machine: Machine, facts: Facts, *, want_gpus: bool) -> tuple[Answer, tuple[Evidence, ...]]:
    answer = machine.ask_probe(facts, want_gpus=want_gpus)
    if not needs_smi(facts, answer):
        return answer, ()
    said = machine.ask_smi(facts)
    joined = Answer(answer.replies + said.replies, answer.end, answer.detail, answer.milliseconds, want_gpus)
    if said.replies:
        return joined, ()
    outcome = Outcome.ABSENT if said.end is End.NOT_ASKED else Outcome.FAILED
    words = said.detail or "it named no GPU"
    return joined, (Evidence("nvidia-smi", outcome, words, said.milliseconds),)


def needs_smi(facts: Facts, answer: Answer) -> bool:
    """Whether nvidia-smi may know more: the libraries could not be loaded or crashed, or Python could not be started.

    After a hang it is not asked: it would hang in the same call.
    """
    if answer.end is End.SPAWN_FAILED:
        return True
    if answer.end is End.CRASH and not any(reply.cuda for reply in answer.replies):
        return True
    loaded = any(reply.code not in (None, _NVML_NOT_FOUND) for reply in answer.replies)
    return answer.end is End.FINISHED and not loaded and not facts.tegra
