"""Wraps solver backends: a subclass of each, under its own name, that steers and judges its solves."""

from __future__ import annotations

import copy
import functools
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .attempts import Attempts

_RESET_BY_CONDA = (
    "supports_exclude_newer_global",
    "supports_exclude_newer_channel",
    "supports_exclude_newer_package",
)
"""Class attributes that conda's ``BaseSolver.__init_subclass__`` sets anew on a subclass that does not state them."""


class CudaPinMixin:
    """What is put in front of a solver backend.

    It defines no ``__init__``: conda reads the signature of the backend's own to decide about sharded repodata.
    """

    _cuda_pin: Attempts | None = None
    """The attempts under way; None outside of a steered solve."""

    def solve_final_state(self, *args: Any, **kwargs: Any) -> Any:
        """Solve, steered and judged."""
        solve = super().solve_final_state  # type: ignore[misc]
        if self._cuda_pin is not None:  # classic calls itself from inside, with --update-deps
            return solve(*args, **kwargs)
        from .steering import steer

        return steer(self, functools.partial(solve, *args, **kwargs))

    def _prepare(self, *args: Any, **kwargs: Any) -> Any:
        """Filter the index of the classic solver, for which pins are more than constraints."""
        prepared = super()._prepare(*args, **kwargs)  # type: ignore[misc]
        return self._cuda_pin.filter_index(prepared) if self._cuda_pin is not None else prepared

    def _collect_all_metadata(self, *args: Any, **kwargs: Any) -> Any:
        """Load the index once for all attempts (libmamba, rattler)."""
        collect = functools.partial(super()._collect_all_metadata, *args, **kwargs)  # type: ignore[misc]
        return self._cuda_pin.reuse_index(collect) if self._cuda_pin is not None else collect()


def wrap_solvers(results: list[Iterable[Any]]) -> list[list[Any]]:
    """Wrap what the ``conda_solvers`` hook returned."""
    return [[_wrap(solver) for solver in solvers] for solvers in results]


def _wrap(solver: Any) -> Any:
    """Return a copy of a CondaSolver with its backend wrapped; the solver itself where that cannot be done."""
    try:
        backend = wrap_backend(solver.backend)
        if hasattr(solver, "_replace"):  # a NamedTuple up to conda 24
            return solver._replace(backend=backend)
        wrapped = copy.copy(solver)
        wrapped.backend = backend
    except (AttributeError, TypeError) as error:
        print(f"conda-cuda-pin: the solver {solver!r} cannot be steered ({error})", file=sys.stderr)
        return solver
    return wrapped


@functools.cache
def wrap_backend(backend: type) -> type:
    """Return the steered subclass of a solver backend, always the same one."""
    stated = {name: getattr(backend, name) for name in _RESET_BY_CONDA if hasattr(backend, name)}
    names = {"__module__": backend.__module__, "__qualname__": backend.__qualname__, "__doc__": backend.__doc__}
    return type(backend.__name__, (CudaPinMixin, backend), {**stated, **names})
