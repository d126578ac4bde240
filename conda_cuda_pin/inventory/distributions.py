"""What pip installed in one directory: dist-info, egg-info, eggs, and links to source trees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..package import PIP, Package
from ..tag import normalise
from .metadata import (
    LOCAL,
    cut_headers,
    read_headers,
    read_libraries,
    read_origin,
    read_requires,
    read_variant,
)
from .pytorch import NAMES, Build, read_build, refine_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..package import File
    from .problems import Problems


@dataclass(frozen=True)
class Place:
    """Where one distribution describes itself."""

    metadata: Path
    """The file with its headers."""
    root: Path
    """What the paths of its files start from."""
    linked: bool = False
    """Whether it is a source tree that is only pointed at."""

    @property
    def about(self) -> Path:
        """The directory with its other files."""
        return self.metadata.parent


def find_places(directory: Path, problems: Problems) -> Iterator[Place]:
    """Find the distributions of a directory; what pip left half removed (``~orch``) is noted."""
    for path in problems.list(directory):
        kind = path.suffix
        if path.name.startswith("~"):
            problems.add(path, "left behind by a removal that was cut off")
        elif kind == ".dist-info":
            yield Place(path / "METADATA", directory)
        elif kind == ".egg-info":
            yield Place(path / "PKG-INFO" if problems.has(path) else path, directory)
        elif kind == ".egg" and problems.has(path):
            yield Place(path / "EGG-INFO" / "PKG-INFO", path)
        elif kind == ".egg-link":
            yield from _follow(path, problems)


def _follow(link: Path, problems: Problems) -> Iterator[Place]:
    """Follow the link of ``setup.py develop`` to its source tree."""
    lines = problems.decode(link, problems.read(link) or b"").splitlines()
    source = Path(lines[0].strip()) if lines and lines[0].strip() else link.parent / "missing"
    found = [path for path in problems.list(source) if path.suffix == ".egg-info"]
    if not found:
        problems.add(link, f"points to {source}, where no package is")
    for path in found[:1]:
        yield Place(path / "PKG-INFO", source, linked=True)


def read_distribution(place: Place, problems: Problems) -> Package | None:
    """Read one distribution as far as it goes; None, and a note, where not even its name and version are known."""
    data = problems.read(place.metadata)
    if data is None:
        problems.add(place.metadata, "missing: half removed or half installed")
        return None
    name, version, depends = read_headers(problems.decode(place.metadata, cut_headers(data)))
    if not (name and version):
        problems.add(place.metadata, "it names no package and version")
        return None
    package = Package(normalise(name), version, depends=depends or _read_requires(place, problems), ecosystem=PIP)
    package = replace(package, channel=_read_channel(place, problems), files=_read_files(place, problems))
    return _refine(package, place, problems)


def _read_requires(place: Place, problems: Problems) -> tuple[str, ...]:
    path = place.about / "requires.txt"
    data = problems.read(path) if place.metadata.name == "PKG-INFO" else None
    return read_requires(problems.decode(path, data)) if data else ()


def _read_channel(place: Place, problems: Problems) -> str:
    path = place.about / "direct_url.json"
    data = problems.read(path) if place.metadata.name == "METADATA" else None
    if data is None:
        return LOCAL if place.linked or place.root.suffix == ".egg" else ""
    return read_origin(problems.parse(path, data))


def _read_files(place: Place, problems: Problems) -> tuple[File, ...]:
    path = place.about / "RECORD"
    data = problems.read(path) if place.metadata.name == "METADATA" else None
    return read_libraries(problems.decode(path, data)) if data else ()


def _refine(package: Package, place: Place, problems: Problems) -> Package:
    """Add what the metadata keeps to itself: the build of a PyTorch wheel, the variant of another."""
    if package.name in NAMES:
        path = place.root / package.name / "version.py"
        build = read_build(problems.decode(path, problems.read(path) or b""))
        return _refine_pytorch(package, build, path, problems)
    if "+" in package.version or place.metadata.name != "METADATA":
        return package
    path = place.about / "variant.json"
    data = problems.read(path)
    label = read_variant(problems.parse(path, data)) if data else ""
    return replace(package, version=f"{package.version}+{label}") if label else package


def _refine_pytorch(package: Package, build: Build, path: Path, problems: Problems) -> Package:
    unsigned = bool(package.files) and not any(file.digest for file in package.files)
    by_hand = build.by_hand or "+git" in package.version or unsigned
    try:
        version = refine_version(package.version, build, package.depends)
    except ValueError as error:
        problems.add(path, error)
        version = package.version
    return replace(package, version=version, channel=LOCAL if by_hand else package.channel)
