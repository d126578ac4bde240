"""A request without a solution: what stands in the way, ours or the host's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import read_components
from ..limit import MINOR_COMPATIBLE_SINCE, runs_toolkit
from ..pin import Kind
from .command import ONCE, describe_command, lay_out
from .host import describe_host

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..host import Host
    from ..ladder import ExcludedError
    from ..package import Package
    from ..pin import Pin
    from ..request import Request
    from ..versions import CudaVersion

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
        ("anyway", f"{ONCE} {command}"),
    ]
    held = any(pin.kind is Kind.HOLD for pin, _ in broken)
    head = (
        "no solution leaves the installed CUDA builds in place"
        if held
        else "no solution keeps to what this host can run"
    )
    return f"{head}; nothing was changed.\n\n" + lay_out(rows)


def find_broken(pins: Sequence[Pin], packages: Sequence[Package]) -> list[tuple[Pin, Package]]:
    """Pair each pin with the package that a solution without pins would have in its place, where there is one."""
    chosen = {package.name: package for package in packages}
    return [(pin, chosen[pin.name]) for pin in pins if pin.name in chosen and not pin.admits(chosen[pin.name])]


def describe_lacking(packages: Sequence[Package], request: Request, host: Host) -> str:
    """Say that a request has a solution, but not on this host: its driver is missing or too old.

    Empty where nothing in the solution needs more than the host has: then something else is the reason.

    Args:
        packages: the solution on a host whose driver runs everything.
        request: what was asked for.
        host: the host as it is.
    """
    command = describe_command(request)
    driver = host.driver_cuda
    built = [(c, c.toolkit) for c in read_components(packages) if c.toolkit is not None]
    lacking = [(c, toolkit) for c, toolkit in built if driver is None or not runs_toolkit(driver, toolkit)]
    if not lacking:
        return ""
    first = sorted(lacking, key=lambda pair: pair[0].name not in request.names)[:2]
    wanted = max(toolkit for _, toolkit in lacking)
    variable = "CONDA_PLUGINS_CUDA_PIN_TARGET" if host.source == "cuda_pin_target" else "CONDA_OVERRIDE_CUDA"
    rows = [
        ("asked", command),
        ("host", describe_host(host)),
        *(("needs" if not n else "", f"{c}: a driver for CUDA {_level(t)}") for n, (c, t) in enumerate(first)),
        ("instead", f"{variable}={wanted} {command}   (if it is for another host: its driver's CUDA version)"),
    ]
    head = "no NVIDIA driver is seen here" if driver is None else f"the driver runs CUDA {driver} and no more"
    return f"{head}; this request needs one{' of CUDA ' + _level(wanted) if driver else ''}.\n\n" + lay_out(rows)


def _level(toolkit: CudaVersion) -> str:
    """Name the CUDA version that a driver must be of: the major does from 11 on."""
    return str(toolkit.major) if toolkit.major >= MINOR_COMPATIBLE_SINCE else str(toolkit)
