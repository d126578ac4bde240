"""What a wheel's name, its local version and the page it stands on say about CUDA, each in a few letters."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .span import Span
from .versions import CudaVersion

_CUDA = re.compile(r"(?<![a-z])cu(?:da)?[-_.]?(\d{2,3})(?!\d)(?:\.(\d{1,2})(?!\d))?", re.IGNORECASE)
_TORCH = re.compile(r"(?<![a-z])(pt|torch)[-_]?(\d+)(?:\.(\d+))?", re.IGNORECASE)
_OTHER = re.compile(r"(?<![a-z])(cpu|rocm|xpu)(?![a-z])", re.IGNORECASE)
_OTHER_PAGE = re.compile(r"(?:[/+]|\d)(cpu|rocm|xpu)(?=[\d./]|$)", re.IGNORECASE)
_ABI = re.compile(r"cxx11[._]?abi(true|false)?", re.IGNORECASE)
_RUN = re.compile(r"[-_.]+")
_SUFFIX = re.compile(r"(?:^|-)cu(?:da)?(\d{2,3})x?(?=-|$)")


@dataclass(frozen=True)
class Tag:
    """What such letters say; a part that they do not mention is empty."""

    cuda: Span | None = None
    """The CUDA versions that are meant: one minor (``cu126``), or a whole major (``cu12``)."""
    torch: str = ""
    """The minor release of torch that is meant: ``2.8``."""
    variant: str = ""
    """``cuda``, ``cpu``, ``rocm`` or ``xpu``."""
    new_abi: bool | None = None
    """Whether it is built with the C++11 ABI of GCC's library."""

    def __bool__(self) -> bool:
        return bool(self.variant or self.torch)


def normalise(name: str) -> str:
    """Return the one spelling of a project's name: https://peps.python.org/pep-0503/#normalized-names."""
    return _RUN.sub("-", name).lower()


def read_local(version: str) -> Tag:
    """Read the local part of a version: ``+cu126``, ``+pt28cu126``, ``+cu12torch2.6cxx11abiFALSE``, ``+cpu``.

    https://packaging.python.org/en/latest/specifications/version-specifiers/#local-version-identifiers
    """
    _, _, local = version.partition("+")
    return _read(local, _OTHER) if local else Tag()


def read_page(address: str) -> Tag:
    """Read the address of an index or a page of links: ``.../whl/cu126``, ``.../torch-2.8.0+cu126.html``."""
    _, _, rest = address.replace("%2B", "+").replace("%2b", "+").rpartition("://")
    return _read(rest, _OTHER_PAGE)


def split_name(name: str) -> tuple[str, Span | None]:
    """Part the CUDA from a name: ``cupy-cuda12x`` is ``cupy`` for 12, ``jax-cuda13-plugin`` ``jax-plugin`` for 13."""
    match = _SUFFIX.search(name)
    if match is None:
        return name, None
    return (name[: match.start()] + name[match.end() :]).strip("-"), read_span(match[1])


def rename(name: str, major: int) -> str | None:
    """Return the name of the same wheel for another CUDA major, None where the name has none in it."""
    match = _SUFFIX.search(name)
    return f"{name[: match.start(1)]}{major}{name[match.start(1) + 2 :]}" if match and len(match[1]) == 2 else None


def read_span(digits: str, minor: str | None = None) -> Span | None:
    """Return the CUDA versions that digits mean: ``126`` one minor, ``12`` its major, ``92`` the minor 9.2."""
    version = CudaVersion.from_tag(f"cu{digits}.{minor}" if minor else f"cu{digits}")
    if version is None:
        return None
    exact = minor is not None or len(digits) > len(str(version.major))
    return Span(version, version.next_minor() if exact else version.next_major())


def _read(text: str, others: re.Pattern[str]) -> Tag:
    cuda, torch, other, abi = (regex.search(text) for regex in (_CUDA, _TORCH, others, _ABI))
    span = read_span(cuda[1], cuda[2]) if cuda else None
    variant = other[1].lower() if other else "cuda" if span else ""
    new_abi = (abi[1] or "true").lower() == "true" if abi else None
    return Tag(span if variant == "cuda" else None, _read_torch(torch) if torch else "", variant, new_abi)


def _read_torch(match: re.Match[str]) -> str:
    """Return a minor release: ``2.8`` of ``pt28`` and of ``torch2.8.0``, ``2.4`` of ``torch240``, patch included."""
    word, digits, minor = match.groups()
    if minor is not None:
        return f"{digits}.{minor}"
    if word.lower() == "torch" and len(digits) > 2:
        digits = digits[:-1]
    return f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else ""
