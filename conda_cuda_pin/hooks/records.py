"""conda's records and match specs, as the plain values that everything else works with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..package import Package
from ..request import Spec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..pin import Pin


def to_package(record: Any) -> Package:
    """Translate a PackageRecord or a PrefixRecord."""
    channel = record.channel
    return Package(
        record.name,
        record.version,
        record.build,
        (channel.canonical_name or "") if channel else "",
        tuple(record.depends or ()),
        tuple(record.constrains or ()),
    )


def to_packages(records: Iterable[Any]) -> tuple[Package, ...]:
    """Translate records; virtual packages are left out."""
    return tuple(to_package(record) for record in records if not record.name.startswith("__"))


def read_installed(prefix: str) -> tuple[Package, ...]:
    """Return what conda installed in a prefix; nothing where there is no environment."""
    from conda.core.prefix_data import PrefixData

    return to_packages(PrefixData(prefix).iter_records())


def to_spec(match_spec: Any) -> Spec:
    """Translate a MatchSpec."""

    def raw(field: str) -> str:
        value = match_spec.get_raw_value(field)
        return "" if value in (None, "*") else str(value)

    channel = match_spec.get_exact_value("channel")
    version, build = raw("version"), raw("build")
    return Spec(
        match_spec.name,
        version if build else _as_typed(version),
        build,
        channel.canonical_name if channel else "",
    )


def _as_typed(version: str) -> str:
    """Turn conda's reading of a version back: ``12.4.*`` was ``=12.4``, and a bare ``12.4`` was ``==12.4``."""
    if not version or any(sign in version for sign in "<>=!~,|"):
        return version
    return version.removesuffix(".*") if version.endswith(".*") else f"=={version}"


def to_match_spec(pin: Pin) -> Any:
    """Translate a pin."""
    from conda.models.match_spec import MatchSpec

    fields = {"version": pin.version, "build": pin.build}
    return MatchSpec(name=pin.name, **{key: value for key, value in fields.items() if value})


def merge_pins(own: Iterable[Pin], user: Iterable[str]) -> tuple[str, ...]:
    """Join our pins with the user's into one for each name, because solvers keep only the last.

    Where two patterns cannot be merged the user's stands; the result is judged in any case.
    """
    from conda.models.match_spec import MatchSpec

    by_name = {pin.name: to_match_spec(pin) for pin in own}
    for text in user:
        spec = MatchSpec(text)
        try:
            merged = MatchSpec.merge([spec, by_name[spec.name]])[0] if spec.name in by_name else spec
        except ValueError:
            merged = spec
        by_name[spec.name] = merged
    return tuple(str(MatchSpec(spec, optional=False)) for spec in by_name.values())
