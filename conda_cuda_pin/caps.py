"""Caps: which packages may go no further than the limit, channel by channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .component import Role
from .intent import asks_about_cuda, is_cuda_selector
from .knowledge.packages import selectors, toolkit_parts
from .pin import Kind, Pin
from .span import Span
from .versions import CudaVersion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .component import Component
    from .limit import Limit
    from .request import Request, Spec

_OLD_SELECTORS = ("cuda75", "cuda80", "cuda90", "cuda91", "cuda92", "cuda100", "cuda101", "cuda102")
"""The pytorch channel's selectors of 2017 to 2019, one name a version."""


def make_caps(limit: Limit, request: Request, installed: Iterable[Component]) -> tuple[Pin, ...]:
    """Return the caps that keep a solve under the limit.

    None at all where the user names something beyond what the host runs: that wish is solved as asked, and judged;
    a limit of the settings stands. No cap on a
    package that breaks it already, unless the command is about CUDA: what nobody asked about is not churned.
    """
    if not limit.is_firm and any(beyond(spec, limit) for spec in request.specs):
        return ()
    lived_with = set() if asks_about_cuda(request) else names_beyond(installed, limit)
    pins = (*_cap_selectors(limit), *_cap_old_selectors(limit), *cap_parts(limit, request))
    return tuple(pin for pin in pins if pin.name not in lived_with)


def beyond(spec: Spec, limit: Limit) -> bool:
    """Whether a spec names a CUDA version at or above the limit."""
    wish = wished_toolkit(spec)
    return wish is not None and wish >= limit.below


def wished_toolkit(spec: Spec) -> CudaVersion | None:
    """Return the lowest CUDA version that a spec asks for, by selector, part or build pattern; None if it does not."""
    part = toolkit_parts().get(spec.name)
    if is_cuda_selector(spec.name) or (part is not None and not part.floors):
        own = CudaVersion.from_tag(spec.name) if spec.name not in selectors() and part is None else None
        span = Span.parse(spec.version)
        return own or (span.low if span.bounded_below else None)
    return CudaVersion.from_tag(spec.build)


def cap_parts(limit: Limit, request: Request, kind: Kind = Kind.CAP) -> tuple[Pin, ...]:
    """Cap the parts of split toolkits, for channels whose packages do not bound one another.

    The pytorch and nvidia channels leave libcurand, libcufile and more open above
    (https://github.com/pytorch/builder/blob/main/conda/pytorch-cuda/meta.yaml); elsewhere cuda-version binds them.
    """
    if not any(is_unbounded_channel(channel) for channel in request.channels):
        return ()
    pins = []
    for part in toolkit_parts().values():
        floor = min((cuda for cuda in part.floors if cuda >= limit.below), default=None)
        if part.floors and floor is not None:
            pins.append(Pin(part.name, f"<{part.floors[floor]}", kind=kind, reason=limit.reason))
        elif not part.floors:
            pins.append(Pin(part.name, limit.spec, kind=kind, reason=limit.reason))
    return tuple(pins)


def is_unbounded_channel(channel: str) -> bool:
    """Whether packages of the channel leave parts of their toolkit open above."""
    head = channel.split("/label/", maxsplit=1)[0].rsplit("/", 1)[-1]
    return head in ("nvidia", "pytorch") or head.startswith("pytorch-")


def _cap_selectors(limit: Limit) -> tuple[Pin, ...]:
    names = (selector.name for selector in selectors().values() if selector.kind == "cuda")
    return tuple(Pin(name, limit.spec, reason=limit.reason) for name in names)


def _cap_old_selectors(limit: Limit) -> tuple[Pin, ...]:
    tags = ((name, CudaVersion.from_tag(name)) for name in _OLD_SELECTORS)
    return tuple(Pin(name, "<0", reason=limit.reason) for name, cuda in tags if cuda and cuda >= limit.below)


def names_beyond(installed: Iterable[Component], limit: Limit) -> set[str]:
    """Return the selectors and toolkit packages that are at or above a limit already."""
    own = (Role.SELECTOR, Role.MONOLITH, Role.PART)
    return {c.name for c in installed if c.role in own and c.toolkit and c.toolkit >= limit.below}
