"""CUP202 and CUP203: do wheels write over each other's libraries, or take them along when they go?"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from ..component import Role
from ..knowledge.wheels import libraries
from ..tag import split_name
from .overlaps import differ, find_lost, find_overlap, find_siblings, find_twins, find_winner, leading
from .removal import find_broken_by_removal
from .rule import Observation, Rule, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..component import Component
    from ..package import Package


def find_clobbered_files(state: State) -> Iterable[Observation]:
    """Find wheels that own the same library, where that breaks something."""
    pairs = set()
    for one, other in find_twins(state.only_wheels):
        pairs.add(frozenset((one.name, other.name)))
        yield from _judge_twins(one, other, state)
    for one, other in find_siblings(state.only_wheels):
        pairs.add(frozenset((one.name, other.name)))
        yield _observe_siblings(one, other, state)
    yield from _find_overlaps(state, pairs)


def _judge_twins(one: Component, other: Component, state: State) -> Iterator[Observation]:
    """Say what comes of two wheels with one library: newer over older works, older over newer does not.

    Measured with torch 2.14: NCCL 2.27 over 2.30 does not import, 2.32 does; cuDNN 9.10 over 9.24 is refused.
    Of two that are written together the older counts: pip writes -cu12 after -cu13. Of an environment that is only
    looked at, the file itself says which was written last; where it could not be read, it is a warning.
    """
    from ..requirement import compare

    if compare(one.package.version, other.package.version) == 0:
        return
    older, newer = (one, other) if compare(one.package.version, other.package.version) < 0 else (other, one)
    user, needed = _find_highest_need(older, newer, state)
    needed_now = user is not None and compare(older.package.version, needed) < 0
    is_check = state.request.verb == "check"
    winner = find_winner(older.package, newer.package)
    if winner is newer.package or find_lost(older.package) or find_lost(newer.package):
        return
    if (user is not None and not needed_now) or (user is None and is_check) or not (is_check or state.is_new(older)):
        return
    path = find_overlap(older.package, newer.package) or libraries()[split_name(older.name)[0]].shared
    done = winner is older.package
    message = f"{older} {'has overwritten' if done else 'would overwrite'} {path} of {newer}"
    if user is not None:
        message += f"; {user} needs {needed} or newer there"
    severity = Severity.BLOCK if needed_now and (done or not is_check) else Severity.WARN
    named = tuple(str(c) for c in (older, newer, user) if c is not None)
    subject = (older.name, older.package.version, newer.name)
    yield Observation(severity, subject, message, named, (f"{older.name}>={needed or newer.package.version}",))


def _find_highest_need(older: Component, newer: Component, state: State) -> tuple[Component | None, str]:
    """Return who needs the highest version of a library that two wheels share, and which.

    A plugin of jax asks for its libraries through an extra; where they are, they are there for it.
    """
    from ..requirement import compare, lowest_of, name_of, read_needs

    found: tuple[Component | None, str] = (None, "")
    for user in state.only_wheels:
        texts = [text for text in user.package.depends if name_of(text) in (older.name, newer.name)]
        for need in read_needs(texts, state.host.platform, extras=user.role is Role.PLUGIN):
            lowest = lowest_of(need.specifier)
            same = leading(lowest) == leading(older.package.version)
            if same and (found[0] is None or compare(lowest, found[1]) > 0):
                found = user, lowest
    return found


def _observe_siblings(one: Component, other: Component, state: State) -> Observation:
    assert one.known is not None
    last, first = (one, other) if state.is_new(one) and not state.is_new(other) else (other, one)
    message = f"{last} and {first} both own {one.known.imports}/: what is left is a mix of two; uninstall one of them"
    return Observation(Severity.BLOCK, (one.name, other.name), message, (str(last), str(first)))


def _find_overlaps(state: State, known: set[frozenset[str]]) -> Iterator[Observation]:
    """Find any wheels that own the same library with another content, where one has to do with CUDA."""
    owners: dict[str, list[Package]] = {}
    for package in state.wheels:
        for file in package.files:
            owners.setdefault(file.path, []).append(package)
    cuda = {wheel.name for wheel in state.only_wheels}
    for path, packages in owners.items():
        for one, other in combinations(sorted(packages, key=lambda package: package.name), 2):
            pair = frozenset((one.name, other.name))
            if pair in known or len(pair) < 2 or not pair & cuda or not differ(path, one, other):
                continue
            known.add(pair)
            message = f"{one} and {other} both own {path}: the last one written wins"
            yield Observation(Severity.BLOCK, (one.name, other.name), message, (str(one), str(other)))


RULES = (
    Rule(
        "CUP202",
        "file-clobber",
        "wheels that write over each other's libraries",
        "Two wheels own the same file, and pip lets the last one win without a word. NVIDIA's cuDNN, NCCL and "
        "NVSHMEM have one directory for every CUDA major. Some wheels own one import package (cupy-cuda12x and "
        "cupy-cuda13x, onnxruntime and onnxruntime-gpu).",
        "An older library over a newer one takes away symbols that torch was built with; a newer one over an older "
        "one is fine. Two owners of one import package leave a mix of both.",
        "Ask for the version that is named, or uninstall one. Where the damage is done, write the newer file again: "
        "pip install --force-reinstall --no-deps.",
        "https://github.com/WMD-group/SMACT/issues/654",
        find_clobbered_files,
    ),
    Rule(
        "CUP203",
        "broken-by-removal",
        "a removal takes a library along that something else loads",
        "A wheel that is removed owns a library which a package that stays loads: it is required by it, or another "
        "wheel wrote the same file. check finds it afterwards, when the file is gone.",
        "pip removes a file that two wheels wrote for both: torch for CUDA 13 loses libnccl.so.2 when the leftover "
        "nvidia-nccl-cu12 is uninstalled, and pip still lists everything.",
        "Leave the wheel where it is, or write the library again afterwards with the command that is named.",
        "https://github.com/pypa/pip/issues/4625",
        find_broken_by_removal,
    ),
)
"""The rules of this family."""
