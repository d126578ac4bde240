"""Files that conda's tools write and read: explicit lists, environment.yml, conda-lock.yml, pixi.lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import DocumentError
from ..package import PIP, Package
from ..tag import normalise
from .document import Contents, Document
from .requirements import read_requirements
from .specs import read_spec, settle
from .urls import read_conda_url, read_wheel_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read_explicit(text: str) -> Document:
    """Read a list of package URLs (``@EXPLICIT``).

    https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html#building-identical-conda-environments
    """
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("#", "@"))]
    pairs = [(line, read_conda_url(line)) for line in lines]
    known = tuple(package for _, package in pairs if package is not None)
    return Document("explicit file", "", known, tuple(line for line, package in pairs if package is None))


def read_environment(facts: dict[str, Any], directory: Path, platform: str) -> Document:
    """Read an ``environment.yml``: conda's specs, and pip's under ``pip:``."""
    listed = _list(facts.get("dependencies"))
    texts = [item for item in listed if isinstance(item, str)]
    specs = tuple(filter(None, map(read_spec, texts)))
    found = [_settle(text) for text in texts]
    for item in listed:
        lines = _list(item.get("pip")) if isinstance(item, dict) else []
        found.append(read_requirements("\n".join(map(str, lines)), directory, platform))
    contents = Contents.join(found)
    channels = tuple(map(str, _list(facts.get("channels"))))
    name = str(facts.get("name") or "")
    return Document("environment.yml", name, contents.packages, contents.unsettled, specs, channels)


def read_conda_list(text: str) -> Document:
    """Read what ``conda list`` prints, with ``--export`` too, or a list of specs for ``conda install --file``."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    contents = Contents.join(map(_read_listed, lines))
    specs = tuple(filter(None, map(read_spec, lines)))
    return Document("list of conda's packages", "", contents.packages, contents.unsettled, specs)


def _read_listed(line: str) -> Contents:
    """Read name, version, build and channel in columns; of pip's packages the channel is ``pypi``."""
    name, version, build, channel, *more = *line.split(), "", "", ""
    if not (build and more) or "=" in name:
        return _settle(line)
    if channel == "pypi":
        return Contents((Package(normalise(name), version, ecosystem=PIP),))
    return Contents((Package(name, version, build, channel),))


def _settle(text: str) -> Contents:
    spec = read_spec(text)
    package = settle(spec) if spec is not None else None
    return Contents((package,)) if package is not None else Contents((), (text,))


def read_conda_lock(facts: dict[str, Any], platform: str) -> Document:
    """Read a ``conda-lock.yml``: https://conda.github.io/conda-lock/output/."""
    rows = [row for row in _list(facts.get("package")) if isinstance(row, dict)]
    _require(platform, {str(row.get("platform")) for row in rows})
    contents = Contents.join(_read_locked(row) for row in rows if row.get("platform") == platform)
    return Document("conda-lock.yml", "", contents.packages, contents.unsettled)


def _read_locked(row: dict[str, Any]) -> Contents:
    needed = row.get("dependencies")
    depends = tuple(f"{name} {spec}".strip() for name, spec in needed.items()) if isinstance(needed, dict) else ()
    url = str(row.get("url", ""))
    package = read_wheel_url(url, depends) if row.get("manager") == "pip" else read_conda_url(url, depends)
    return Contents((package,)) if package is not None else Contents((), (str(row.get("name") or url),))


def read_pixi_lock(facts: dict[str, Any], platform: str) -> tuple[Document, ...]:
    """Read the environments of a ``pixi.lock``: https://pixi.sh/latest/workspace/lockfile/."""
    rows = [row for row in _list(facts.get("packages")) if isinstance(row, dict)]
    records = {row.get("conda") or row.get("pypi") or row.get("url"): row for row in rows}
    systems = [row for row in _list(facts.get("platforms")) if isinstance(row, dict)]
    subdirs = {str(row.get("name")): str(row.get("subdir") or row.get("name")) for row in systems}
    locked = list(_find_locked(facts.get("environments"), subdirs))
    _require(platform, {subdir for _, _, subdir, _ in locked})
    found = []
    for name, variant, subdir, references in locked:
        if subdir == platform and references:
            contents = Contents.join(_read_reference(reference, records) for reference in references)
            label = name if variant == subdir else f"{name} ({variant})"
            found.append(Document("pixi.lock", label, contents.packages, contents.unsettled))
    return tuple(found)


def _find_locked(environments: Any, subdirs: dict[str, str]) -> Iterator[tuple[str, str, str, list[Any]]]:
    """Yield each environment's name, the name of its platform, conda's name of that, and references to packages."""
    for name, environment in environments.items() if isinstance(environments, dict) else ():
        packages = environment.get("packages") if isinstance(environment, dict) else None
        for variant, references in packages.items() if isinstance(packages, dict) else ():
            yield str(name), str(variant), subdirs.get(str(variant), str(variant)), _list(references)


def _read_reference(reference: Any, records: dict[Any, dict[str, Any]]) -> Contents:
    kind, url = next(iter(reference.items())) if isinstance(reference, dict) and reference else ("", str(reference))
    record = records.get(url, {})
    if kind == "pypi":
        package = read_wheel_url(url, _texts(record.get("requires_dist")))
    else:
        package = read_conda_url(url, _texts(record.get("depends")), _texts(record.get("constrains")))
    return Contents((package,)) if package is not None else Contents((), (normalise(str(record.get("name") or url)),))


def _require(platform: str, present: set[str]) -> None:
    if platform not in present:
        raise DocumentError(f"nothing in it is locked for {platform}; it has {', '.join(sorted(present)) or 'nothing'}")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, _list(value)))
