"""Runs in a conda's own Python: a solver backend with libmamba's interface, wrapped and asked; prints facts as JSON.

libmamba cannot be had from PyPI. What is modelled is what its plugin was measured to do: pins are read inside of
``solve_final_state``, become solvables of the installed repo and stay there, and the index is loaded by
``_collect_all_metadata``.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from types import SimpleNamespace
from typing import Any

from conda.core.solve import Solver, get_pinned_specs
from conda.exceptions import UnsatisfiableError
from conda.models.records import PackageRecord

from conda_cuda_pin.hooks.backend import wrap_backend, wrap_solvers


def make_record(name: str, version: str, build: str, *depends: str) -> PackageRecord:
    """Make a record of conda-forge."""
    channel = "https://conda.anaconda.org/conda-forge/linux-64"
    return PackageRecord(
        name=name,
        version=version,
        build=build,
        build_number=0,
        channel=channel,
        subdir="linux-64",
        fn=f"{name}-{version}-{build}.conda",
        url=f"{channel}/{name}-{version}-{build}.conda",
        md5="0" * 32,
        depends=depends,
    )


OFFER = (
    make_record("torchvision", "0.27.1", "cpu_py313_h0_0", "pytorch"),
    make_record("torchvision", "0.27.1", "cuda129_py313_h0_0", "cuda-version >=12.9,<13"),
    make_record("cupy", "14.1.1", "py313h0_0", "cuda-version >=12,<13"),
)


class Index:
    """The part of libmamba's index helper that counts here."""

    def __init__(self) -> None:
        self._installed_records: tuple[Any, ...] = ()
        own, forge = SimpleNamespace(url_no_cred="installed", repo=[]), SimpleNamespace(url_no_cred="forge", repo=OFFER)
        self.repos = [own, forge]
        self.db = SimpleNamespace(remove_repo=lambda repo: repo.clear())
        self.priorities = 0

    def _load_installed(self, records: tuple[Any, ...]) -> SimpleNamespace:
        return SimpleNamespace(url_no_cred="installed", repo=list(records))

    def _set_repo_priorities(self) -> None:
        self.priorities += 1

    @property
    def installed(self) -> list[Any]:
        return next(info.repo for info in self.repos if info.url_no_cred == "installed")


class LibMambaLike(Solver):
    """A backend of libmamba's shape: the first build of the newest version that all pins admit, CPU builds first."""

    _uses_ssc = False
    calls: list[list[str]] = []  # noqa: RUF012 - the log of this process
    loads: list[Index] = []  # noqa: RUF012

    def __init__(
        self, prefix: str, channels: Any, *args: Any, build_repodata_subset: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(prefix, channels, *args, **kwargs)
        self.subset = build_repodata_subset

    def _collect_all_metadata(self, *_: Any) -> Index:
        self.loads.append(Index())
        return self.loads[-1]

    def solve_final_state(self, *_: Any, **__: Any) -> list[Any]:
        index = self._collect_all_metadata()
        index.installed.extend(get_pinned_specs(self.prefix))
        pins = list(index.installed)
        self.calls.append(sorted(str(pin) for pin in pins))
        return [self._choose(spec, pins) for spec in self.specs_to_add]

    def _choose(self, spec: Any, pins: list[Any]) -> Any:
        fitting = [r for r in OFFER if spec.match(r) and all(pin.match(r) for pin in pins if pin.name == r.name)]
        if not fitting:
            raise UnsatisfiableError({})
        return fitting[0]


def main(scenario: str) -> None:
    """Run one scenario and print what was seen."""
    if scenario == "broken-internals":
        del Index._load_installed
    backend: Any = wrap_backend(LibMambaLike)
    solver = backend(os.path.join(os.environ["HOME"], "env"), ["conda-forge"], (), ["torchvision"])  # noqa: PTH118
    found = solver.solve_final_state()
    bare = wrap_solvers([[SimpleNamespace(name="odd", backend=None)]])
    facts = {
        "build": found[0].build,
        "calls": backend.calls,
        "loads": len(backend.loads),
        "priorities": backend.loads[0].priorities,
        "kept": solver.__dict__.get("_cuda_pin"),
        "subset": "build_repodata_subset" in inspect.signature(backend.__init__).parameters,
        "own_init": "__init__" in vars(backend),
        "same_class": backend is wrap_backend(LibMambaLike),
        "name": backend.__name__,
        "unwrapped": bare[0][0].backend is None,
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
