"""Timings as ratios in one run: ``make bench``. Nothing here is asserted; machines differ."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.detect.bench import run_bench
from tests.detect.stub_machine import StubFactory
from tests.inventory.bench import run_bench as run_inventory_bench
from tests.pipcuda.bench import HEAD
from tests.pipcuda.bench import run_bench as run_pip_bench
from tests.rig.build import DEFAULT
from tests.rig.runner import Conda

ROUNDS = 9
CASES = (
    ("list -n base", ("list", "-n", "base"), ""),
    ("create --dry-run pandas, no driver", ("create", "-n", "x", "--dry-run", "pandas"), None),
    ("create --dry-run pandas, CUDA 12.4", ("create", "-n", "x", "--dry-run", "pandas"), "12.4"),
    (
        "create --dry-run pytorch torchvision, CUDA 12.4",
        ("create", "-n", "x", "--dry-run", "pytorch", "torchvision"),
        "12.4",
    ),
    ("create --dry-run jax (two solves), CUDA 12.4", ("create", "-n", "x", "--dry-run", "jax"), "12.4"),
)
"""What is timed: a name, the arguments, the driver's CUDA version (None: the machine is asked)."""


def time_once(action: Callable[[], object]) -> float:
    """Return how long an action takes, in milliseconds."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def compare(one: Callable[[], object], other: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median times of two actions, taken in turns so that both see the same machine."""
    times = [(time_once(one), time_once(other)) for _ in range(rounds + 1)][1:]
    return statistics.median(a for a, _ in times), statistics.median(b for _, b in times)


def bench_commands(conda: Conda, stub_driver: Path | None) -> None:
    """Compare whole conda commands with the plugin and without."""
    print(f"{'whole command':50} {'plugin':>9} {'without':>9} {'ratio':>6}")
    for name, arguments, cuda in CASES:
        bench_command(conda, name, arguments, {} if cuda is None else {"CONDA_OVERRIDE_CUDA": cuda})
    if stub_driver is not None:
        arguments = ("create", "-n", "x", "--dry-run", "pandas")
        bench_command(conda, "create --dry-run pandas, stub driver", arguments, {"LD_LIBRARY_PATH": str(stub_driver)})


def bench_command(conda: Conda, name: str, arguments: tuple[str, ...], env: dict[str, str]) -> None:
    """Compare one command with the plugin and without, and print the ratio."""
    off = {**env, "CONDA_NO_PLUGINS": "true"}
    with_plugin, without = compare(lambda: conda.run(*arguments, env=env), lambda: conda.run(*arguments, env=off))
    print(f"{name:50} {with_plugin:6.0f} ms {without:6.0f} ms {with_plugin / without:6.2f}")


def bench_detection(python: Path) -> None:
    """Print what detection costs in the host process, and conda's own beside it, with the same stub driver."""
    for name, value in run_bench(str(python)).items():
        print(f"{name:50} {value:9.2f}")


def bench_import(python: Path) -> None:
    """Say what loading the entry point adds to a conda that has loaded its plugin machinery."""
    load = "t = time.perf_counter(); import conda_cuda_pin.plugin; print((time.perf_counter() - t) * 1000)"
    code = f"import conda.plugins, time; {load}"
    times = [
        float(subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(ROUNDS)
    ]
    print(f"import of the entry point: {statistics.median(times):.2f} ms")


def main() -> int:
    """Run all benchmarks; those that need a driver take a stub, and are left out where gcc is missing."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        stub = build_stub(place) if shutil.which("gcc") else None
        bench_commands(Conda(DEFAULT / "conda/bin/conda", place / "conda"), stub)
    bench_import(DEFAULT / "conda/bin/python")
    print(HEAD, *run_pip_bench(), sep="\n")
    for name, value in run_inventory_bench().items():
        print(f"{name:60} {value:9.2f}")
    if stub is None:
        print("detection is not measured: gcc is missing, which builds the stub driver")
    else:
        bench_detection(DEFAULT / "conda/bin/python")
    return 0


def build_stub(place: Path) -> Path:
    """Build a stub driver and return the directory of its libraries."""
    StubFactory(place / "stubs").make(place / "root")
    return place / "root/usr/lib64"


if __name__ == "__main__":
    sys.exit(main())
