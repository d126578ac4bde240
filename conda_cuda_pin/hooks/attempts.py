"""Solves one request several times on one solver instance: the Solver that the ladder climbs with."""

from __future__ import annotations

import contextlib
import copy
import io
from typing import TYPE_CHECKING, Any

from ..errors import UnsolvableError
from ..ladder import Solution
from .overlay import overlay_context
from .records import merge_pins, to_match_spec, to_packages
from .sources import choose_priority, put_on_top

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from ..pin import Pin
    from ..plan import Plan

_OWN = "_cuda_pin"
_RETRY = 5
"""Where ``should_retry_solve`` stands among the arguments of ``solve_final_state``."""


class CondaFailure(Exception):  # noqa: N818 - a carrier, not an error of ours
    """Carries an exception of conda's own through our code, so that it is never taken for a fault of ours."""

    def __init__(self, original: Exception) -> None:
        super().__init__(repr(original))
        self.original = original


class OwnFault(Exception):  # noqa: N818 - a carrier
    """Carries a fault of our own code through conda's, into which it was called back."""


class UnsolvedError(UnsolvableError):
    """conda found no solution; its own exception is kept."""

    def __init__(self, original: Exception, missing: bool) -> None:
        super().__init__(str(original))
        self.original = original
        self.missing = missing


