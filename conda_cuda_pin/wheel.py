"""What one wheel says about CUDA: its requirements before its version, its version before where it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .component import BuiltFor, Component, Role, Variant, toolkit_by_floor
from .knowledge.packages import toolkit_parts
from .knowledge.wheels import default_cuda, has_new_abi, libraries, wheels
from .requirement import lowest_of, read_needs
from .span import ANY, Span
from .tag import Tag, read_local, read_page, split_name
from .versions import CudaVersion, read_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .knowledge.wheels import Library, Wheel
    from .package import Package

_RELEVANT = re.compile(r"\s*(nvidia[-_.]|cuda[-_.]|torch\b|jaxlib\b|tensorflow\b)", re.IGNORECASE)
"""How requirements begin that bear on CUDA: the others are not read."""
_FAMILIES = {"torch": "torch", "jaxlib": "jax", "tensorflow": "tensorflow"}
_PINNED = re.compile(r"===?(\d+\.\d+)")
_ELSEWHERE = {"cpu": Variant.CPU, "rocm": Variant.ROCM, "xpu": Variant.XPU}


def read_wheel(package: Package, platform: str) -> Component | None:
    """Read one wheel; None if it has nothing to do with CUDA.

    Its requirements say most (``nvidia-cuda-runtime-cu12==12.8.90``), then its local version (``+pt28cu126``), its name
    (``-cu12``) and the page that it stands on (``/whl/cu126``), where that page holds only wheels of one CUDA. The
    tables fill in what wheels keep to themselves. So a name or a CUDA that nobody has heard of is read all the same.
    """
    stem, by_name = split_name(package.name)
    library = libraries().get(stem)
    if library is not None or (by_name is not None and stem.startswith("nvidia-") and stem not in wheels()):
        return _read_library(package, library, by_name)
    texts = [text for text in package.depends if _RELEVANT.match(text)]
    needs = {need.name: need.specifier for need in read_needs(texts, platform)}
    return _Reading(package, platform, stem, by_name, wheels().get(stem), needs).conclude()


def _read_library(package: Package, library: Library | None, by_name: Span | None) -> Component:
    """Read a wheel that carries a library of CUDA: by its version where that is CUDA's, else by its name."""
    numbers = read_numbers(package.version)
    own = CudaVersion(*(*numbers, 0, 0)[:2]) if numbers and library is not None and library.own_version else None
    if own is None and library is not None and library.part:
        own = toolkit_by_floor(package.version, toolkit_parts()[library.part].floors)
    if own is not None and (by_name is None or own in by_name):
        return Component(package, Role.PART, own, Span(own, own.next_minor()), Variant.CUDA)
    return Component(package, Role.PART, by_name.low if by_name else None, by_name or ANY, Variant.CUDA)


