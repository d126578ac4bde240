"""What a CUDA version that the user names costs: which spec names it, and whether it can cost anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .caps import beyond, wished_toolkit
from .intent import is_cuda_selector
from .knowledge.packages import members, selectors
from .ladder import Loss, Solution, find_losses
from .request import Request, Spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from .limit import Limit

_PRICED = ("cuda-version", "cudatoolkit")
"""Selectors without which a newer version may be had; without pytorch-cuda there would be no CUDA build at all."""


def find_fixing(request: Request) -> Spec | None:
    """Return the spec that names the CUDA version of the whole environment, None where none does."""
    fixing = [spec for spec in request.specs if is_cuda_selector(spec.name) and wished_toolkit(spec) is not None]
    return fixing[0] if len(fixing) == 1 else None


def find_priced(request: Request, limit: Limit | None) -> Spec | None:
    """Return the spec whose CUDA version may keep a framework from its newest version, None where none can.

    Only where a framework is asked for without a version, and not where the wish is beyond the host: that is refused.
    """
    spec = find_fixing(request)
    if spec is None or spec.name not in _PRICED or (limit is not None and beyond(spec, limit)):
        return None
    return spec if any(map(_is_open, request.specs)) else None


def find_price(
    chosen: Solution, without: Solution, request: Request, is_newer: Callable[[str, str], bool]
) -> tuple[Loss, ...]:
    """Name the frameworks that are older in the solution chosen than in the one without the spec."""
    named = Request(request.verb, tuple(Spec(spec.name) for spec in request.specs if _is_open(spec)))
    losses = find_losses(without, chosen, named, is_newer)
    return tuple(loss for loss in losses if loss.name in named.names or loss.name in members())


def _is_open(spec: Spec) -> bool:
    """Whether a framework is asked for, and its version left open."""
    row = selectors().get(spec.name)
    return not spec.version and (spec.name in members() or (row is not None and row.kind == "choice"))
