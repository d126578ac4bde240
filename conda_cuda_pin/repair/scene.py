"""An environment with what was found in it, as those who propose a repair look at it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ..component import read_components
from ..judge import judge_state
from ..limit import runs_toolkit
from ..package import PIP, Package
from ..rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..component import Component
    from ..host import Host
    from ..request import Request
    from ..rules import Finding
    from ..settings import Settings
    from .effect import Effect

_EXACT = re.compile(r"([\w.-]+)==([^,;\s*]+)")


@dataclass(frozen=True)
class Scene:
    """One state of an environment on a host, under its settings."""

    host: Host
    settings: Settings
    request: Request
    packages: tuple[Package, ...]
    doubtful: tuple[Finding, ...] = ()
    """What could still be wrong, because something that it names gives way to what nobody knows."""

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What breaks and what deserves a word, worst first."""
        found = (*judge_state(self.host, self.settings, self.request, self.packages).new, *self.doubtful)
        told = {identify(finding): finding for finding in found if finding.severity is not Severity.INFO}
        return tuple(sorted(told.values(), key=lambda finding: (finding.severity is not Severity.BLOCK, finding.code)))

    @cached_property
    def components(self) -> tuple[Component, ...]:
        """What has to do with CUDA."""
        return read_components(self.packages, self.host.platform)

    def after(self, effect: Effect, aim: Finding) -> Scene:
        """Return the scene when a command has done what it does.

        What seems to be gone only because a package is renewed stays in doubt, unless it is what the command aims at,
        has the same remedy, or is about that very package.
        """
        then = replace(self, packages=effect.apply(self.packages), doubtful=())
        still = {identify(finding) for finding in then.findings}
        if not effect.renewed:
            return replace(then, doubtful=tuple(one for one in self.doubtful if not _is_settled(one, effect, aim)))
        gone = (finding for finding in self.findings if identify(finding) not in still)
        return replace(then, doubtful=tuple(one for one in gone if not _is_settled(one, effect, aim)))

    def find(self, finding: Finding) -> list[Component]:
        """Return what a finding names, in its order, as far as it has to do with CUDA."""
        by_text = {str(component): component for component in self.components}
        return [by_text[text] for text in finding.packages if text in by_text]

    def find_wheel(self, name: str) -> Component | None:
        """Return the wheel of a name, None where there is none of CUDA."""
        return next((one for one in self.components if one.is_wheel and one.name == name), None)

    def runs(self, component: Component) -> bool:
        """Whether the driver is known to run what a component is built for."""
        driver, toolkit = self.host.driver_cuda, component.toolkit
        return driver is not None and toolkit is not None and runs_toolkit(driver, toolkit)


def _is_settled(finding: Finding, effect: Effect, aim: Finding) -> bool:
    same = finding.code == aim.code and bool({*finding.remedy} & {*aim.remedy})
    return identify(finding) == identify(aim) or same or not effect.touched.isdisjoint(finding.packages[:1])


def identify(finding: Finding) -> tuple[str, ...]:
    """Return what stays the same of a finding while its matter and its weight do."""
    return (finding.code, finding.severity.value, *finding.subject)


def foresee(requirements: Iterable[str]) -> tuple[Package, ...]:
    """Return the wheels that requirements name to the letter (``torch==2.14.1+cu126``): what they say of themselves."""
    matches = (_EXACT.fullmatch(text) for text in requirements)
    return tuple(Package(match[1], match[2], ecosystem=PIP) for match in matches if match is not None)