@dataclass(frozen=True)
class _Reading:
    package: Package
    platform: str
    stem: str
    by_name: Span | None
    known: Wheel | None
    needs: Mapping[str, str]

    def conclude(self) -> Component | None:
        local, page = read_local(self.package.version), self._read_page()
        family = self.known.family if self.known else next((_FAMILIES[n] for n in self.needs if n in _FAMILIES), None)
        variant, span = self._find_build(local, page)
        if self.known is None and variant is None and family is None:
            return None
        return Component(
            self.package,
            Role(self.known.role) if self.known else Role.USER,
            span.low if span else None,
            span or ANY,
            variant,
            family,
            self.known is not None and self.known.cheap,
            self._find_base(local, page, span),
            self.known,
        )

    def _read_page(self) -> Tag:
        """Read the page, if it speaks for this wheel: pages of one CUDA also hold numpy and triton."""
        page = read_page(self.package.channel)
        speaks = self.known is not None and (self.known.extends or (self.known.core and not self.known.cheap))
        return page if speaks or (page.torch and self.known is None) else Tag()

    def _find_build(self, local: Tag, page: Tag) -> tuple[Variant | None, Span | None]:
        if local.variant in _ELSEWHERE:
            return _ELSEWHERE[local.variant], None
        structure = self._read_structure()
        if structure is None and self.by_name is None and page.variant in _ELSEWHERE:
            return _ELSEWHERE[page.variant], None
        said = [span for span in (structure, local.cuda, self.by_name, page.cuda) if span is not None]
        if said:
            return Variant.CUDA, self._sharpen(said)
        return (None, None) if "+" in self.package.version else self._find_untagged()

    def _sharpen(self, said: list[Span]) -> Span:
        """Return the first of some ranges of CUDA, narrowed to a minor where another of them knows it."""
        first, default = said[0], default_cuda(self.stem, self.package.version)
        others = [*said[1:], *([default] if default and "+" not in self.package.version else [])]
        exact = (span for span in others if span.single_minor and span.low in first)
        return first if first.single_minor else next(exact, first)

    def _read_structure(self) -> Span | None:
        """Return the CUDA of the libraries that are required: the exact one if a requirement tells it."""
        spans = [span for name, specifier in self.needs.items() if (span := _read_need(name, specifier)) is not None]
        exact = [span for span in spans if span.single_minor]
        return max(exact or spans, key=lambda span: span.low, default=None)

    def _find_untagged(self) -> tuple[Variant | None, Span | None]:
        """Say what a wheel is that says nothing: what PyPI's wheels of the name are known to be."""
        untagged = self.known.untagged if self.known else ""
        if untagged == "default":
            span = default_cuda(self.stem, self.package.version)
        elif untagged == "torch" and self.platform == "linux-64":
            span = default_cuda("torch", _find_pin(self.needs))
        elif self._is_undeclared():
            span = default_cuda(self.stem, self.package.version)
        elif untagged == "cpu" or (untagged == "torch" and self.platform.startswith("win")):
            is_own_build = not self.package.channel and self.platform == "linux-aarch64"
            return (None, None) if is_own_build else (Variant.CPU, None)
        else:
            span = None
        return (Variant.CUDA, span) if span else (None, None)

    def _is_undeclared(self) -> bool:
        """Whether it is a build with CUDA that does not name its libraries.

        It is of a time when none did, from a list that names no requirements, or PyPI's own, of which only a part of
        the requirements is told.
        """
        since = self.known.declares_since if self.known else ""
        old = bool(since) and read_numbers(self.package.version) < read_numbers(since)
        silent = bool(since) and (not self.package.depends or self.package.channel == "pypi")
        return self.platform == "linux-64" and (old or silent)

    def _find_base(self, local: Tag, page: Tag, span: Span | None) -> BuiltFor | None:
        """Return what an extension of torch was compiled against, None where nothing tells."""
        known = self.known is not None and self.known.extends == "torch"
        foreign = self.known is None and (local.torch or page.torch or (local.cuda and "torch" in self.needs))
        by_default = self.known is not None and self.known.untagged == "torch" and span is not None
        says = local or page or self.by_name is not None or by_default
        if not says or not (known or foreign):
            return None
        torch = _find_pin(self.needs) or local.torch or page.torch
        new_abi = local.new_abi
        if new_abi is None and torch and self.platform.startswith("linux"):
            new_abi = has_new_abi(torch, span.low if span and span.single_minor else None)
        return BuiltFor(torch, new_abi)


def _find_pin(needs: Mapping[str, str]) -> str:
    """Return the minor release of torch that is pinned: ``2.6`` of ``torch==2.6.0``."""
    match = _PINNED.match(needs.get("torch", ""))
    return match[1] if match else ""


def _read_need(name: str, specifier: str) -> Span | None:
    """Return the CUDA versions that a requirement on one of NVIDIA's wheels means."""
    stem, by_name = split_name(name)
    library = libraries().get(stem)
    if library is None:
        return by_name if stem.startswith("nvidia-") else None
    parts = lowest_of(specifier).split(".") if library.own_version and specifier else [""]
    if not parts[0].isdigit():
        return by_name
    low = CudaVersion(int(parts[0]), int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0)
    exact = (specifier.startswith("==") and len(parts) > 1) or (specifier.startswith("~=") and len(parts) > 2)
    return Span(low, low.next_minor() if exact else low.next_major())
