"""CUP203: does a wheel that goes take along what another one needs?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import Role
from ..knowledge.wheels import libraries
from ..tag import split_name
from .overlaps import find_lost, find_overlap, find_siblings, find_twins
from .rule import Observation, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..component import Component


def find_broken_by_removal(state: State) -> Iterable[Observation]:
    """Find removed wheels that take along a library which a package that stays loads, or that took it before."""
    yield from _find_lost(state)
    yield from _find_bereft(state)
    now = {wheel.name for wheel in state.only_wheels}
    for gone in (wheel for wheel in state.previous if wheel.is_wheel and wheel.name not in now):
        if gone.role is Role.PART:
            yield from _find_needed(gone, state)
            yield from _find_robbed(gone, state)
        for one, other in find_siblings([gone, *state.only_wheels]):
            if gone in (one, other):
                robbed = other if one is gone else one
                if not state.is_new(robbed):
                    yield _observe_loss(Severity.WARN, "", gone, robbed)


def _find_bereft(state: State) -> Iterator[Observation]:
    """Find wheels that look for CUDA by name, where conda's libraries of their major go and nothing else has them."""
    gone = [c for c in state.previous if c.carries_toolkit and not c.is_tool and state.find(c.name) is None]
    for wheel in state.only_wheels if gone else ():
        lost = [c for c in gone if wheel.known and wheel.known.borrows and _is_of_major(c, wheel)]
        if lost and not any(c.role in (Role.PART, Role.MONOLITH) and _is_of_major(c, wheel) for c in state.components):
            named = ", ".join(map(str, lost[:2]))
            message = f"{wheel} from pip loads libraries of CUDA {wheel.toolkit}, and those of conda go: {named}"
            yield Observation(Severity.WARN, (wheel.name, "toolkit"), message, (str(wheel), *map(str, lost)))


def _is_of_major(part: Component, wheel: Component) -> bool:
    return part.toolkit is not None and wheel.toolkit is not None and part.toolkit.major == wheel.toolkit.major


def _find_needed(gone: Component, state: State) -> Iterator[Observation]:
    from ..requirement import name_of, read_needs

    for user in state.only_wheels:
        texts = [text for text in user.package.depends if name_of(text) == gone.name]
        for need in read_needs(texts, state.host.platform):
            severity = Severity.WARN if user.falls_back else Severity.BLOCK
            message = f"{user} loads the library that is removed with {gone}"
            yield Observation(severity, (gone.name, user.name), message, (str(gone), str(user)), (str(need),))


def _find_robbed(gone: Component, state: State) -> Iterator[Observation]:
    """Find the other wheel of a shared library, which stays and loses it: pip removes what a wheel once wrote."""
    for one, other in find_twins([gone, *state.only_wheels]):
        robbed = other if one is gone else one
        if gone not in (one, other) or state.is_new(robbed):
            continue
        yield _observe_loss(*_weigh_users(robbed, state), gone, robbed)


def _find_lost(state: State) -> Iterator[Observation]:
    """Find libraries that are not there any more, in an environment that was looked at.

    Of NVIDIA's only those that all CUDA majors share: others are left out of images on purpose, to make them small.
    """
    for wheel in state.only_wheels:
        path = find_lost(wheel.package)
        library = libraries().get(split_name(wheel.name)[0])
        if path is None or (library is not None and not library.shared):
            continue
        severity, loads = _weigh_users(wheel, state) if library is not None else (Severity.WARN, "")
        also = f"{loads}," if loads else ""
        message = f"{path} of {wheel}{also} is gone, as after a removal that took it along; {_say_how(wheel)}"
        yield Observation(severity, (wheel.name, "lost"), message, (str(wheel),), (_again(wheel),))


def _weigh_users(robbed: Component, state: State) -> tuple[Severity, str]:
    """Say how bad the loss of a library is, and who loads it, as a part of a sentence."""
    from ..requirement import name_of

    users = [u for u in state.only_wheels if any(name_of(text) == robbed.name for text in u.package.depends)]
    firm = [user for user in users if not user.falls_back]
    loads = f", which {(firm or users)[0]} loads" if users else ""
    return Severity.BLOCK if firm else Severity.WARN, loads


def _observe_loss(severity: Severity, loads: str, gone: Component, robbed: Component) -> Observation:
    shared = find_overlap(gone.package, robbed.package) or "the files that both own"
    message = f"removing {gone} takes {shared} from {robbed}{loads}; {_say_how(robbed)}"
    return Observation(severity, (gone.name, robbed.name), message, (str(gone), str(robbed)), (_again(robbed),))


def _again(wheel: Component) -> str:
    return f"{wheel.name}=={wheel.package.version}"


def _say_how(wheel: Component) -> str:
    return f"put it back with: pip install --force-reinstall --no-deps {_again(wheel)}"
