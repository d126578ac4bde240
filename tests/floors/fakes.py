"""Hosts, packages and requests in few words, and a small solver that satisfies the ladder's interface."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import zip_longest
from typing import TYPE_CHECKING

from conda_cuda_pin.component import Component, read_component
from conda_cuda_pin.errors import UnsolvableError
from conda_cuda_pin.host import Evidence, Gpu, Host, Outcome, State, Verdict
from conda_cuda_pin.ladder import Solution
from conda_cuda_pin.package import PIP, File, Package
from conda_cuda_pin.request import Request, Spec
from conda_cuda_pin.versions import ComputeCapability, CudaVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conda_cuda_pin.pin import Pin

FORGE = "conda-forge"
OLD_CHANNELS = ("pytorch", "nvidia", "conda-forge")
"""The channels of the pytorch project's former instructions, in their order."""

V100, A100, L4, RTX5090 = "7.0", "8.0", "8.9", "12.0"

_SPEC = re.compile(r"(?:(?P<channel>.+)::)?(?P<name>[\w.-]+)(?P<rest>.*)")


def make_package(text: str, *depends: str, channel: str = FORGE) -> Package:
    """Make a package from ``name version build`` and its dependencies."""
    name, version, *build = text.split(" ")
    return Package(name, version, "".join(build), channel, depends)


def make_wheel(text: str, *depends: str, index: str = "pypi", files: Sequence[str] = ()) -> Package:
    """Make a wheel from ``name version``, its requirements, and its libraries as ``path`` or ``path=digest``."""
    name, version = text.split(" ")
    owned = (File(path, digest) for path, _, digest in (file.partition("=") for file in files))
    return Package(name, version, "", index, depends, ecosystem=PIP, files=tuple(owned))


def make_pip_request(*requirements: str, verb: str = "install", indexes: Sequence[str] = ()) -> Request:
    """Make a request from requirements such as ``torch==2.8.0+cu126``."""
    parts = [re.match(r"([\w.-]+)(?:\[.*\])?(.*)", text) for text in requirements]
    specs = tuple(Spec(part[1], part[2]) for part in parts if part is not None)
    return Request(verb, specs, tuple(indexes), typed=" ".join(("pip", verb, *requirements)))


def make_component(text: str, *depends: str, channel: str = FORGE) -> Component:
    """Read a package that is known to have to do with CUDA."""
    component = read_component(make_package(text, *depends, channel=channel))
    assert component is not None
    return component


def make_spec(text: str) -> Spec:
    """Read ``nvidia::cuda-toolkit=12.4`` or ``pytorch=*=cpu*``, as far as the tests need it."""
    match = _SPEC.fullmatch(text)
    assert match is not None
    version, build = match["rest"], ""
    if re.match(r"=[^=]", version):
        version, _, build = version[1:].partition("=")
    return Spec(match["name"], "" if version == "*" else version, build, match["channel"] or "")


def make_request(*specs: str, verb: str = "install", channels: Sequence[str] = (FORGE,), where: str = "") -> Request:
    """Make a request for specs as a user types them."""
    return Request(verb, tuple(map(make_spec, specs)), tuple(channels), where)


def make_host(
    driver: str | None,
    *capabilities: str,
    at_least: bool = False,
    state: State | None = None,
    kinds: Iterable[str] = (),
    evidence: Sequence[Evidence] | None = None,
) -> Host:
    """Make a Linux host with a driver of a CUDA version, or none, and GPUs by their compute capabilities."""
    cuda = CudaVersion.parse(driver) if driver else None
    gpus = tuple(Gpu(f"GPU {text}", ComputeCapability.parse(text)) for text in capabilities)
    found = Evidence("libcuda", Outcome.FOUND if driver else Outcome.ABSENT, driver or "no such library")
    verdict = Verdict(state or (State.OK if driver else State.NONE))
    pieces = (found,) if evidence is None else tuple(evidence)
    return Host("linux-64", verdict, cuda, None, gpus, at_least, frozenset(kinds), pieces)


def version_key(text: str) -> tuple[tuple[int, int], ...]:
    """Return what versions compare by: ``13.0a0`` comes before ``13.0``."""
    parts = [re.match(r"(\d+)(\w*)", part) for part in text.split(".")]
    return tuple((int(part[1]), -1 if part[2] else 0) for part in parts if part is not None)


def is_newer(one: str, other: str) -> bool:
    """Whether the first of two versions is newer."""
    pairs = zip_longest(version_key(one), version_key(other), fillvalue=(0, 0))
    return next((a > b for a, b in pairs if a != b), False)


def admits(spec: str, version: str) -> bool:
    """Whether a version meets a spec such as ``>=2.1,<13.0a0``, ``==3.11.9`` or ``2.7.*``."""
    return all(_admits_clause(clause, version) for clause in spec.split(",") if clause not in ("", "*"))


