"""Names the dependency that no channel has, where a solve fails for it: solvers often do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..caps import is_unbounded_channel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..request import Request, Spec


def find_missing(request: Request, channels: Iterable[Any], subdirs: Iterable[str]) -> str | None:
    """Say which package needs what is in none of the channels, None where nothing is missing.

    Only for the pytorch and nvidia channels, which are no complete set: pytorch needs blas of channel defaults.
    Only where every candidate of a requested package needs it, so that it is the reason and not a coincidence.
    https://github.com/prefix-dev/pixi/issues/1544
    """
    if not any(map(is_unbounded_channel, request.channels)):
        return None
    places = {"channels": tuple(channels), "subdirs": tuple(subdirs)}
    for spec in request.specs:
        candidates = _query(str(spec), places)
        needed = [{depend.split(" ")[0] for depend in record.depends} for record in candidates]
        common = sorted(set.intersection(*needed)) if needed else []
        for name in common:
            if not name.startswith("__") and not _query(name, places):
                return f"{candidates[0].name} needs {name}, which none of these channels has: {_list(request)}"
    return None


def list_versions(spec: Spec, channels: Iterable[Any], subdirs: Iterable[str]) -> tuple[str, ...]:
    """Return the versions that the channels have of a package, newest last; none where they have the one asked for."""
    from conda.models.version import VersionOrder

    places = {"channels": tuple(channels), "subdirs": tuple(subdirs)}
    if _query(str(spec), places):
        return ()
    return tuple(sorted({record.version for record in _query(spec.name, places)}, key=VersionOrder))


def _list(request: Request) -> str:
    return ", ".join(request.channels)


def _query(spec: str, places: dict[str, Any]) -> tuple[Any, ...]:
    from conda.core.subdir_data import SubdirData

    return tuple(SubdirData.query_all(spec, **places))
