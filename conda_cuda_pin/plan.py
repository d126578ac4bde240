"""What to ask of a solver, and why: decided before the solve, from the host, the settings and the request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .caps import cap_parts, make_caps, names_beyond, wished_toolkit
from .component import Role, Variant
from .intent import decide_families
from .knowledge.packages import members
from .limit import BOARDS_JOINED, Limit, find_limit, find_minor_limit, oldest_native_toolkit
from .pin import Kind, Pin, overlay
from .span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .component import Component
    from .host import Host
    from .request import Request
    from .settings import Settings
    from .versions import CudaVersion

CUDA_BUILD = "*cu*"
"""The one build pattern that tells CUDA builds from CPU builds in every channel."""
CPU_BUILD = "*cpu*"
_FIXING = ("pytorch-cuda", "cuda-version", "cuda-toolkit", "cuda")
"""Names by which a user fixes the toolkit of a whole environment."""


@dataclass(frozen=True)
class Plan:
    """Everything that is to be asked of a solver."""

    limit: Limit | None = None
    caps: tuple[Pin, ...] = ()
    holds: tuple[Pin, ...] = ()
    minor_caps: tuple[Pin, ...] = ()
    """Caps to try last, with what uses CUDA frozen: the driver's own minor."""
    minor_below: CudaVersion | None = None
    """The bound of the minor caps."""
    driver_minor: CudaVersion | None = None
    """The driver's own CUDA version, where the minor caps are there."""
    floor: Pin | None = None
    """The oldest toolkit with kernels for the newest GPU here, taken where it costs nothing."""
    floor_version: CudaVersion | None = None
    board: Pin | None = None
    """On a Jetson: the packages that are built for it, taken where there are any."""
    decided: Mapping[str, str] = field(default_factory=dict)
    """Families about which the user has decided, and what."""
    prefers: Variant | None = None
    """The variant to take where it costs nothing; None where there is no ground for either."""
    why_prefers: str = ""
    """Why that variant."""
    channels: tuple[str, ...] = ()
    channel_priority: str = ""

    @property
    def pins(self) -> tuple[Pin, ...]:
        """What the first solve is given."""
        return (*self.caps, *self.holds)


def make_plan(host: Host, settings: Settings, request: Request, installed: Sequence[Component]) -> Plan:
    """Decide what to ask of the solver for one request on one host."""
    limit = find_limit(host, settings)
    decided = decide_families(settings, request, installed)
    minor = _find_minor(host, settings, request, limit)
    native = _find_native(host, limit)
    return Plan(
        limit=limit,
        caps=overlay(make_caps(limit, request, installed) if limit else (), _cohere(limit, request, installed)),
        holds=_hold(request, installed, decided),
        minor_caps=make_caps(minor, request, ()) if minor else (),
        minor_below=minor.below if minor else None,
        driver_minor=host.driver_cuda if minor else None,
        floor=_floor(host, native, limit) if native else None,
        floor_version=native,
        board=_find_board(host),
        decided=decided,
        prefers=_prefer(host, settings),
        why_prefers=_say_why(host, settings),
        channels=settings.channels,
        channel_priority=settings.channel_priority,
    )


def prefer(names: Sequence[str], variant: Variant) -> tuple[Pin, ...]:
    """Return the pins that prefer one variant for packages."""
    build = CUDA_BUILD if variant is Variant.CUDA else CPU_BUILD
    reason = f"{variant.value.upper()} builds are what fits here"
    return tuple(Pin(name, build=build, kind=Kind.PREFERENCE, reason=reason) for name in names)


def _prefer(host: Host, settings: Settings) -> Variant | None:
    if settings.variant != "auto":
        return Variant(settings.variant)
    if host.driver_cuda is not None:
        return Variant.CUDA
    return Variant.CPU if host.has_no_nvidia else None


def _say_why(host: Host, settings: Settings) -> str:
    if settings.variant != "auto":
        return f"cuda_pin_variant is {settings.variant}"
    return f"the driver runs CUDA {host.driver_cuda}" if host.driver_cuda is not None else "no NVIDIA driver here"


def _hold(request: Request, installed: Sequence[Component], decided: Mapping[str, str]) -> tuple[Pin, ...]:
    """Hold installed CUDA builds; with no lower bound in families of which the user names a version."""
    versioned = {members()[s.name].family for s in request.specs if s.name in members() and s.version}
    pins = []
    for component in installed:
        held = component.role is Role.FRAMEWORK and component.variant is Variant.CUDA
        chosen = decided.get(component.family or "", Variant.CUDA.value)
        if not held or chosen != Variant.CUDA.value or "cu" not in component.package.build:
            continue
        version = "" if component.family in versioned else f">={component.package.version}"
        reason = f"{component} is a CUDA build"
        pins.append(Pin(component.name, version, CUDA_BUILD, Kind.HOLD, reason))
    return tuple(pins)


def _cohere(limit: Limit | None, request: Request, installed: Sequence[Component]) -> tuple[Pin, ...]:
    """Keep toolkit parts at the toolkit that the request, or a selector installed within the limit, fixes."""
    spans = [(spec.name, Span.parse(spec.version)) for spec in request.specs if wished_toolkit(spec)]
    asked = [(name, span.low) for name, span in spans if name in _FIXING and span.single_minor]
    beyond = names_beyond(installed, limit) if limit else set()
    present = [(c.name, c.toolkit) for c in installed if c.name == "pytorch-cuda" and c.toolkit]
    for name, toolkit in (*asked, *(one for one in present if one[0] not in beyond)):
        bound = Limit(toolkit.next_minor(), f"{name} is of CUDA {toolkit}")
        lived_with = names_beyond(installed, bound) if not asked else set()
        pins = cap_parts(bound, request, Kind.COHERENCE)
        return tuple(pin for pin in pins if pin.name not in request.names | lived_with)
    return ()


def _find_minor(host: Host, settings: Settings, request: Request, limit: Limit | None) -> Limit | None:
    """Return the driver's own minor as a limit, where level auto leaves room to align to it."""
    minor = find_minor_limit(host)
    if settings.level != "auto" or minor is None or limit is None or minor.below >= limit.below:
        return None
    return None if any(wished_toolkit(spec) for spec in request.specs) else minor


def _find_native(host: Host, limit: Limit | None) -> CudaVersion | None:
    """Return the oldest toolkit with kernels for the newest GPU, where the limit lets it in."""
    if not host.capabilities or host.driver_cuda is None:
        return None
    oldest = oldest_native_toolkit(host.capabilities[-1])
    return None if oldest is None or (limit is not None and oldest >= limit.below) else oldest


def _find_board(host: Host) -> Pin | None:
    """Return the pin for a Jetson's own packages; from CUDA 13 on it shares those of servers.

    https://github.com/conda-forge/conda-forge-repodata-patches-feedstock/pull/973
    """
    if "tegra" not in host.kinds or host.driver_cuda is None or host.driver_cuda.major >= BOARDS_JOINED:
        return None
    return Pin("arm-variant", build="*tegra*", kind=Kind.PREFERENCE, reason="this is a Jetson board")


def _floor(host: Host, oldest: CudaVersion, limit: Limit | None) -> Pin:
    reason = f"CUDA before {oldest} has no kernels for compute capability {host.capabilities[-1]}"
    bound = f",{limit.spec}" if limit else ""  # it takes the place of the cap: solvers keep one pin a name
    return Pin("cuda-version", f">={oldest}{bound}", kind=Kind.PREFERENCE, reason=reason)
