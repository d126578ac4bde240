"""What pip installed in an environment of conda: it stays through a change of conda's, and may clash with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .words import warn_of_fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..package import Package


def find_wheels(prefix: str, before: Sequence[Package], after: Sequence[Package]) -> tuple[Package, ...]:
    """Return pip's packages in a prefix; none where Python goes to another minor and leaves them behind.

    It never raises: what pip left behind is no reason to stop conda.
    """
    minors = [{p.version.rsplit(".", 1)[0] for p in packages if p.name == "python"} for packages in (before, after)]
    try:
        return _read_wheels(prefix) if minors[0] and minors[0] == minors[1] else ()
    except Exception as fault:  # noqa: BLE001 - see above
        warn_of_fault("reading pip's packages", fault)
        return ()


def _read_wheels(prefix: str) -> tuple[Package, ...]:
    from conda.core.prefix_data import PrefixData

    from ..inventory import read_wheels
    from ..inventory.records import METADATA, locate_sites

    records = list(PrefixData(prefix).iter_records())
    owned = [file for record in records for file in record.files or () if file.endswith(METADATA)]
    python = next(record for record in records if record.name == "python")
    said = getattr(python, "python_site_packages_path", None)
    return read_wheels(prefix, owned, locate_sites(python.version, said))
