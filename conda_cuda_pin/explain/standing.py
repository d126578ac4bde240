"""A CUDA version in a request: what it stands in the way of, what it costs, and where there is none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..caps import wished_toolkit
from ..intent import find_demand, is_cuda_selector
from ..knowledge.packages import members, toolkit_parts
from .command import describe_command, lay_out
from .host import describe_host

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..component import Component
    from ..host import Host
    from ..ladder import Loss
    from ..package import Package
    from ..request import Request, Spec

SHOWN = 8
"""How many versions or packages a row names."""
_NOTE = "nvidia-smi shows the newest CUDA version that the driver runs; packages may be built for any older one"


def describe_standing(
    spec: Spec, packages: Sequence[Package], request: Request, host: Host, versions: Sequence[str]
) -> str:
    """Say that a request has a solution but for the CUDA version in it, and which version that is.

    Args:
        spec: what names the CUDA version.
        packages: the solution without it; empty where there is none.
        request: what was asked for.
        host: the host to install for.
        versions: those that the channels have of the package, newest last, where it is for want of one.
    """
    chosen = {package.name: package for package in packages}
    own = chosen.get(spec.name)
    if own is None and not versions:
        return ""
    named = [chosen[name] for name in sorted(request.names - {spec.name}) if name in chosen] if own else []
    command = describe_command(request)
    rows = [("asked", command), ("host", describe_host(host))]
    rows += [("exist", f"{spec.name} {', '.join(versions[-SHOWN:])}")] if versions else []
    if own is not None:
        minor = ".".join(own.version.split(".")[:2])
        instead = [f"{s.name}={minor}" if s is spec else str(s) for s in request.specs]
        rows.append(("without", f"conda would choose {', '.join(map(str, (own, *named[:SHOWN])))}"))
        rows.append(("instead", describe_command(request, instead)))
    rows += [("note", _NOTE)] if wished_toolkit(spec) == host.driver_cuda else []
    head = f"no channel here has {spec}" if versions else f"{spec} stands in the way of what else is asked for"
    return f"{head}; nothing was changed.\n\n" + lay_out(rows)


def describe_platform(request: Request, platform: str) -> str:
    """Say that a request names packages of CUDA on macOS, which has none; empty where it does not.

    https://docs.nvidia.com/cuda/archive/10.2/cuda-toolkit-release-notes/ (the last release for macOS)
    """
    about_cuda = [spec for spec in request.specs if _is_of_cuda(spec, request)]
    if not about_cuda:
        return ""
    kept = [str(spec) if spec not in about_cuda else spec.name for spec in request.specs]
    kept = [text for text in kept if not (is_cuda_selector(text) or text in toolkit_parts())]
    rows = [("asked", describe_command(request)), *([("instead", describe_command(request, kept))] if kept else [])]
    names = ", ".join(map(str, about_cuda))
    return f"there is no CUDA on macOS ({platform}), so nothing can be installed for {names}.\n\n" + lay_out(rows)


def _is_of_cuda(spec: Spec, request: Request) -> bool:
    if is_cuda_selector(spec.name) or spec.name in toolkit_parts():
        return True
    member = members().get(spec.name)
    return member is not None and bool(spec.build) and find_demand(request, member.family) == spec


def describe_price(spec: Spec, losses: Sequence[Loss], packages: Sequence[Package]) -> str:
    """Say which versions are given up for a CUDA version; empty where none are.

    Args:
        spec: what names the CUDA version.
        losses: what is older for its sake.
        packages: the solution without it.
    """
    if not losses:
        return ""
    listed = ", ".join(f"{loss.name} {loss.offered} instead of {loss.kept}" for loss in losses[:SHOWN])
    other = next((package.version for package in packages if package.name == spec.name), "")
    runs = f"; this host runs {spec.name} {other} too" if other else ""
    return f"warning: {spec} costs versions: {listed}{runs}"


def describe_holding(selector: Component, request: Request) -> str:
    """Say that an installed pytorch-cuda holds an environment on another channel's builds than are asked for.

    https://github.com/rusty1s/pytorch_sparse/issues/391
    """
    others = [spec for spec in request.specs if spec.channel.rpartition("/")[2] == "conda-forge"]
    asked = ", ".join(map(str, others)) or "what conda-forge builds"
    return (
        f"{selector.name} {selector.package.version} is installed: it holds pytorch on builds of the pytorch channel "
        f"for CUDA {selector.toolkit}, and {asked} wants conda-forge's own pytorch. Take all of them from conda-forge, "
        "in a new environment."
    )
