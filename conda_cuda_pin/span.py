"""Which CUDA versions a conda version spec admits: ``>=12.9,<13`` from a package's own dependency."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .versions import CudaVersion

_CLAUSE = re.compile(r"(>=|<=|==|~=|!=|>|<|=)?\s*(\d+)(?:\.(\d+|\*))?([.\w*+!-]*)")
_ZERO = CudaVersion(0, 0)
_ENDLESS = CudaVersion(999, 0)


@dataclass(frozen=True)
class Span:
    """A half-open range of CUDA versions: from ``low`` up to, not including, ``high``."""

    low: CudaVersion = _ZERO
    high: CudaVersion = _ENDLESS

    @classmethod
    def parse(cls, spec: str) -> Span:
        """Read the version part of a conda match spec, as far as major and minor go.

        Alternatives (``11.3|11.3.*``) give the range that covers them. What does not bound anything (``*``,
        ``!=``, an unreadable clause) is left out, so a span is never narrower than the spec means.
        https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html
        """
        covers = [cls._of_alternative(part) for part in spec.split("|")]
        return cls(min(span.low for span in covers), max(span.high for span in covers))

    @classmethod
    def _of_alternative(cls, text: str) -> Span:
        low, high = _ZERO, _ENDLESS
        for clause in text.split(","):
            match = _CLAUSE.fullmatch(clause.strip())
            if match is not None:
                span = _of_clause(*match.groups())
                low, high = max(low, span.low), min(high, span.high)
        return cls(low, high)

    def __contains__(self, version: CudaVersion) -> bool:
        return self.low <= version < self.high

    @property
    def bounded_below(self) -> bool:
        """Whether anything is demanded at all from below."""
        return self.low > _ZERO

    @property
    def single_minor(self) -> bool:
        """Whether exactly one minor is admitted, as the parts of a toolkit pin it."""
        return self.bounded_below and self.high <= self.low.next_minor()


ANY = Span()
"""The span that admits everything."""


def _of_clause(operator: str | None, major: str, minor: str | None, rest: str) -> Span:
    bare_major = minor is None or minor == "*"
    version = CudaVersion(int(major), 0 if bare_major else int(minor or 0))
    after = version.next_major() if bare_major else version.next_minor()
    match operator:
        case ">=" | ">":
            return Span(version, _ENDLESS)
        case "<":
            # "<12.5.10" still admits 12.5; "<12.5.0a0" and "<12.5" do not.
            patch = re.match(r"\.(\d+)", rest)
            return Span(_ZERO, after if patch is not None and int(patch[1]) > 0 else version)
        case "<=":
            return Span(_ZERO, after)
        case "~=":
            return Span(version, version.next_major())
        case "!=":
            return ANY
        case _:
            return Span(version, after)
