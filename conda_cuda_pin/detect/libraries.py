"""Where the driver's libraries lie, found without loading them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .machine import Machine

LIBCUDA = "libcuda.so.1"
NVML = "libnvidia-ml.so.1"
WSL_DIRECTORY = "/usr/lib/wsl/lib"
"""Where Windows puts its libraries into WSL (https://docs.nvidia.com/cuda/wsl-user-guide/index.html)."""

_DIRECTORIES = (
    "/usr/lib64",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu/nvidia",
    "/usr/lib/aarch64-linux-gnu/tegra",
    "/usr/lib64/nvidia",
    "/usr/lib",
    "/usr/local/nvidia/lib64",  # device plug-ins of Kubernetes
    "/run/opengl-driver/lib",  # NixOS
    WSL_DIRECTORY,
)
_RELEASE = re.compile(r"\.so\.([0-9]{3,}\.[0-9]+(?:\.[0-9]+)*)$")


@dataclass(frozen=True)
class Library:
    """A library that is there."""

    path: str
    """As it was found."""
    real: str
    """With all links followed; its name tells the driver release (``libcuda.so.550.54.14``)."""
    identity: tuple[int, ...]
    """Device, inode, size and time of change."""

    @property
    def release(self) -> str:
        """The driver release that the file name carries; "" where it carries none."""
        match = _RELEASE.search(self.real)
        return match[1] if match else ""

    @property
    def is_stub(self) -> bool:
        """Whether it is a toolkit's stand-in for linking, which answers every call with error 34."""
        return "/stubs/" in self.real or "/stubs/" in self.path

    @property
    def is_compat(self) -> bool:
        """Whether it is NVIDIA's forward-compatibility package, by its directory.

        https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html
        """
        return "/compat/" in self.real or "/cuda-compat" in self.real


def find_libraries(machine: Machine, name: str, *, wsl: bool) -> tuple[Library, ...]:
    """Return every library ``name`` (LIBCUDA or NVML) in the order in which to try them, each file once.

    ``ctypes.util.find_library`` is not used: it starts compilers, and finds ``libcuda.so``, which can be a stub.
    """
    found: dict[tuple[int, ...], Library] = {}
    for path in _list_candidates(machine, name, wsl=wsl):
        described = machine.describe_file(path) if machine.exists(path) else None
        if described is not None:
            real, identity = described
            found.setdefault(identity, Library(machine.locate(path), real, identity))
    return tuple(found.values())


def _list_candidates(machine: Machine, name: str, *, wsl: bool) -> Iterator[str]:
    if machine.library_directories is not None:
        yield from (f"{directory}/{name}" for directory in machine.library_directories)
        return
    if machine.system == "win32":
        yield from _list_windows(machine, name)
        return
    if wsl:
        yield f"{WSL_DIRECTORY}/{name}"
    for directory in machine.environ.get("LD_LIBRARY_PATH", "").split(":"):
        if directory.startswith("/"):
            yield f"{directory}/{name}"
    yield from read_loader_cache(machine.read_bytes("/etc/ld.so.cache") or b"", name)
    yield from (f"{directory}/{name}" for directory in _DIRECTORIES)


def read_loader_cache(data: bytes, name: str) -> list[str]:
    """Return the paths of a library in ``ld.so.cache``; its strings end in NUL bytes (glibc, ``dl-cache.h``)."""
    pattern = rb"/[^\0]*/" + re.escape(name.encode()) + rb"(?=\0)"
    return [path.decode("utf-8", "surrogateescape") for path in re.findall(pattern, data)]


def _list_windows(machine: Machine, name: str) -> Iterator[str]:
    """Absolute paths only, never the search path of the loader."""
    system = machine.environ.get("SystemRoot") or machine.environ.get("SYSTEMROOT") or r"C:\Windows"
    if name == LIBCUDA:
        yield rf"{system}\System32\nvcuda.dll"
        return
    programs = machine.environ.get("ProgramFiles") or machine.environ.get("PROGRAMFILES") or r"C:\Program Files"
    yield rf"{system}\System32\nvml.dll"
    yield rf"{programs}\NVIDIA Corporation\NVSMI\nvml.dll"
