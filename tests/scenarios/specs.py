"""Match specs, as users type them, as the product's own values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conda_cuda_pin.request import Spec

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTS = re.compile(r"(?:([^:\s]+)::)?([\w.-]+)([^\[]*)(?:\[(.*)\])?")
_KEY = re.compile(r"(\w+)\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|([^,\s]*))")
_LOOSE = re.compile(r"\s*([,|]|[<>!~=]=|[<>])\s*")
_BORDER = re.compile(r"(?<![<>!~=])=(?!=)|\s+")
"""What stands between a version and a build."""


def read_specs(texts: Iterable[str]) -> tuple[Spec, ...]:
    """Read match specs; raises ValueError for a text that is none."""
    return tuple(_read_spec(text) for text in texts)


def _read_spec(text: str) -> Spec:
    """Read ``channel::name=1.2=build``, ``name>=1,<2``, ``name 1.2.* build`` or ``name[version='>=1',build=...]``."""
    match = _PARTS.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a match spec")
    channel, name, rest, listed = match.groups("")
    version, build = _split(_LOOSE.sub(r"\1", rest).strip())
    keys: dict[str, str] = {key: a or b or c for key, a, b, c in _KEY.findall(listed)}
    return Spec(name, keys.get("version", version), keys.get("build", build), keys.get("channel", channel))


def _split(rest: str) -> tuple[str, str]:
    exact = rest.startswith("==")
    version, *build = _BORDER.split(rest.lstrip("=").strip(), maxsplit=1)
    if version == "*":
        version = ""
    return f"=={version}" if exact and version else version, build[0] if build else ""
