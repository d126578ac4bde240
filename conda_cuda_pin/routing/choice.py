"""Which torch, and from where: the user's word first, then the torch that is there, then the host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..component import Variant, read_component
from ..knowledge.indexes import find_release, releases, torch_names
from .addresses import find_tag
from .search import TORCH, Search, newest_usable
from .values import Window
from .wish import find_local_tag, public

if TYPE_CHECKING:
    from ..knowledge.indexes import Release
    from ..package import Package
    from .case import Case
    from .search import Build

_AGAIN = {"-U", "--upgrade", "--force-reinstall", "-I", "--ignore-installed"}


@dataclass(frozen=True)
class Choice:
    """What was decided about torch."""

    indexes: tuple[str, ...] = ()
    """Where its names come from; empty: nothing is routed."""
    tag: str = ""
    version: str = ""
    """The torch that will be there, where that is known."""
    reason: str = ""
    stays: bool = False
    """It is installed already, and what is asked for has to fit it."""
    by_conda: bool = False
    windows: tuple[Window, ...] = ()
    notes: tuple[str, ...] = ()


def choose_torch(case: Case) -> Choice:
    """Decide which torch the names of its index are to fit, and where they come from."""
    return _by_word(case) or _by_conda(case) or _by_installed(case) or _by_host(case)


def _by_word(case: Case) -> Choice | None:
    """Follow the user: a local version in the request, an index of torch that was named."""
    named = case.torch_indexes
    tag = find_local_tag(case.request, (TORCH, *sorted(torch_names())))
    indexes = [index for index in named if index.tag in (tag, "")] if tag else [index for index in named if index.tag]
    if tag and not indexes:
        return Choice((case.addresses.torch(tag),), tag, reason=f"the request names a build of {tag}")
    if not indexes:
        return None
    rest = [index for index in named if index not in indexes]
    urls = tuple(index.url for index in (*indexes, *rest))
    return Choice(urls, tag or indexes[0].tag, reason="the index was named by the user")


def _by_conda(case: Case) -> Choice | None:
    """Leave conda's own torch where it is."""
    found = [one for one in case.installed if not one.is_wheel and one.name in ("pytorch", "libtorch")]
    over = any(one.is_wheel and one.name == TORCH for one in case.installed)  # that is the one that is imported
    if not found or over or TORCH in case.request.names:
        return None
    package = next((one for one in found if one.name == "pytorch"), found[0])
    component = read_component(package)
    toolkit = component.toolkit if component is not None and component.variant is Variant.CUDA else None
    tag = f"cu{toolkit.major}{toolkit.minor}" if toolkit else "cpu"
    reason = f"conda installed {package}; a wheel of torch would overwrite its files"
    window = Window(f"{TORCH}=={package.version}", reason)
    index = case.addresses.torch(tag)
    return Choice((index,), tag, package.version, f"it is to fit conda's {package}", True, True, (window,))


def _by_installed(case: Case) -> Choice | None:
    """Follow the torch that is there and will stay."""
    package = next((one for one in case.installed if one.is_wheel and one.name == TORCH), None)
    if package is None or not _stays(case, package):
        return None
    tag = find_tag(package.version)
    index = case.addresses.read_torch_index(f"https://{package.channel}") if package.channel else None
    reason = f"it is to fit the torch {package.version} that is installed"
    if not tag and index is None:
        release = find_release(public(package.version))
        tag = release.pypi.get(case.target.platform, "") if release is not None else ""
        return Choice(case.plain_indexes, tag, package.version, reason, stays=True)
    tag = tag or (index.tag if index is not None else "")
    url = case.addresses.place(index.url) if index is not None and index.tag == tag else case.addresses.torch(tag)
    return Choice((url,), tag, package.version, reason, stays=True)


def _stays(case: Case, package: Package) -> bool:
    if TORCH not in case.request.names:
        return True
    return case.wish(TORCH).admits(package.version) and not _AGAIN & set(case.words)


def _by_host(case: Case) -> Choice:
    """Take what fits the machine; where nothing is known of it, nothing is decided."""
    host, variant = case.host, case.settings.variant
    if variant == "cpu" or (variant == "auto" and host.has_no_nvidia):
        return _choose_cpu(case)
    if "tegra" in host.kinds and host.driver_cuda is not None and host.driver_cuda.major < _TEGRA_SINCE:
        return Choice(notes=(_TEGRA,))
    if variant == "auto" and host.driver_cuda is None:
        unknown = f"what this machine can run is not known ({host.verdict}): torch comes from where pip is configured"
        return Choice(notes=(unknown,))
    wish = case.wish(TORCH)
    if not wish.readable:
        return Choice()
    mixed = tuple(index.url for index in case.torch_indexes if not index.tag)
    build = Search(case.fitness, wish, case.addresses, case.catalogue).run(mixed)
    return _take(case, build) if build is not None else _fall_back(case)


_TEGRA_SINCE = 13
_TEGRA = (
    "before JetPack 7 a Jetson runs no wheel of download.pytorch.org: torch comes from where pip is configured, "
    "and NVIDIA's own builds from https://pypi.jetson-ai-lab.io"
)


def _choose_cpu(case: Case) -> Choice:
    index = case.addresses.torch("cpu")
    why = "cuda_pin_variant is cpu" if case.settings.variant == "cpu" else "no NVIDIA driver here"
    version = case.wish(TORCH).newest(case.catalogue.versions(index, TORCH) or ())
    if version is None:
        return Choice(notes=(f"{index} has no torch that is asked for: torch comes from where pip is configured",))
    return Choice((index,), "cpu", version, f"{why}: CPU builds")


def _take(case: Case, build: Build) -> Choice:
    fitness = case.fitness
    reason = f"torch {build.version} is the newest that runs here: {fitness.describe_limit()}"
    windows: tuple[Window, ...] = ()
    if build.mixed:
        windows = (Window(f"{TORCH}=={build.version}", f"{reason}; its index holds other variants too"),)
    elif build.bounded:
        windows = (Window(f"{TORCH}<={public(build.version)}", f"{reason}; newer ones there do not"),)
    gap = fitness.describe_gap(build.tag)
    return Choice((build.index,), build.tag, build.version, reason, windows=windows, notes=(gap,) if gap else ())


def _fall_back(case: Case) -> Choice:
    """Leave torch to the configured indexes, up to the last release whose wheel on PyPI runs here."""
    fitness = case.fitness
    newest = newest_usable(fitness)
    hint = f"; the newest that does is torch {newest[0]} of {newest[1]}" if newest else ""
    note = f"no index of torch has a build that is asked for and runs here ({fitness.describe_limit()}){hint}"
    asked = [row for row in releases() if case.wish(TORCH).admits(row.torch)]
    running = [row for row in asked if _runs_from_pypi(case, row)]
    if not running or running[-1] == asked[-1] or case.addresses.base("pypi") not in case.plain_indexes:
        return Choice(notes=(note,))
    last = running[-1].torch
    reason = f"wheels of torch on PyPI newer than {last} do not run here: {fitness.describe_limit()}"
    return Choice(windows=(Window(f"{TORCH}<={last}", reason),), notes=(note,))


def _runs_from_pypi(case: Case, release: Release) -> bool:
    tag = release.pypi.get(case.target.platform, "cpu")
    return tag == "cpu" or case.fitness.runs(release.torch, tag)
