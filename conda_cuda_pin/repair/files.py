"""Repairs of files that several wheels, or a wheel and conda, have written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import Variant
from ..versions import read_numbers
from .effect import Effect
from .scene import foresee
from .step import CONDA, Step, install, reinstall, uninstall

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..component import Component
    from ..rules import Finding
    from .scene import Scene


def write_last(finding: Finding, scene: Scene) -> Iterator[Sequence[Step]]:
    """Write the newer of two libraries last; where an import package has two owners, leave one."""
    one, other, *_ = [*scene.find(finding), None, None]
    if one is None or other is None:
        return
    if finding.remedy:
        older, newer = one, other
        reason = f"the newer file is to be written last, after that of {older}"
        yield [reinstall(newer.package, reason)]
        effect = Effect(renewed=(older.package,), written=foresee(finding.remedy))
        yield [install(finding.remedy, f"no older file than that of {newer}", effect)]
    elif one.known is not None and other.known is not None and one.known.imports == other.known.imports != "":
        yield leave_one(one, other, scene)


def leave_one(one: Component, other: Component, scene: Scene) -> Sequence[Step]:
    """Remove both owners of an import package and install the one that fits the machine."""
    wanted = max(one, other, key=lambda owner: _rank(owner, scene))
    owned = one.known.imports if one.known is not None else wanted.name
    reason = f"both wrote {owned}/, so only what is installed afresh is whole"
    again = f"{wanted.name}=={wanted.package.version}"
    kept = install([again], f"of the two, {wanted.name} fits this machine", Effect(written=(wanted.package,)))
    return [uninstall((one.package, other.package), reason), kept]


def _rank(owner: Component, scene: Scene) -> tuple[bool, bool, tuple[int, ...]]:
    """Prefer what the driver runs, then CUDA where there is a driver, then the newer release."""
    has_cuda = owner.variant is Variant.CUDA or owner.toolkit is not None
    return (
        owner.toolkit is None or scene.runs(owner),
        has_cuda and scene.host.driver_cuda is not None,
        read_numbers(owner.package.version),
    )


def write_again(finding: Finding, scene: Scene) -> Iterator[Sequence[Step]]:
    """Reinstall the wheel whose library is gone."""
    yield [reinstall(scene.find(finding)[0].package, "its library is gone from the environment")]


def give_back(_: Finding, scene: Scene) -> Iterator[Sequence[Step]]:
    """Remove the wheels that lie over conda's packages, and let conda write its own files again."""
    pairs = [tuple(scene.find(one)) for one in scene.findings if one.code == "CUP502" and one.severity.value == "block"]
    over = [next(c for c in pair if c.is_wheel) for pair in pairs]
    under = list(dict.fromkeys(c.package for pair in pairs for c in pair if not c.is_wheel))
    if not (over and under):
        return
    specs = [f"{package.name}={package.version}={package.build}" for package in under]
    words = ("install", "--force-reinstall", *specs)
    yield [
        uninstall([wheel.package for wheel in over], "they lie over packages of conda"),
        Step(CONDA, words, "the wheels took files of conda's along", Effect(written=tuple(under))),
    ]
