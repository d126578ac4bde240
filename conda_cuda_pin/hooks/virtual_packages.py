"""Answers ``__cuda`` from our own detection: bounded in time, cached, and right about a driver without GPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..host import Host

_CONDAS_OWN = "conda.plugins.virtual_packages.cuda"


def replace_cuda(results: list[Iterable[Any]]) -> list[Iterable[Any]]:
    """Take conda's own ``__cuda`` out of what the hook returned and put ours in.

    conda's answer costs a process and up to a minute; up to 24.x asking for it is enough to pay, so its generator
    is left out unread. Where we are off, or fail, conda answers as without us.
    """
    from .errors import CudaPinError
    from .words import say, warn_of_fault

    try:
        host = find_serving_host()
    except CudaPinError as error:
        say(f"{error}; until then conda's own __cuda stands")  # a solve refuses it; `conda info` goes on
        host = None
    except Exception as fault:  # noqa: BLE001 - conda must go on
        warn_of_fault("detecting the driver", fault)
        host = None
    if host is None:
        return results
    read = [package for result in results if _generator_origin(result) != _CONDAS_OWN for package in result]
    others = [package for package in read if _package_origin(package) != _CONDAS_OWN]
    return [others, list(describe_cuda(host, {package.name for package in others}))]


def find_serving_host() -> Host | None:
    """Return the host that ``__cuda`` is to speak for, None where the plugin is off."""
    from conda.base.context import context

    from .case import read_policy
    from .host import served_host

    serving = served_host()
    if serving is not None:
        return serving
    settings, host = read_policy(str(context.target_prefix))
    return None if settings.off else host


def _generator_origin(result: Any) -> str:
    """Name the module whose generator this is (up to conda 24.x, where reading it is enough to pay)."""
    frame = getattr(result, "gi_frame", None)
    return frame.f_globals.get("__name__", "") if frame is not None else ""


def _package_origin(package: Any) -> str:
    """Name the module of the plugin that a virtual package comes from (newer condas, where its version is lazy)."""
    plugin = getattr(getattr(package, "impl", None), "plugin", None)
    return getattr(plugin, "__name__", "")


def describe_cuda(host: Host, taken: set[str]) -> Iterator[Any]:
    """Yield ``cuda`` and ``cuda_arch`` unless another plugin already provides them.

    The arch is the lowest of all GPUs, and absent without ``__cuda``:
    https://github.com/conda/ceps/blob/main/cep-0046.md
    """
    from conda.plugins.types import CondaVirtualPackage

    if host.driver_cuda is None:
        return
    if "cuda" not in taken:
        yield CondaVirtualPackage("cuda", str(host.driver_cuda), None)
    if "cuda_arch" not in taken and host.capabilities:
        yield CondaVirtualPackage("cuda_arch", str(host.capabilities[0]), None)
