"""The torch that is there already and stays, conda's or pip's: what comes beside it has to fit it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..component import Variant, read_component
from ..knowledge.indexes import base_url, find_release
from .addresses import find_tag
from .choice import Choice
from .search import TORCH
from .values import Window

if TYPE_CHECKING:
    from ..package import Package
    from .case import Case

AGAIN = {"-U", "--upgrade", "--force-reinstall", "-I", "--ignore-installed"}
"""Options by which what is installed need not stay."""
_RUNTIME = re.compile(r"(?:cuda-toolkit(?:\[[^\]]*\])?|nvidia-cuda-runtime(?:-cu\d+)?)\s*==\s*(\d+)\.(\d+)")


def follow_conda(case: Case) -> Choice | None:
    """Leave conda's own torch where it is."""
    found = [one for one in case.installed if not one.is_wheel and one.name in ("pytorch", "libtorch")]
    over = any(one.is_wheel and one.name == TORCH for one in case.installed)  # that is the one that is imported
    if not found or over or TORCH in case.request.names:
        return None
    package = next((one for one in found if one.name == "pytorch"), found[0])
    component = read_component(package)
    toolkit = component.toolkit if component is not None and component.variant is Variant.CUDA else None
    tag = f"cu{toolkit.major}{toolkit.minor}" if toolkit else "cpu"
    hold = _hold(package.version, f"conda installed {package}; a wheel of torch would overwrite its files")
    index = case.addresses.torch(tag)
    return Choice((index,), tag, package.version, f"it is to fit conda's {package}", True, True, hold)


def follow_wheel(case: Case) -> Choice | None:
    """Follow the wheel of torch that is there and will stay.

    One without a local version is PyPI's; one with a local version of its own kind is somebody's own build
    (``2.8.0a0+5228986c39.nv25.6`` in NVIDIA's containers), which no index could give back.
    """
    package = next((one for one in case.installed if one.is_wheel and one.name == TORCH), None)
    if package is None or not _stays(case, package):
        return None
    tag, reason = find_tag(package.version), f"it is to fit the torch {package.version} that is installed"
    if index := _find_index(case, package):
        return Choice((index,), tag or index.rsplit("/", 1)[-1], package.version, reason, stays=True)
    if tag:
        return Choice((case.addresses.torch(tag),), tag, package.version, reason, stays=True)
    own = _hold(package.version, "the torch that is installed is a build of its own") if "+" in package.version else ()
    tag = _read_tag(case, package)
    return Choice(case.plain_indexes, tag, package.version, reason, stays=True, windows=own)


def _hold(version: str, reason: str) -> tuple[Window, ...]:
    return (Window(f"{TORCH}=={version}", reason),)


def _stays(case: Case, package: Package) -> bool:
    if TORCH not in case.request.names:
        return True
    return case.wish(TORCH).admits(package.version) and not AGAIN & set(case.words)


def _find_index(case: Case, package: Package) -> str:
    """Return PyTorch's own index that the wheel came from; empty where it came from elsewhere."""
    url = f"https://{package.channel}".rstrip("/")
    index = case.addresses.read_torch_index(url)
    owned = index is not None and bool(index.tag) and url.startswith(base_url("all") + "/")
    return case.addresses.place(url) if owned else ""


def _read_tag(case: Case, package: Package) -> str:
    """Return the variant of a wheel that does not name it: by what it depends on, else by the table."""
    found = next((match for one in package.depends if (match := _RUNTIME.match(one)) is not None), None)
    if found is not None:
        return f"cu{found[1]}{found[2]}"
    release = find_release(package.version) if "+" not in package.version else None
    return release.pypi.get(case.target.platform, "") if release is not None else ""