class Attempts:
    """The solves of one request on one solver instance."""

    def __init__(self, solver: Any, solve: Callable[[], Any], plan: Plan, *, hasty: bool = False) -> None:
        self._solver = solver
        self._solve = solve
        self._plan = plan
        self._classic = getattr(solver, "_uses_ssc", True)
        self._pins: tuple[Pin, ...] = ()
        self._allowed: dict[str, Any] = {}
        self._index: Any = None
        self._is_probe = False
        self._hasty = hasty and self._classic
        self.dropped: dict[str, str] = {}
        """Newest version of each package that the filter took from the classic solver's choice."""
        self._start = self._snapshot()
        self._count = 0
        self.extra = 1 if self._classic else 2

    def solve(self, pins: Sequence[Pin]) -> Solution:
        """Solve under these pins; raises UnsolvedError, and CondaFailure for anything else that conda raises."""
        from conda.exceptions import (
            PackagesNotFoundError,
            ResolvePackageNotFound,
            SpecsConfigurationConflictError,
            UnsatisfiableError,
        )

        self._pins, self._allowed = tuple(pins), {pin.name: to_match_spec(pin) for pin in pins}
        if self._count:
            self._restore(self._start)
        overlay, quiet = self._prepare()
        try:
            with quiet, overlay_context(**overlay):
                final = self._solve()
        except OwnFault:
            raise
        except (ResolvePackageNotFound, PackagesNotFoundError) as error:
            # classic misses what the filter took away: only then the pins may be to blame
            filtered = self._classic and any(pin.name in str(error) for pin in pins)
            raise UnsolvedError(error, missing=not filtered) from error
        except (UnsatisfiableError, SpecsConfigurationConflictError) as error:
            raise UnsolvedError(error, missing=False) from error
        except Exception as error:
            raise CondaFailure(error) from error
        finally:
            self._count += 1
        return Solution(to_packages(final), (final, self._snapshot()))

    def solve_anew(self) -> Solution:
        """Solve without pins and without the index at hand, which may hold another ``__cuda``; raises UnsolvedError."""
        self._index, self._is_probe = None, True
        return self.solve(())

    @property
    def is_preliminary(self) -> bool:
        """Whether conda tries again by itself where this fails: classic does, up to four times."""
        stated = getattr(self._solve, "keywords", {}).get("should_retry_solve")
        given = getattr(self._solve, "args", ())
        return self._classic and bool(given[_RETRY] if stated is None and len(given) > _RETRY else stated)

    def forget_index(self) -> None:
        """Take no further notice of the index of ``solve_anew``."""
        self._index, self._is_probe = None, False

    @contextlib.contextmanager
    def leaving_out(self, name: str) -> Iterator[None]:
        """Solve for a while as if a package had not been asked for."""
        states = (self._solver.__dict__, self._start)
        asked = self._solver.specs_to_add
        try:
            for state in states:
                state["specs_to_add"] = type(asked)(spec for spec in asked if spec.name != name)
            yield
        finally:
            for state in states:
                state["specs_to_add"] = asked

    def explain(self, error: UnsolvedError) -> Exception:
        """Return conda's own error with its own words, for which classic searches long and which haste left out."""
        if not self._hasty or error.missing:
            return error.original
        self._hasty = False
        try:
            self.solve(())
        except UnsolvedError as patient:
            return patient.original
        except (CondaFailure, OwnFault):
            pass
        return error.original

    def has_newer(self, versions: Mapping[str, str]) -> bool:
        """Whether the channels may have a newer version of any of these packages; without classic's index: yes."""
        index = getattr(self._solver, "_index", None) if self._classic else None
        if index is None:
            return bool(versions)
        return any(self.is_newer(r.version, versions[r.name]) for r in index.values() if r.name in versions)

    @property
    def places(self) -> tuple[Any, Any]:
        """The channels and the subdirs in which the solver looks."""
        from conda.base.context import context

        return self._solver.channels, self._solver.subdirs or context.subdirs

    def is_newer(self, one: str, other: str) -> bool:
        """Compare two versions as conda does."""
        from conda.models.version import VersionOrder

        return bool(VersionOrder(one) > VersionOrder(other))

    def reset(self) -> None:
        """Leave the solver as it was before the first attempt, so that conda can try again on it."""
        self._restore(self._start)

    def keep(self, solution: Solution) -> Any:
        """Leave the solver in the state in which it found a solution, and return conda's own answer."""
        final, state = solution.answer
        self._restore(state)
        return final

    def _prepare(self) -> tuple[dict[str, Any], AbstractContextManager[Any]]:
        """Return what to lay over the context, and what silences all attempts but the first."""
        from conda.base.context import context

        overlay: dict[str, Any] = dict(choose_priority(self._plan))
        if not self._classic:
            overlay["pinned_packages"] = merge_pins(self._pins, context.pinned_packages)
        self._solver.neutered_specs = ()
        self._solver.channels = put_on_top(self._solver.channels, self._plan.channels)
        return overlay, contextlib.redirect_stdout(io.StringIO()) if self._count else contextlib.nullcontext()

    def _snapshot(self) -> dict[str, Any]:
        """Copy the solver's state; classic cannot solve twice without it."""
        state = {key: value for key, value in self._solver.__dict__.items() if key != _OWN}
        return {key: copy.copy(value) for key, value in state.items()} if self._classic else state

    def _restore(self, state: dict[str, Any]) -> None:
        if not self._classic:
            self._solver.neutered_specs = state.get("neutered_specs", ())
            return
        for key in [key for key in self._solver.__dict__ if key != _OWN and key not in state]:
            del self._solver.__dict__[key]
        self._solver.__dict__.update({key: copy.copy(value) for key, value in state.items()})

    def filter_index(self, prepared: Any) -> Any:
        """Filter what the classic solver prepared; raises OwnFault for a fault of ours."""
        try:
            return self._filter(prepared)
        except Exception as fault:
            raise OwnFault(repr(fault)) from fault

    def _filter(self, prepared: Any) -> Any:
        """Drop candidates that break a pin from the index of the classic solver; what is installed stays.

        For classic a pin through the context is more than a constraint: it installs what it names.
        """
        if not (self._classic and (self._allowed or self._is_probe or self._hasty)):
            return prepared
        from conda.core.prefix_data import PrefixData

        index, resolve = prepared
        resolve.find_conflicts = _end_the_search
        if not self._allowed:
            return prepared
        installed = set(PrefixData(self._solver.prefix).iter_records())
        kept = {record: record for record in index.values() if self._admits(record) or record in installed}
        if len(kept) == len(index):
            return prepared
        self._note_dropped(record for record in index.values() if record not in kept)
        self._solver._index = kept
        self._solver._r = type(resolve)(kept, channels=self._solver.channels)
        self._solver._r.find_conflicts = _end_the_search
        return self._solver._index, self._solver._r

    def _note_dropped(self, records: Iterable[Any]) -> None:
        for record in records:
            noted = self.dropped.get(record.name)
            if noted is None or self.is_newer(record.version, noted):
                self.dropped[record.name] = record.version

    def _admits(self, record: Any) -> bool:
        allowed = self._allowed.get(record.name)
        return allowed is None or bool(allowed.match(record))

    def reuse_index(self, collect: Callable[[], Any]) -> Any:
        """Return the index of the first attempt again; libmamba's installed repo is made anew for each.

        libmamba leaves the pins of a solve in its installed repo, where they would bind the next one. What classic has
        under the same name gathers the state of one solve, and must not be kept.
        """
        if self._classic:
            return collect()
        if self._index is None:
            self._index = collect()
        elif hasattr(self._index, "db"):
            try:
                rebuild_installed(self._index)
            except Exception:  # noqa: BLE001 - private parts of another project: load again, slower and right
                self._index = collect()
        return self._index


def _end_the_search(*_: Any, **__: Any) -> None:
    """Stand in for classic's search for conflicts: minutes spent on a text that would not name our pins."""
    from conda.exceptions import UnsatisfiableError

    raise UnsatisfiableError({})


def rebuild_installed(index: Any) -> None:
    """Replace the installed repo in a libmamba index, and with it the pins that were left there."""
    for number, info in enumerate(index.repos):
        if info.url_no_cred == "installed":
            index.db.remove_repo(info.repo)
            index.repos[number] = index._load_installed(index._installed_records)
            index._set_repo_priorities()
