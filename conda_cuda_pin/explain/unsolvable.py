"""A request without a solution: what stands in the way, ours or the host's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..component import read_components
from ..limit import MINOR_COMPATIBLE_SINCE, runs_toolkit
from ..pin import Kind
from ..versions import CudaVersion
from .command import ONCE, describe_command, lay_out
from .host import describe_host

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..host import Host
    from ..ladder import ExcludedError
    from ..package import Package
    from ..pin import Pin
    from ..request import Request

SHOWN = 6
"""How many pins or packages a screen names."""


def describe_excluded(error: ExcludedError, request: Request, host: Host) -> str:
    """Say that the pins made a request unsolvable, what they are, and what conda would have chosen without them."""
    command = describe_command(request)
    broken = find_broken(error.pins, error.without.packages)
    rows = [
        ("asked", command),
        ("host", describe_host(host)),
        *(("kept to" if not n else "", f"{pin}  ({pin.reason})") for n, (pin, _) in enumerate(broken[:SHOWN])),
        *(
            ("without" if not n else "", f"conda would choose {package}")
            for n, (_, package) in enumerate(broken[:SHOWN])
        ),
        *(("instead", line) for line in _suggest_host(error, host, command)),
        ("anyway", f"{ONCE} {command}"),
    ]
    held = any(pin.kind is Kind.HOLD for pin, _ in broken)
    head = (
        "no solution leaves the installed CUDA builds in place"
        if held
        else "no solution keeps to what this host can run"
    )
    return f"{head}; nothing was changed.\n\n" + lay_out(rows)


def _suggest_host(error: ExcludedError, host: Host, command: str) -> list[str]:
    """Suggest to declare the host where a CUDA build is held and no driver is seen."""
    built = [CudaVersion.from_tag(pin.reason) for pin in error.pins if pin.kind is Kind.HOLD]
    held = max((version for version in built if version is not None), default=None)
    if host.driver_cuda is not None or held is None:
        return []
    return [f"CONDA_OVERRIDE_CUDA={held} {command}   (with the CUDA version of the driver where it will run)"]


def find_broken(pins: Sequence[Pin], packages: Sequence[Package]) -> list[tuple[Pin, Package]]:
    """Pair each pin with the package that a solution without pins would have in its place, where there is one."""
    chosen = {package.name: package for package in packages}
    return [(pin, chosen[pin.name]) for pin in pins if pin.name in chosen and _breaks(pin, chosen[pin.name])]


def _breaks(pin: Pin, package: Package) -> bool:
    if pin.build and pin.build.strip("*") not in package.build:
        return True
    return not all(_meets(clause, package.version) for clause in pin.version.split(",") if clause)


def _meets(clause: str, version: str) -> bool:
    """Whether a version meets one clause of a pin, to its last number: ``<10.3.1.50``, ``>=2.7.1``, ``<13.0a0``."""
    own, bound = _numbers(version), _numbers(clause.removesuffix("a0"))
    match clause[: -len(clause.lstrip("<>="))]:
        case "<":
            return own < bound
        case ">=":
            return own >= bound
        case _:
            return own == bound


def _numbers(text: str) -> tuple[int, ...]:
    parts = [int(part) for part in re.findall(r"\d+", text)]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def describe_lacking(packages: Sequence[Package], request: Request, host: Host) -> str:
    """Say that a request has a solution, but not on this host: its driver is missing or too old.

    Args:
        packages: the solution on a host whose driver runs everything.
        request: what was asked for.
        host: the host as it is.
    """
    command = describe_command(request)
    driver = host.driver_cuda
    built = [(c, c.toolkit) for c in read_components(packages) if c.toolkit is not None]
    lacking = [(c, toolkit) for c, toolkit in built if driver is None or not runs_toolkit(driver, toolkit)]
    first = sorted(lacking, key=lambda pair: pair[0].name not in request.names)[:2]
    wanted = max((toolkit for _, toolkit in lacking), default=CudaVersion(12, 0))
    rows = [
        ("asked", command),
        ("host", describe_host(host)),
        *(("needs" if not n else "", f"{c}: a driver for CUDA {_level(t)}") for n, (c, t) in enumerate(first)),
        ("instead", f"CONDA_OVERRIDE_CUDA={wanted} {command}   (if it is for another host: its driver's CUDA version)"),
    ]
    head = "no NVIDIA driver is seen here" if driver is None else f"the driver runs CUDA {driver} and no more"
    return f"{head}; this request needs one{' of CUDA ' + _level(wanted) if driver else ''}.\n\n" + lay_out(rows)


def _level(toolkit: CudaVersion) -> str:
    """Name the CUDA version that a driver must be of: the major does from 11 on."""
    return str(toolkit.major) if toolkit.major >= MINOR_COMPATIBLE_SINCE else str(toolkit)