def _admits_clause(clause: str, version: str) -> bool:
    match = re.fullmatch(r"(>=|<=|==|<|>)?(.+?)(\.\*)?", clause)
    assert match is not None
    operator, bound = match[1], match[2]
    if match[3]:
        return version == bound or version.startswith(bound + ".")
    newer, older = is_newer(version, bound), is_newer(bound, version)
    meets = {">=": not older, ">": newer, "<=": not newer, "<": older}
    return meets.get(operator or "==", not newer and not older)


@dataclass
class FakeSolver:
    """Solves over a small universe: takes the first candidate that fits, in the order in which they are listed."""

    universe: Sequence[Package]
    request: Request
    installed: Sequence[Package] = ()
    extra: int = 2
    calls: list[tuple[Pin, ...]] = field(default_factory=list)
    """The pins of every solve so far."""

    def is_newer(self, one: str, other: str) -> bool:
        """Whether the first of two versions is newer."""
        return is_newer(one, other)

    def solve(self, pins: Sequence[Pin]) -> Solution:
        """Solve the request, keeping what is installed where it can stay."""
        self.calls.append(tuple(pins))
        by_name = {pin.name: pin for pin in pins}
        wanted = [(spec.name, spec.version, spec.build) for spec in self.request.specs]
        kept = [(package.name, "", "") for package in self.installed]
        known = {package.name for package in (*self.universe, *self.installed)}
        for name, *_ in wanted:
            if name not in known:
                error = UnsolvableError(f"{name} is in no channel")
                error.missing = True
                raise error
        chosen = next(self._extend({}, (*kept, *wanted), by_name), None)
        if chosen is None:
            raise UnsolvableError("no solution")
        return Solution(tuple(chosen[name] for name in sorted(chosen)))

    def _extend(
        self, chosen: dict[str, Package], todo: Sequence[tuple[str, str, str]], pins: Mapping[str, Pin]
    ) -> Iterator[dict[str, Package]]:
        """Yield every way to meet what is still to be met."""
        if not todo:
            yield chosen
            return
        (name, version, build), *rest = todo
        for package in [chosen[name]] if name in chosen else self._candidates(name):
            if not (admits(version, package.version) and fnmatchcase(package.build, build or "*")):
                continue
            if name in chosen:
                yield from self._extend(chosen, rest, pins)
            elif _meets(package, pins):
                needs = [_read_dependency(spec) for spec in package.depends]
                yield from self._extend({**chosen, name: package}, (*needs, *rest), pins)

    def _candidates(self, name: str) -> list[Package]:
        here = [package for package in self.installed if package.name == name]
        offered = [package for package in self.universe if package.name == name and package not in here]
        return [*offered, *here] if name in self.request.names else [*here, *offered]


def _meets(package: Package, pins: Mapping[str, Pin]) -> bool:
    pin = pins.get(package.name)
    return pin is None or (admits(pin.version, package.version) and fnmatchcase(package.build, pin.build or "*"))


def _read_dependency(spec: str) -> tuple[str, str, str]:
    name, version, build, *_ = (*spec.split(" "), "", "")
    return name, version, build


def make_universe(*lines: str) -> tuple[Package, ...]:
    """Make packages from ``name version build: dependency, dependency``, best first."""
    parts = [line.partition(": ") for line in lines]
    return tuple(make_package(text, *filter(None, depends.split("; "))) for text, _, depends in parts)


UNIVERSE = make_universe(
    "python 3.12.7 h0",
    "python 3.12.6 h0",
    "python 3.11.9 h0",
    *(f"cuda-version {version} h0" for version in ("13.0", "12.9", "12.8", "12.6", "12.4", "11.8")),
    "torchvision 0.22 cpu_py312: python 3.12.*; pytorch 2.7.* cpu*",
    "torchvision 0.22 cuda130: python 3.12.*; pytorch 2.7.* cuda130*",
    "torchvision 0.22 cuda129: python 3.12.*; pytorch 2.7.* cuda129*",
    "torchvision 0.16 cuda118: python 3.11.*; pytorch 2.1.* cuda118*",
    "pytorch 2.7 cuda130: python 3.12.*; cuda-version >=13.0,<14",
    "pytorch 2.7 cuda129: python 3.12.*; cuda-version >=12.9,<13",
    "pytorch 2.7 cpu_py312: python 3.12.*",
    "pytorch 2.1 cuda118: python 3.11.*; cuda-version >=11.8,<12",
    "libxgboost 3.1 cpu_0",
    "libxgboost 3.1 cuda129: cuda-version >=12.9,<13",
    "libxgboost 2.0 cuda118: cuda-version >=11.8,<12",
    "cupy 14.1 py312h0: python 3.12.*; cuda-version >=12,<14",
    "jaxlib 0.10 cpu_py312: python 3.12.*",
    "jaxlib 0.10 cuda129: python 3.12.*; cuda-version >=12.9,<13",
    "tqdm 4.66 h0",
)
"""A small conda-forge: the newest torchvision comes as a CPU build first, as one real solver chooses it."""
