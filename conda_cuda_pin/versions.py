"""The three kinds of version that are so easily taken for one another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

from .errors import VersionError

_CUDA = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.\d+)*")
_TAG = re.compile(r"cu(?:da)?_?(\d+)(?:\.(\d+))?")
_RELEASE = re.compile(r"\d{2,4}(?:\.\d+){1,3}")
_CAPABILITY = re.compile(r"(\d{1,2})\.(\d)")


def read_numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of any package version, for comparing; zeros at the end say nothing."""
    parts = [int(part) for part in re.findall(r"\d+", version)]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


@dataclass(frozen=True, order=True)
class CudaVersion:
    """A CUDA level, major and minor: what a driver offers, or what a toolkit is.

    https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__VERSION.html
    """

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> CudaVersion:
        """Read ``12.4`` or ``12.4.127``; raises VersionError for anything else."""
        match = _CUDA.fullmatch(text.strip())
        if match is None:
            raise VersionError(f"{text!r} is not a CUDA version such as 12.4")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def from_api(cls, number: int) -> CudaVersion:
        """Decode what ``cuDriverGetVersion`` answers: 12040 is 12.4."""
        if number < 1000:
            raise VersionError(f"{number} is not a CUDA version number such as 12040")
        return cls(number // 1000, number % 1000 // 10)

    @classmethod
    def from_tag(cls, text: str) -> CudaVersion | None:
        """Find the tag in a build string: ``cuda129_py312``, ``py3.9_cuda11.7_cudnn8``, ``cu118``, ``cuda_11``.

        None where there is no tag. The digits of a tag are the major (two digits from 10 on) and the minor;
        a bare major (``cuda12``, as RAPIDS writes) means its minor 0.
        """
        match = _TAG.search(text)
        if match is None:
            return None
        digits, minor = match[1], match[2]
        if minor is not None:
            return cls(int(digits), int(minor))
        width = 1 if digits[0] in "56789" else 2
        if len(digits) < width:
            return None
        return cls(int(digits[:width]), int(digits[width:] or 0))

    def next_minor(self) -> CudaVersion:
        """Return the first version that is not of this minor."""
        return CudaVersion(self.major, self.minor + 1)

    def next_major(self) -> CudaVersion:
        """Return the first version that is not of this major."""
        return CudaVersion(self.major + 1, 0)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


@dataclass(frozen=True, order=True)
class ComputeCapability:
    """The generation of a GPU, for example 8.9 (https://developer.nvidia.com/cuda-gpus)."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> ComputeCapability:
        """Read ``8.9``; raises VersionError for anything else."""
        match = _CAPABILITY.fullmatch(text.strip())
        if match is None:
            raise VersionError(f"{text!r} is not a compute capability such as 8.9")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


@total_ordering
@dataclass(frozen=True, eq=False)
class DriverRelease:
    """The release of the NVIDIA driver package, for example 550.54.14; its first part is the branch."""

    text: str

    @classmethod
    def parse(cls, text: str) -> DriverRelease:
        """Read a release; raises VersionError for anything that is not one."""
        if _RELEASE.fullmatch(text.strip()) is None:
            raise VersionError(f"{text!r} is not a driver release such as 550.54.14")
        return cls(text.strip())

    @property
    def parts(self) -> tuple[int, ...]:
        """The parts as numbers: 550.9 is older than 550.54."""
        return tuple(int(part) for part in self.text.split("."))

    @property
    def branch(self) -> int:
        """The first part, by which NVIDIA names a driver branch."""
        return self.parts[0]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DriverRelease) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(self.parts)

    def __lt__(self, other: DriverRelease) -> bool:
        return self.parts < other.parts

    def __str__(self) -> str:
        return self.text
