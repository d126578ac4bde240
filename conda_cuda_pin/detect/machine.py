"""The edge to the real machine: everything that detection reads or starts goes through here."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .deadlines import Deadlines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .answer import Answer
    from .facts import Facts

READ_LIMIT = 4 << 20
"""The most bytes read from one file; the largest file read, /etc/ld.so.cache, has some 100 kB."""

_ARCHITECTURES = {
    "x86_64": "64",
    "amd64": "64",
    "aarch64": "aarch64",
    "arm64": "arm64",
    "ppc64le": "ppc64le",
    "i686": "32",
}
_SYSTEMS = {"linux": "linux", "darwin": "osx", "win32": "win"}


@dataclass(frozen=True)
class Machine:
    """One machine to look at. Tests pass one whose root is a directory that holds a machine's files."""

    environ: Mapping[str, str] = field(default_factory=dict)
    system: str = "linux"
    """As ``sys.platform`` names it: linux, win32, darwin."""
    platform: str = "linux-64"
    """As conda names it."""
    root: str = "/"
    """Put before every path that is read."""
    python: str | None = None
    """The Python that runs the probe; None where none can (a frozen program)."""
    cache_directories: tuple[str, ...] = ()
    """Where answers may be kept, the best first; none turns the cache off. Not under ``root``."""
    library_directories: tuple[str, ...] | None = None
    """Where the driver's libraries are looked for, instead of the places that the system uses."""
    pynvml_directory: str | None = None
    """Where ``pynvml.py`` lies, instead of on this process's ``sys.path``; "" for nowhere."""

    deadlines: Deadlines = field(default_factory=Deadlines)

    @classmethod
    def here(cls) -> Machine:
        """Return the machine that this process runs on."""
        environ = dict(os.environ)
        return cls(
            environ=environ,
            system=sys.platform,
            platform=_name_platform(sys.platform),
            python=None if getattr(sys, "frozen", False) else sys.executable or None,
            cache_directories=_find_cache_directories(environ, sys.platform),
        )

    def locate(self, path: str) -> str:
        """Return where a path of this machine lies for this process."""
        return path if self.root == "/" else self.root.rstrip("/") + path

    def read_text(self, path: str) -> str | None:
        """Return the text of a file without blanks around it; None where it cannot be read."""
        data = self.read_bytes(path)
        return None if data is None else data.decode("utf-8", "replace").strip()

    def read_bytes(self, path: str) -> bytes | None:
        """Return up to READ_LIMIT bytes of a file; None where it cannot be read."""
        try:
            with open(self.locate(path), "rb", buffering=0) as file:  # noqa: PTH123 - pathlib would cost more
                return file.read(READ_LIMIT)
        except OSError:
            return None

    def list_names(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a directory; none where it cannot be read."""
        try:
            return tuple(sorted(os.listdir(self.locate(path))))  # noqa: PTH208
        except OSError:
            return ()

    def read_link(self, path: str) -> str | None:
        """Return what a symbolic link says; None where there is none."""
        try:
            return os.readlink(self.locate(path))  # noqa: PTH115
        except OSError:
            return None

    def exists(self, path: str) -> bool:
        """Whether something is there, links followed."""
        return os.path.exists(self.locate(path))  # noqa: PTH110

    def is_usable(self, path: str) -> bool:
        """Whether this user may read and write there."""
        return os.access(self.locate(path), os.R_OK | os.W_OK)

    def describe_file(self, path: str) -> tuple[str, tuple[int, ...]] | None:
        """Return the real path of a file and numbers that change when the file does; None where there is none."""
        try:
            real = os.path.realpath(self.locate(path))
            status = os.stat(real)  # noqa: PTH116
        except OSError:
            return None
        return real, (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    def read_boot_id(self) -> str:
        """Return what names this boot; "" where the system has no such thing."""
        return self.read_text("/proc/sys/kernel/random/boot_id") or ""

    def read_clock(self) -> float:
        """Return seconds that only go forward within one boot, sleep included, where the system has such a clock."""
        clock = getattr(time, "CLOCK_BOOTTIME", None)
        return time.time() if clock is None else time.clock_gettime(clock)

    def ask_probe(self, facts: Facts, *, want_gpus: bool) -> Answer:
        """Ask the driver's libraries, in a process of their own."""
        from .child import ask_probe

        return ask_probe(self, facts, want_gpus=want_gpus)

    def ask_smi(self, facts: Facts) -> Answer:
        """Ask ``nvidia-smi``."""
        from .smi import ask_smi

        return ask_smi(self, facts)


def _name_platform(system: str) -> str:
    if sys.platform == "win32":
        machine = os.environ.get("PROCESSOR_ARCHITECTURE", "AMD64").lower()
    else:
        machine = os.uname().machine
    architecture = _ARCHITECTURES.get(machine, machine)
    return f"{_SYSTEMS.get(system, system)}-{architecture}"


def _find_cache_directories(environ: Mapping[str, str], system: str) -> tuple[str, ...]:
    """Return private places only: the run-time directory (in memory, of this node), then the user's cache.

    No ``expanduser``: without HOME it asks the user database, which can be a server that does not answer.
    """
    name = "conda-cuda-pin"
    if system == "win32":
        local = environ.get("LOCALAPPDATA")
        return (os.path.join(local, name, "cache"),) if local else ()  # noqa: PTH118
    places = []
    if environ.get("XDG_RUNTIME_DIR", "").startswith("/"):
        places.append(f"{environ['XDG_RUNTIME_DIR']}/{name}")
    if environ.get("XDG_CACHE_HOME", "").startswith("/"):
        places.append(f"{environ['XDG_CACHE_HOME']}/{name}")
    elif environ.get("HOME", "").startswith("/"):
        places.append(f"{environ['HOME']}/.cache/{name}")
    return tuple(places)
