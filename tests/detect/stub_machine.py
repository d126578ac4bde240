"""Machines whose driver is a stub library, built once from tests/stubs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.machinery import PathFinder
from pathlib import Path

from conda_cuda_pin.detect.deadlines import Deadlines
from conda_cuda_pin.detect.machine import Machine

SOURCES = Path(__file__).parents[1] / "stubs"
PATIENCE = Deadlines(start=20.0, cuda=20.0, devices=20.0)
"""For drivers that answer: a loaded machine must not fail a test."""
HASTE = Deadlines(start=20.0, cuda=20.0, devices=0.05, devices_per_gpu=0.0)
"""For a driver that does not answer about its GPUs."""
LIBRARIES = {"libcuda": "libcuda.so.1", "libnvidia-ml": "libnvidia-ml.so.1"}


def build_stub(directory: Path, name: str, *defines: str) -> Path:
    """Build a stub library with gcc; return its file."""
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / LIBRARIES[name]
    options = ["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", f"-Wl,-soname,{file.name}"]
    source = SOURCES / f"{name}.c"
    command = ["gcc", *options, *(f"-D{define}" for define in defines), "-o", str(file), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return file


class StubFactory:
    """Makes machines with stub libraries; each variant of a library is built once."""

    def __init__(self, store: Path) -> None:
        self._store = store

    def build(self, name: str, *defines: str) -> Path:
        """Return a library with some symbols left out, or the like."""
        place = self._store / "-".join((name, *defines))
        file = place / LIBRARIES[name]
        return file if file.exists() else build_stub(place, name, *defines)

    def make(self, root: Path, cuda: str | None = "", nvml: str | None = "", **orders: str) -> Machine:
        """Return a machine below ``root`` with a driver 550.54.14.

        ``cuda`` and ``nvml`` name the variant of the library, None leaves it out. ``orders`` are the variables
        without their prefix ``STUB_``.
        """
        for name, variant in (("libcuda", cuda), ("libnvidia-ml", nvml)):
            if variant is not None:
                self.place(root / "usr/lib64", name, variant, release="550.54.14")
        write(root, "/sys/module/nvidia/version", "550.54.14\n")
        write(root, "/dev/nvidia0", "")
        write(root, "/proc/driver/nvidia/gpus/0000_01_00.0", "")
        write(root, "/proc/sys/kernel/random/boot_id", "boot-of-a-test\n")
        environ = {"PATH": os.environ["PATH"], **{f"STUB_{key}": value for key, value in orders.items()}}
        deadlines = HASTE if "hang" in orders.values() else PATIENCE
        if orders.get("cuDriverGetVersion") == "hang":
            deadlines = replace(deadlines, cuda=0.05)
        return Machine(environ=environ, root=str(root), python=sys.executable, deadlines=deadlines)

    def place(self, directory: Path, name: str, variant: str = "", release: str = "") -> Path:
        """Put a library into a directory; with a release as a link to a file that carries it in its name."""
        directory.mkdir(parents=True, exist_ok=True)
        link = directory / LIBRARIES[name]
        link.unlink(missing_ok=True)
        file = directory / f"{name}.so.{release}" if release else link
        shutil.copy(self.build(name, *([variant] if variant else [])), file)
        if file != link:
            link.symlink_to(file.name)
        return link


def write(root: Path, path: str, text: str) -> None:
    """Write a file of a machine."""
    file = root / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def with_cache(machine: Machine, directory: Path) -> Machine:
    """Return the machine with a place to keep answers."""
    return replace(machine, cache_directories=(str(directory),))


def has_pynvml() -> bool:
    """Whether nvidia-ml-py is installed beside the tests."""
    return PathFinder.find_spec("pynvml") is not None
