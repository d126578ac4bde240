"""pip-cuda beside pip, as ratios of one run: ``python -m tests.pipcuda.bench``, part of ``make bench``.

What needs more than the loopback is asked for: ``--pypi`` installs a scientific stack of ten wheels, and ``--links
DIR`` the torch 2.13 whose wheels lie in a directory. Both use the pip configuration of whoever runs this.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.pipcuda.world import WORLD
from tests.piprig.environment import make_venv
from tests.piprig.hook import find_hook, make_hook
from tests.piprig.server import IndexServer
from tests.piprig.tool import make_tool
from tests.piprig.wheel import Wheel

ROUNDS = 7
HEAD = f"{'command':58} {'pip-cuda':>10} {'pip':>10} {'ratio':>6} {'more':>9}"
SCIENCE = ("numpy", "pandas", "scikit-learn", "matplotlib")


@dataclass(frozen=True)
class Pair:
    """One measurement."""

    name: str
    ours: float
    """Milliseconds of pip-cuda, the median."""
    plain: float
    """Milliseconds of pip."""

    def __str__(self) -> str:
        extra = self.ours - self.plain
        return f"{self.name:58} {self.ours:7.0f} ms {self.plain:7.0f} ms {self.ours / self.plain:6.2f} {extra:+6.0f} ms"


def compare(name: str, ours: Callable[[], object], plain: Callable[[], object], rounds: int = ROUNDS) -> Pair:
    """Time two actions in turns, so that both see the same machine; the first round warms up."""
    times = [(_time(ours), _time(plain)) for _ in range(rounds + 1)][1:]
    return Pair(name, statistics.median(a for a, _ in times), statistics.median(b for _, b in times))


def _time(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def bench_loopback(scratch: Path) -> list[Pair]:
    """Compare on the loopback: commands that are pip's own, and installs with and without CUDA packages."""
    from dataclasses import replace

    ten = tuple(Wheel(f"plain-{n}", "1.0", (f"plain-{n + 1}",) if n < 9 else ()) for n in range(10))
    pypi = replace(WORLD[0], offers=(*WORLD[0].offers, *(type(WORLD[0].offers[0])(wheel) for wheel in ten)))
    with IndexServer(pypi, *WORLD[1:]) as world:
        target = make_venv(scratch / "target")
        ours = make_hook(target, scratch / "ours", world)
        plain = make_tool((find_hook().python, "-m", "pip", "--python", target.python), scratch / "plain")
        host = {"CONDA_PLUGINS_CUDA_PIN_TARGET": "12.4 8.9", "PIP_INDEX_URL": world.locate("pypi.org/simple")}
        cu126 = {
            **host,
            "PIP_INDEX_URL": world.locate("download.pytorch.org/whl/cu126"),
            "PIP_EXTRA_INDEX_URL": host["PIP_INDEX_URL"],
        }
        own = make_tool((find_hook().python, "-m", "pip_hook"), scratch / "own")
        bare = make_tool((find_hook().python, "-m", "pip"), scratch / "bare")
        again = ("install", "--force-reinstall")
        return [
            compare("list", lambda: own.run("list"), lambda: bare.run("list")),
            compare("freeze", lambda: own.run("freeze"), lambda: bare.run("freeze")),
            compare(
                "install ten small wheels, no CUDA",
                lambda: ours.run(*again, "plain-0", env=host, check=True),
                lambda: plain.run(*again, "plain-0", env=host, check=True),
            ),
            compare(
                "install a small torch of cu126",
                lambda: ours.run(*again, "torch", env=host, check=True),
                lambda: plain.run(*again, "torch==2.14.1+cu126", env=cu126, check=True),
            ),
        ]


def bench_real(name: str, arguments: Sequence[str], scratch: Path, cold: bool, rounds: int) -> Pair:
    """Compare installs into fresh environments from the indexes that pip is configured with."""
    hook = find_hook()
    environ = {**os.environ, "PIP_CACHE_DIR": str(scratch / "cache"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

    def install(module: str) -> Callable[[], None]:
        return lambda: _install(hook.python, module, arguments, scratch, environ, cold)

    return compare(name, install("pip_hook"), install("pip"), rounds)


def _install(
    python: Path, module: str, arguments: Sequence[str], scratch: Path, environ: Mapping[str, str], cold: bool
) -> None:
    shutil.rmtree(scratch / "fresh", ignore_errors=True)
    if cold:
        shutil.rmtree(scratch / "cache", ignore_errors=True)
    target = make_venv(scratch / "fresh")
    command = [str(python), "-m", module, "--python", str(target.python), "install", "--quiet", *arguments]
    subprocess.run(command, env=environ, check=True, stderr=subprocess.DEVNULL)


def run_bench(pypi: bool = False, links: str = "", rounds: int = 3) -> list[Pair]:
    """Run everything that is asked for."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        scratch = Path(directory)
        pairs = bench_loopback(scratch)
        if pypi:
            pairs.append(bench_real("scientific stack from PyPI, warm cache", SCIENCE, scratch, False, rounds))
            pairs.append(bench_real("scientific stack from PyPI, cold cache", SCIENCE, scratch, True, rounds))
        if links:
            words = ("torch==2.13.0", "--find-links", links)
            pairs.append(bench_real("torch 2.13 CPU from local wheels", words, scratch, False, rounds))
        return pairs


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pypi", action="store_true")
    parser.add_argument("--links", default="")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(HEAD, *run_bench(options.pypi, options.links, options.rounds), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
