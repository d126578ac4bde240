"""Timings as ratios in one run: ``make bench``. Nothing here is asserted; machines differ."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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


def bench_commands(conda: Conda) -> None:
    """Compare whole conda commands with the plugin and without."""
    print(f"{'whole command':50} {'plugin':>9} {'without':>9} {'ratio':>6}")
    for name, arguments, cuda in CASES:
        env = {} if cuda is None else {"CONDA_OVERRIDE_CUDA": cuda}
        off = {**env, "CONDA_NO_PLUGINS": "true"}

        def run(env: dict[str, str], arguments: tuple[str, ...] = arguments) -> None:
            conda.run(*arguments, env=env)

        with_plugin, without = compare(lambda env=env, run=run: run(env), lambda off=off, run=run: run(off))  # type: ignore[misc]
        print(f"{name:50} {with_plugin:6.0f} ms {without:6.0f} ms {with_plugin / without:6.2f}")


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
    """Run all benchmarks."""
    with tempfile.TemporaryDirectory() as scratch:
        bench_commands(Conda(DEFAULT / "conda/bin/conda", Path(scratch)))
    bench_import(DEFAULT / "conda/bin/python")
    return 0


if __name__ == "__main__":
    sys.exit(main())
