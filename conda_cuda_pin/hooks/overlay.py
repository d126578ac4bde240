"""Lays values over conda's context for the time of one solve."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def overlay_context(**values: Any) -> Iterator[None]:
    """Shadow attributes of conda's context, and take the shadows away again whatever happens.

    conda's parameters are descriptors without a setter: an entry in the instance's ``__dict__`` hides them, which is
    what conda's own ``Context._override`` does. Nothing is re-initialised and no variable is set.
    """
    from conda.base.context import context

    shadows = context.__dict__
    before = {key: shadows[key] for key in values if key in shadows}
    shadows.update(values)
    try:
        yield
    finally:
        for key in values:
            shadows.pop(key, None)
        shadows.update(before)
