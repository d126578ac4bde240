"""Which torch fits the machine, where neither the user nor the environment has decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..knowledge.indexes import releases
from ..limit import BOARDS_JOINED, advise_target
from .addresses import hide_credentials
from .choice import Choice
from .search import TORCH, Search, newest_usable
from .values import Window
from .wish import public

if TYPE_CHECKING:
    from ..knowledge.indexes import Release
    from .case import Case
    from .search import Build


def follow_machine(case: Case) -> Choice:
    """Take what fits the machine; where nothing is known of it, nothing is decided."""
    host, variant = case.host, case.settings.variant
    if variant == "cpu" or (variant == "auto" and host.has_no_nvidia):
        return _choose_cpu(case)
    if "tegra" in host.kinds and host.driver_cuda is not None and host.driver_cuda.major < BOARDS_JOINED:
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


_TEGRA = (
    "before JetPack 7 a Jetson runs no wheel of download.pytorch.org: torch comes from where pip is configured, "
    "and NVIDIA's own builds from https://pypi.jetson-ai-lab.io"
)


def _choose_cpu(case: Case) -> Choice:
    index = case.addresses.torch("cpu")
    why = "cuda_pin_variant is cpu" if case.settings.variant == "cpu" else "no NVIDIA driver here"
    found = case.catalogue.versions(index, TORCH)
    version = case.wish(TORCH).newest(found or ())
    if version is None:
        what = "could not be read" if found is None else "has no torch that is asked for"
        return Choice(notes=(f"{hide_credentials(index)} {what}: torch comes from where pip is configured",))
    advice = advise_target(case.host) if case.settings.variant == "auto" else ""
    return Choice((index,), "cpu", version, f"{why}: CPU builds", notes=(advice,) if advice else ())


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
    hint = f"; the newest that runs here is torch {newest[0]} of {newest[1]}" if newest else ""
    limit = fitness.describe_limit()
    missed = case.catalogue.missed(TORCH)
    what = "could be read" if missed else f"has a build that is asked for and runs here ({limit})"
    note = f"no index of torch {what}{hint}"
    asked = [row for row in releases() if case.wish(TORCH).admits(row.torch)]
    running = [row for row in asked if _runs_from_pypi(case, row)]
    if not running or running[-1] == asked[-1] or case.addresses.base("pypi") not in case.plain_indexes:
        return Choice(notes=(note,))
    last = running[-1].torch
    reason = f"wheels of torch on PyPI newer than {last} do not run here: {limit}"
    return Choice(windows=(Window(f"{TORCH}<={last}", reason),), notes=(note,))


def _runs_from_pypi(case: Case, release: Release) -> bool:
    tag = release.pypi.get(case.target.platform, "cpu")
    return tag == "cpu" or case.fitness.runs(release.torch, tag)
