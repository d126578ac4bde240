"""How long an inventory takes, and how that grows: environments of many packages with many files each."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from conda_cuda_pin.inventory import read_inventory
from tests.inventory.places import SITES, add_record, add_wheel

PACKAGES, FILES = 400, 250
ROUNDS = 7
_DIGEST = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"


def make_wheels(prefix: Path, packages: int) -> None:
    """Fill a prefix with wheels of pip."""
    for number in range(packages):
        names = [f"p{number}/part/module_{file}.py" for file in range(FILES - 5)]
        names += [f"p{number}/lib/lib{file}.so.1" for file in range(5)]
        record = "".join(f"{name},sha256={_DIGEST},1234\n" for name in names)
        add_wheel(prefix, f"p{number}", "1.0", ["numpy>=1"] * 5, record)


def make_records(prefix: Path, packages: int) -> None:
    """Fill a prefix with records of conda, as long as conda writes them."""
    for number in range(packages):
        files = [f"{SITES}/p{number}/part/module_{file}.py" for file in range(FILES)]
        facts = {"path_type": "hardlink", "sha256": "a" * 64, "sha256_in_prefix": "a" * 64, "size_in_bytes": 1234}
        paths = {"paths": [{"_path": file, **facts} for file in files], "paths_version": 1}
        add_record(prefix, f"c{number}", "1.0", depends=["a", "b >=2"], files=files, paths_data=paths)


def run_bench() -> dict[str, float]:
    """Return milliseconds for each kind of environment, and what twice as many packages cost as a ratio."""
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        for kind, fill in (("wheels", make_wheels), ("records of conda", make_records)):
            times = []
            for packages in (PACKAGES, 2 * PACKAGES):
                prefix = Path(scratch) / f"{kind} {packages}"
                fill(prefix, packages)
                times.append(measure(prefix))
            found[f"inventory of {PACKAGES} {kind}, {PACKAGES * FILES} files, ms"] = times[0]
            found[f"inventory of twice as many {kind}, ratio"] = times[1] / times[0]
    return found


def measure(prefix: Path) -> float:
    """Return the median time of reading a prefix whose files are in the page cache, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        read_inventory(prefix)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
