"""``python -m tests.inertness [CHANNEL]``: installs without CUDA must come out as without the plugin.

Every name of a channel (a directory; the rig's conda-forge unless one is named) is solved plainly and through the plan
and the ladder, on a host with a driver and on one without. The solver is rattler (``pip install py-rattler``): a sweep
takes a minute. A CPU build of a framework that comes as a CUDA build instead is what the plugin is for, and counted
apart. Exit status 1 where a solution without CUDA differs.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.component import Role, Variant, read_components
from conda_cuda_pin.detect import declared_host
from conda_cuda_pin.errors import UnsolvableError
from conda_cuda_pin.judge import judge_change
from conda_cuda_pin.ladder import Solution, climb
from conda_cuda_pin.package import Package
from conda_cuda_pin.plan import make_plan
from conda_cuda_pin.request import Request, Spec
from conda_cuda_pin.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conda_cuda_pin.host import Host
    from conda_cuda_pin.pin import Pin

CHANNEL = Path(".rig/channels/conda-forge")
HOSTS = {"driver 12.4": "12.4 8.9", "no driver": ""}
SYSTEM = {"__glibc": "2.35", "__linux": "6.8", "__unix": "0", "__archspec": "1"}
"""What else packages ask of a machine."""


class Rattler:
    """A solver for the ladder: one request, one channel, one host."""

    extra = 2

    def __init__(self, library: Any, data: Sequence[Any], host: Host, name: str) -> None:
        self._library = library
        self._data = data
        self._name = name
        driver = {"__cuda": str(host.driver_cuda)} if host.driver_cuda else {}
        self._virtual = [self._make_virtual(*pair) for pair in (SYSTEM | driver).items()]

    def solve(self, pins: Sequence[Pin]) -> Solution:
        """Solve under these pins; raises UnsolvableError."""
        constraints = [f"{pin.name} {pin.version or '*'}{f' {pin.build}' if pin.build else ''}" for pin in pins]
        question = self._library.solve_with_sparse_repodata(
            [self._name], self._data, virtual_packages=self._virtual, constraints=constraints
        )
        try:
            records = asyncio.run(_wait(question))
        except import_module("rattler.exceptions").SolverError as error:
            raise UnsolvableError(str(error)) from error
        return Solution(tuple(map(_read_record, records)))

    def is_newer(self, one: str, other: str) -> bool:
        """Compare two versions as rattler does."""
        return bool(self._library.Version(one) > self._library.Version(other))

    def _make_virtual(self, name: str, version: str) -> Any:
        make = self._library
        return make.GenericVirtualPackage(make.PackageName(name), make.Version(version), make.BuildString("0"))


def sweep(library: Any, channel: Path, host: Host) -> Counter[str]:
    """Solve every name of a channel on a host; print the names that differ, and return how many there are of each."""
    place = library.Channel(channel.absolute().as_uri())
    files = [(path.parent.name, path) for path in sorted(channel.glob("*/repodata.json"))]
    data = [library.SparseRepoData(place, subdir, path) for subdir, path in files]
    names = sorted({name for _, path in files for name in _list_names(path)})
    return Counter(_compare(Rattler(library, data, host, name), host, name) for name in names)


def _compare(solver: Rattler, host: Host, name: str) -> str:
    request, settings = Request("create", (Spec(name),), ("conda-forge",)), Settings()
    try:
        plain = solver.solve(())
    except UnsolvableError:
        return "unsolvable"
    if any(c.variant is Variant.CUDA or c.role is Role.SELECTOR for c in read_components(plain.packages)):
        return "CUDA"
    ascent = climb(solver, make_plan(host, settings, request, ()), request, ())
    found = judge_change(host, settings, request, (), ascent.solution.packages)
    if set(ascent.solution.packages) == set(plain.packages) and not found.blocks:
        return "identical"
    if any(c.variant is Variant.CPU and c.role is Role.FRAMEWORK for c in read_components(plain.packages)):
        return "steered"
    changed = set(ascent.solution.packages) ^ set(plain.packages)
    print(f"  {name}: {', '.join(sorted(map(str, changed)))}; {', '.join(f.message for f in found.blocks)}")
    return "different"


async def _wait(question: Any) -> Any:
    return await question


def _read_record(record: Any) -> Package:
    depends, constrains = tuple(map(str, record.depends)), tuple(map(str, record.constrains))
    return Package(record.name.normalized, str(record.version), str(record.build), "conda-forge", depends, constrains)


def _list_names(path: Path) -> set[str]:
    content = json.loads(path.read_text(encoding="utf-8"))
    records = (record for key in ("packages", "packages.conda") for record in content.get(key, {}).values())
    return {record["name"] for record in records}


def main(arguments: Sequence[str]) -> int:
    """Sweep on each host and print the counts."""
    try:
        library = import_module("rattler")
    except ImportError:
        print("the sweep needs rattler: pip install py-rattler", file=sys.stderr)
        return 2
    channel = Path(arguments[0]) if arguments else CHANNEL
    different = 0
    for words, described in HOSTS.items():
        host = declared_host(described or {"platform": "linux-64", "verdict": "none"}, "linux-64")
        found = sweep(library, channel, host)
        total, without = found.total(), found["identical"] + found["different"]
        different += found["different"]
        aside = f"{found['CUDA']} with CUDA, {found['steered']} steered to CUDA, {found['unsolvable']} unsolvable"
        print(
            f"{words}: {total} names, {without} without CUDA, {found['identical']} identical, "
            f"{found['different']} different (not counted: {aside})",
            flush=True,
        )
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
