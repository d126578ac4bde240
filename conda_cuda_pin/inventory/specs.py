"""conda's match specs as people write them into files.

https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html#package-match-specifications
"""

from __future__ import annotations

import re

from ..package import Package
from ..request import Spec

_PARTS = re.compile(r"(?:([^:\s]+)::)?([\w.-]+)\s*([^\[]*)(?:\[(.*)\])?")
_KEY = re.compile(r"(\w+)\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|([^,\s]*))")
_SPACE = re.compile(r"\s*([,|]|[<>!~=]=|[<>])\s*")
_BORDER = re.compile(r"(?<![<>!~=])=(?!=)|\s+")
"""What stands between a version and a build."""


def read_spec(text: str) -> Spec | None:
    """Read ``channel::name=1.2=build``, ``name 1.2 build`` or ``name[version='>=1']``; None for what is no spec."""
    match = _PARTS.fullmatch(text.partition("#")[0].strip())
    if match is None:
        return None
    channel, name, rest, listed = match.groups("")
    version, build = _split(_SPACE.sub(r"\1", rest).strip())
    keys: dict[str, str] = {key: a or b or c for key, a, b, c in _KEY.findall(listed)}
    version = keys.get("version", version)
    build = keys.get("build", build)
    channel = keys.get("channel", channel)
    return Spec(name.lower(), "" if version == "*" else version, "" if build == "*" else build, channel)


def _split(rest: str) -> tuple[str, str]:
    fuzzy = rest.startswith("=") and not rest.startswith("==")
    version, *build = _BORDER.split(rest.lstrip("=").strip(), maxsplit=1)
    plain = bool(version) and re.search(r"[<>!~,|*]", version) is None
    return f"=={version}" if plain and not fuzzy and not build else version, build[0] if build else ""


def settle(spec: Spec, channel: str = "") -> Package | None:
    """Return the package that a spec settles, None where its version is left open.

    ``=13`` becomes 13.0, the lowest that it can be; of ``cuda12*`` as a build what stands before the star is kept.
    """
    version = spec.version.removeprefix("==").removesuffix(".*").removesuffix("*")
    if re.fullmatch(r"[\w.+!-]+", version) is None:
        return None
    version = version if "." in version else f"{version}.0"
    build = spec.build.removesuffix("*")
    return Package(spec.name, version, "" if "*" in build else build, spec.channel or channel)
