"""Indexes in memory, and what pip would take from them under a plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from conda_cuda_pin.knowledge.indexes import releases
from conda_cuda_pin.package import Package
from conda_cuda_pin.request import Request, Spec
from conda_cuda_pin.routing import Target, WheelPlan, plan_wheels
from conda_cuda_pin.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conda_cuda_pin.host import Host

PYPI = "https://pypi.org/simple"
WHL = "https://download.pytorch.org/whl"
LINUX = Target("linux-64", "3.11")


@dataclass
class Shelf:
    """A catalogue that counts what it is asked."""

    pages: Mapping[tuple[str, str], tuple[str, ...]]
    calls: list[tuple[str, str]] = field(default_factory=list)

    def versions(self, index: str, name: str) -> tuple[str, ...] | None:
        """Return the versions on a page, None where there is no such page."""
        self.calls.append((index, name))
        return self.pages.get((index, name))


def stock(pages: Mapping[str, Iterable[str]]) -> Shelf:
    """Put files on indexes: ``{index: ["torch 2.8.0+cu126", ...]}``."""
    shelf: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for index, files in pages.items():
        for file in files:
            name, version = file.split(" ")
            shelf[index, name].append(version)
    return Shelf({key: tuple(versions) for key, versions in shelf.items()})


def real_indexes(platform: str = "linux-64") -> Shelf:
    """Return torch and torchvision as the table has them, on PyPI and on the indexes of the variants."""
    pages: defaultdict[str, list[str]] = defaultdict(list)
    for row in releases():
        pages[PYPI].append(f"torch {row.torch}")
        for tag in (*row.tags(platform), "cpu"):
            pages[f"{WHL}/{tag}"].append(f"torch {row.torch}+{tag}")
            if row.torchvision:
                pages[f"{WHL}/{tag}"].append(f"torchvision {row.torchvision}+{tag}")
    return stock(pages)


def ask(*words: str, channels: Sequence[str] = (), options: str = "") -> Request:
    """Make a request as pip's words make one."""
    requirements = [Requirement(word) for word in words]
    specs = [Spec(str(canonicalize_name(one.name)), str(one.specifier)) for one in requirements]
    return Request("install", tuple(specs), tuple(channels), typed=" ".join(("pip-cuda install", *words, options)))


def wheel(text: str, *depends: str, channel: str = "pypi") -> Package:
    """Make an installed wheel from ``name version``."""
    name, version = text.split(" ")
    return Package(name, version, "", channel, depends, ecosystem="pip")


def plan(
    host: Host,
    request: Request,
    shelf: Shelf,
    installed: Sequence[Package] = (),
    settings: Settings | None = None,
    target: Target | None = None,
    defaults: tuple[str, ...] = (PYPI,),
) -> WheelPlan:
    """Plan with ordinary values for what is not said."""
    target = target or LINUX
    host = replace(host, platform=target.platform)
    return plan_wheels(host, settings or Settings(), request, installed, target, shelf, defaults)


def pick(plan: WheelPlan, request: Request, shelf: Shelf, name: str, defaults: tuple[str, ...] = (PYPI,)) -> str | None:
    """Return the version of one name that pip would take: the first index that has the name, the newest that fits."""
    route = plan.routes.get(name) or plan.others
    indexes = route.indexes if route is not None else defaults
    found = next((own for index in indexes if (own := shelf.pages.get((index, name))) is not None), ())
    wanted = [spec.version for spec in request.specs if spec.name == name and spec.version]
    wanted += [str(one.specifier) for w in plan.windows if (one := Requirement(w.requirement)).name == name]
    fits = Requirement(f"{name}{','.join(wanted)}").specifier
    return max((one for one in found if fits.contains(one)), key=Version, default=None)
