"""What a command asks for: the packages that it names and the places that it names to look in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from conda_cuda_pin.request import Request, Spec
from conda_cuda_pin.tag import normalise

from .preferences import is_on
from .requirement_file import RequirementFile, locate, read_requirement_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .argv import Command

PYPI = "https://pypi.org/simple"
_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*(?:@\s*(\S+)|\(?([^;\)]*)\)?)")
_HASH = re.compile(r"\s--?[a-z].*$")
_HASHED = re.compile(r"(^|\s)--(hash\b|require-hashes\b)")
_ARCHIVE = re.compile(r"(?P<name>[A-Za-z0-9][\w.]*)-(?P<version>\d[^-]*)-.*\.whl")


@dataclass(frozen=True)
class Asked:
    """One request, before anything is decided about it."""

    requirements: tuple[str, ...]
    """Everything that is to be installed, as written."""
    specs: tuple[Spec, ...]
    """What of it has a name."""
    constraints: tuple[Spec, ...]
    """What constraints files say of versions."""
    named: tuple[str, ...]
    """Indexes and find-links pages that this very command names, in its order."""
    indexes: tuple[str, ...]
    """The indexes in force, named or configured; PyPI where there are none."""
    links: tuple[str, ...]
    """The find-links places in force, named or configured."""
    no_index: bool
    files: tuple[RequirementFile, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names asked for, normalised."""
        return frozenset(spec.name for spec in self.specs)

    @property
    def has_hashes(self) -> bool:
        """Whether a file asks for hashes, by its requirements or by an option."""
        return any(_HASHED.search(line.text) for file in self.files for line in file.lines)

    def to_request(self, verb: str, typed: str) -> Request:
        """Return the request as the rules and the plan read it, versions bounded by the constraints."""
        bounds = {spec.name: spec.version for spec in self.constraints}
        specs = (replace(spec, version=_join(spec.version, bounds.get(spec.name, ""))) for spec in self.specs)
        return Request(verb, tuple(specs), self.named, typed=typed)


def read_asked(
    command: Command,
    preferences: Mapping[str, str],
    environ: Mapping[str, str],
    markers: Mapping[str, str] | None = None,
) -> Asked:
    """Read what a command, its files and the configuration ask for.

    ``markers`` are the values of environment markers: what they exclude, pip ignores.
    """
    listed = (*command.values("--requirement"), *preferences.get("requirement", "").split())
    bounding = (*command.values("--constraint"), *preferences.get("constraint", "").split())
    files = read_requirement_files((*listed, *bounding), environ)
    bounds = [file for file in files if _is_constraint(file, files, bounding)]
    requirements = (
        *command.arguments,
        *command.values("--editable"),
        *(line for file in files if file not in bounds for line in file.requirements),
    )
    index = [*command.values("--index-url"), *_values(files, "--index-url")]
    extra = [*command.values("--extra-index-url"), *_values(files, "--extra-index-url")]
    pages = [*command.values("--find-links"), *_values(files, "--find-links")]
    no_index = command.has("--no-index") or bool(_values(files, "--no-index")) or is_on(preferences.get("no-index", ""))
    configured = preferences.get("index-url", "").strip() or PYPI
    return Asked(
        requirements=tuple(requirements),
        specs=_read_specs(requirements, markers or {}),
        constraints=_read_specs((line for file in bounds for line in file.requirements), markers or {}),
        named=tuple(dict.fromkeys([*index[-1:], *extra, *pages])),
        indexes=tuple(
            dict.fromkeys([*(index[-1:] or [configured]), *extra, *preferences.get("extra-index-url", "").split()])
        ),
        links=tuple(dict.fromkeys([*pages, *preferences.get("find-links", "").split()])),
        no_index=no_index,
        files=files,
    )


def _is_constraint(file: RequirementFile, files: Iterable[RequirementFile], named: Iterable[str]) -> bool:
    """Whether a file only bounds versions: what it lists is not installed."""
    included = {name for other in files for name in other.values("--constraint")}
    return str(file.path) in included or any(file.path == locate(name) for name in named)


def _read_specs(requirements: Iterable[str], markers: Mapping[str, str]) -> tuple[Spec, ...]:
    applying = (requirement for requirement in requirements if _applies(requirement, markers))
    return tuple(spec for spec in map(read_spec, applying) if spec is not None)


def _applies(requirement: str, markers: Mapping[str, str]) -> bool:
    """Whether a requirement is for this environment, by the marker behind its semicolon."""
    _, sign, marker = _HASH.sub("", requirement).rpartition(";")
    if not sign or not markers:
        return True
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

    try:
        return Marker(marker).evaluate({**markers, "extra": ""})
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
        return True  # it is no marker, or pip must say what is wrong with it


def _values(files: Iterable[RequirementFile], option: str) -> list[str]:
    return [value or option for file in files for value in file.values(option)]


def _join(one: str, other: str) -> str:
    return ",".join(text for text in (one, other) if text)


def read_spec(requirement: str) -> Spec | None:
    """Read the name and the version of a requirement, a wheel's path or its address; None for what has no name."""
    text = _HASH.sub("", requirement.strip())
    tail = unquote(text.split("#")[0].split("?")[0].rsplit("/", 1)[-1].rsplit("\\", 1)[-1])
    wheel = _ARCHIVE.fullmatch(tail)
    if wheel is not None:
        return Spec(normalise(wheel["name"]), f"=={wheel['version']}")
    match = _REQUIREMENT.match(text)
    if match is None or (match[3] is None and any(sign in text.split(";")[0] for sign in "/\\")):
        return None
    return Spec(normalise(match[1]), (match[4] or "").replace(" ", ""))
