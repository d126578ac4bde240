"""What detection costs, as ratios measured in one run: ``python -m tests.detect.bench [--conda-python PYTHON]``.

Needs gcc, for a stub driver. With the Python of a conda, conda's own ``cuda_version()`` is measured beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conda_cuda_pin.detect import Machine, detect_host

from .stub_machine import StubFactory, with_cache

if TYPE_CHECKING:
    from collections.abc import Callable

CONDA = """
import sys, time
from conda.plugins.virtual_packages import cuda
function = getattr(cuda.cuda_version, "__wrapped__", cuda.cuda_version)
if __name__ == "__main__":
    for _ in range(int(sys.argv[1])):
        started = time.perf_counter()
        version = function()
        print((time.perf_counter() - started) * 1000, version)
"""


def measure(call: Callable[[], object], repeats: int) -> float:
    """Return the median of the milliseconds that ``call`` takes, after a first call that does not count."""
    call()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def measure_conda(python: str, libraries: Path, repeats: int) -> float:
    """Return the median of the milliseconds that conda's own detection takes with the same stub driver."""
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory, "script.py")
        script.write_text(CONDA)
        environ = {**os.environ, "LD_LIBRARY_PATH": str(libraries)}
        run = subprocess.run(
            [python, str(script), str(repeats + 1)], env=environ, capture_output=True, text=True, check=True
        )
    rows = [line.split() for line in run.stdout.splitlines()]
    if any(version != "12.4" for _, version in rows):
        raise RuntimeError(f"conda did not find the stub driver: {run.stdout}")
    return statistics.median(float(took) for took, _ in rows[1:])


def run_bench(conda_python: str | None = None, repeats: int = 15) -> dict[str, float]:
    """Return milliseconds and ratios: what detection costs in the host process, and conda's beside it."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        machine = StubFactory(place / "stubs").make(place / "root")
        hit = with_cache(machine, place / "cache")
        (place / "empty").mkdir()
        none = Machine(root=str(place / "empty"), python=sys.executable)
        figures = {
            "no driver, ms": measure(lambda: detect_host(machine=none), 20 * repeats),
            "this machine's own files, ms": measure(
                lambda: detect_host(machine=replace(Machine.here(), python=None, cache_directories=())), repeats
            ),
            "kept, ms": measure(lambda: detect_host(machine=hit), 20 * repeats),
            "asked for the version, ms": measure(lambda: detect_host(machine=machine, want_gpus=False), repeats),
            "asked for all, ms": measure(lambda: detect_host(machine=machine), repeats),
            "a Python that does nothing, ms": measure(start_python, repeats),
        }
        if conda_python is not None:
            conda = measure_conda(conda_python, place / "root/usr/lib64", max(3, repeats // 3))
            figures["conda's own, ms"] = conda
            for kind in ("asked for the version", "asked for all", "kept"):
                figures[f"conda's own / {kind}"] = conda / figures[f"{kind}, ms"]
    return figures


def start_python() -> None:
    """Start and end the Python that the probe runs on."""
    subprocess.run([sys.executable, "-I", "-S", "-E", "-B", "-c", ""], check=True)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conda-python", help="the Python of a conda, to measure conda's own detection beside")
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    figures = run_bench(options.conda_python, options.repeats)
    sys.stdout.write(json.dumps({key: round(value, 3) for key, value in figures.items()}, indent=2) + "\n")


if __name__ == "__main__":
    main()
