"""Match specs, as users type them, as the product's own values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conda_cuda_pin.inventory.specs import read_spec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conda_cuda_pin.request import Spec


def read_specs(texts: Iterable[str]) -> tuple[Spec, ...]:
    """Read match specs; raises ValueError for a text that is none."""
    return tuple(map(_read, texts))


def _read(text: str) -> Spec:
    spec = read_spec(text)
    if spec is None:
        raise ValueError(f"{text!r} is not a match spec")
    return spec
