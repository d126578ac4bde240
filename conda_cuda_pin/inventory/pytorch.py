"""The build of an installed PyTorch wheel, read from its ``version.py`` without importing it.

The metadata of PyPI's wheels lacks the local part: it says 2.14.1 where ``torch.__version__`` is 2.14.1+cu130.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = ("torch", "torchvision", "torchaudio")
"""The wheels that the PyTorch project builds with such a file."""
_VALUE = re.compile(r"^(__version__|cuda|hip)\s*(?::[^=\n]*)?=\s*['\"]([^'\"\n]*)['\"]", re.MULTILINE)
_NEEDS = re.compile(r"nvidia-[\w-]+-cu(\d+)(?!\d)|cuda-toolkit(?:\[[^]]*\])?\s*==\s*(\d+)")


@dataclass(frozen=True)
class Build:
    """What a ``version.py`` says."""

    version: str = ""
    cuda: str = ""
    hip: str = ""

    @property
    def full(self) -> str:
        """The version with the local part of its variant, where anything names one."""
        if "+" in self.version or not (self.cuda or self.hip):
            return self.version
        numbers = (self.cuda or self.hip).split(".")[:2]
        return f"{self.version}+" + ("cu" + "".join(numbers) if self.cuda else "rocm" + ".".join(numbers))

    @property
    def by_hand(self) -> bool:
        """Whether it was built from a checkout, as ``2.6.0a0+git1234567``."""
        return "+git" in self.version


def read_build(text: str) -> Build:
    """Read a ``version.py``; what it computes is not followed."""
    values = dict(reversed(_VALUE.findall(text)))
    return Build(values.get("__version__", ""), values.get("cuda", ""), values.get("hip", ""))


def refine_version(version: str, build: Build, depends: Iterable[str]) -> str:
    """Return the version with its local part.

    Raises:
        ValueError: the two do not belong together, as after an installation that was cut off.
    """
    if "+" in version or not build.version:
        return version
    if build.version.partition("+")[0] != version:
        raise ValueError(f"version.py says {build.version}, the metadata {version}")
    needed = {major for match in map(_NEEDS.match, depends) if match for major in match.groups() if major}
    if build.cuda and needed and build.cuda.split(".")[0] not in needed:
        raise ValueError(f"version.py says CUDA {build.cuda}, the metadata asks for CUDA {', '.join(sorted(needed))}")
    return build.full
