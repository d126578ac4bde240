"""What a rule is, what it looks at, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from ..component import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..component import Component, Role
    from ..host import Host
    from ..package import Package
    from ..request import Request
    from ..versions import CudaVersion


class Severity(str, Enum):
    """How sure it is that something breaks."""

    BLOCK = "block"
    """It is proven to break."""
    WARN = "warn"
    """It is known to break for some, or is not what was meant."""
    INFO = "info"
    """Worth knowing; shown when asked for, never during an install."""


@dataclass(frozen=True)
class State:
    """An environment as it would be, on a host, after a request."""

    host: Host
    request: Request
    components: tuple[Component, ...]
    previous: tuple[Component, ...] = ()
    """What was there before; empty when a state is judged by itself."""
    decided: Mapping[str, str] = field(default_factory=dict)
    """Families about which the user has decided."""
    wants_cuda: bool = False
    """Whether the settings demand CUDA builds."""
    wheels: tuple[Package, ...] = ()
    """Every wheel, whether it has to do with CUDA or not."""

    def of_role(self, *roles: Role) -> tuple[Component, ...]:
        """Return the components of these roles."""
        return tuple(component for component in self.components if component.role in roles)

    def find(self, name: str) -> Component | None:
        """Return the conda package of this name, or None."""
        named = (component for component in self.components if component.name == name)
        return next((component for component in named if not component.is_wheel), None)

    def find_wheel(self, name: str) -> Component | None:
        """Return the wheel of this name, or None."""
        return next((wheel for wheel in self.only_wheels if wheel.name == name), None)

    @property
    def only_wheels(self) -> tuple[Component, ...]:
        """What pip installs."""
        return tuple(component for component in self.components if component.is_wheel)

    @property
    def built_for_cuda(self) -> tuple[Component, ...]:
        """What is known to be built with some CUDA."""
        return tuple(c for c in self.components if c.toolkit is not None and c.variant is not Variant.CPU)

    @property
    def driver(self) -> CudaVersion | None:
        """What the driver runs, raised by a forward-compatible user-mode driver in the environment.

        Not for GeForce: it is refused there with error 804.
        https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html
        """
        driver, compat = self.host.driver_cuda, self.find("cuda-compat")
        if driver is None or compat is None or compat.toolkit is None:
            return driver
        if any("GeForce" in gpu.name for gpu in self.host.gpus):
            return driver
        return max(driver, compat.toolkit)

    def is_new(self, component: Component) -> bool:
        """Whether the change writes it; all is new where nothing is known of before."""
        return all(before.package != component.package for before in self.previous)


@dataclass(frozen=True)
class Finding:
    """What one rule says about one state."""

    code: str
    word: str
    severity: Severity
    subject: tuple[str, ...]
    """What it is about, in words that stay the same while the matter stays the same."""
    message: str
    """One line: what breaks and why."""
    packages: tuple[str, ...] = ()
    """The packages that it names, as ``name version build``."""
    remedy: tuple[str, ...] = ()
    """Match specs that mend it when added to the request."""
    drops: tuple[str, ...] = ()
    """Names that must leave the request for the remedy to work."""


@dataclass(frozen=True)
class Rule:
    """One rule."""

    code: str
    word: str
    title: str
    fires: str
    """When it fires."""
    breaks: str
    """What happens without it."""
    mends: str
    """What to do."""
    source: str
    """The URL that proves it."""
    check: Callable[[State], Iterable[Observation]]

    @property
    def explanation(self) -> str:
        """All of it as one paragraph."""
        return f"{self.fires} {self.breaks} {self.mends}"

    @property
    def page(self) -> str:
        """Its page in the documentation, with an example."""
        return f"docs/rules/{self.code}.md"


@dataclass(frozen=True)
class Observation:
    """What a check sees; with the rule's code and word it becomes a finding."""

    severity: Severity
    subject: tuple[str, ...]
    message: str
    packages: tuple[str, ...] = ()
    remedy: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()


def apply(rule: Rule, state: State) -> tuple[Finding, ...]:
    """Return what one rule finds in a state."""
    return tuple(
        Finding(rule.code, rule.word, seen.severity, seen.subject, seen.message, seen.packages, seen.remedy, seen.drops)
        for seen in rule.check(state)
    )
