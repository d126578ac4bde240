"""Requires-Dist of a wheel: which of its requirements count on a platform, and what they admit.

Only what deals with wheels loads this module, and with it the library ``packaging``.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from .tag import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
_EXTRA = re.compile(r"extra\s*==\s*[\"']([^\"']+)")
_SYSTEMS = {
    "linux": ("Linux", "linux", "posix"),
    "win": ("Windows", "win32", "nt"),
    "osx": ("Darwin", "darwin", "posix"),
}
_MACHINES = {"64": "x86_64", "aarch64": "aarch64", "arm64": "arm64", "ppc64le": "ppc64le", "32": "i686"}


@dataclass(frozen=True)
class Need:
    """One requirement that counts."""

    name: str
    """Normalised as PEP 503 has it."""
    specifier: str
    """What the version must meet (``==12.8.90``), empty where any will do."""

    def __str__(self) -> str:
        return self.name + self.specifier


def read_needs(depends: Iterable[str], platform: str, extras: bool = False) -> Iterator[Need]:
    """Yield the requirements that count on a platform; what cannot be read is left out.

    https://packaging.python.org/en/latest/specifications/dependency-specifiers/

    Args:
        depends: Requires-Dist, as written.
        platform: conda's name of the platform.
        extras: whether those count too that only an extra asks for.
    """
    for text in depends:
        asked = ("", *_EXTRA.findall(text)) if extras else ("",)
        need = next(filter(None, (_read_need(text, platform, extra) for extra in asked)), None)
        if need is not None:
            yield need


def name_of(text: str) -> str:
    """Return the normalised name at the head of a requirement, without reading the rest."""
    match = _NAME.match(text)
    return normalise(match[1]) if match else ""


@functools.lru_cache(maxsize=4096)
def _read_need(text: str, platform: str, extra: str) -> Need | None:
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return None
    environment = {**describe_markers(platform), "extra": extra}
    if requirement.marker is not None and not requirement.marker.evaluate(environment):
        return None
    return Need(normalise(requirement.name), str(requirement.specifier))


@functools.cache
def describe_markers(platform: str) -> dict[str, str]:
    """Return what markers ask for on one of conda's platforms; the version of Python stays that of who runs."""
    system, _, machine = platform.partition("-")
    name, short, kind = _SYSTEMS.get(system, _SYSTEMS["linux"])
    processor = "AMD64" if system == "win" and machine == "64" else _MACHINES.get(machine, machine)
    return {"platform_system": name, "sys_platform": short, "os_name": kind, "platform_machine": processor}


@functools.lru_cache(maxsize=4096)
def admits(specifier: str, version: str) -> bool:
    """Whether a version meets a specifier, pre-releases included; what cannot be read is met."""
    try:
        return SpecifierSet(specifier).contains(Version(version), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True


@functools.lru_cache(maxsize=4096)
def lowest_of(specifier: str) -> str:
    """Return the highest lower bound of a specifier (``9.24`` of ``>=9.24,<10`` and of ``==9.24``), empty if none."""
    try:
        bounds = [clause.version for clause in SpecifierSet(specifier) if clause.operator in ("==", ">=", "~=", "===")]
        return max((bound.removesuffix(".*") for bound in bounds), key=Version, default="")
    except (InvalidSpecifier, InvalidVersion):
        return ""


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1 as one version is older, the same or newer; 0 where one cannot be read."""
    try:
        first, second = Version(one), Version(other)
    except InvalidVersion:
        return 0
    return (first > second) - (first < second)
