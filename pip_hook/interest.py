"""Which names have to do with CUDA, so that a request with one of them is planned and judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conda_cuda_pin.inventory import read_distributions
from conda_cuda_pin.knowledge.drivers import newest_cuda
from conda_cuda_pin.knowledge.indexes import replacements
from conda_cuda_pin.knowledge.wheels import libraries, wheels
from conda_cuda_pin.tag import split_name

from .asked import read_spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_FORMS = {"cupy": "cupy-cuda{}x", "jax-plugin": "jax-cuda{}-plugin", "jax-pjrt": "jax-cuda{}-pjrt"}
"""Names that hold the CUDA major in another way than at their end."""
_OLDEST_MAJOR = 11


def concerns_cuda(name: str) -> bool:
    """Whether a normalised name is of a CUDA package, by the tables or by its shape (``-cu13``)."""
    stem, span = split_name(name)
    known = span is not None or stem in wheels() or stem in libraries()
    return known or any(row.ended for row in replacements(name))


def list_tripwires(sites: Iterable[Path]) -> frozenset[str]:
    """Return the names that a resolution must not reach unplanned.

    These are the names of CUDA packages, and what the installed ones among them need in certain versions.
    """
    return frozenset([*_list_known(), *_list_needed(sites)])


def _list_known() -> Iterator[str]:
    yield from wheels()
    yield from libraries()
    majors = range(_OLDEST_MAJOR, newest_cuda().major + 2)
    suffixed = [stem for stem, wheel in wheels().items() if wheel.role != "framework" and not wheel.extends]
    for stem in dict.fromkeys([*_FORMS, *libraries(), *suffixed]):
        yield from (_FORMS.get(stem, stem + "-cu{}").format(major) for major in majors)


def _list_needed(sites: Iterable[Path]) -> Iterator[str]:
    for package in read_distributions(sites):
        if concerns_cuda(package.name):
            bounded = (read_spec(text) for text in package.depends)
            yield from (spec.name for spec in bounded if spec is not None and spec.version)
