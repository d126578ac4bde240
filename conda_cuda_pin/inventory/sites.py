"""Where the Python of a prefix looks for packages, and on which other prefix a venv stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .problems import Problems

_ROOTS = ("lib", "lib64", "local/lib")
_PYTHON = re.compile(r"(?:python|pypy)3")
_NAMES = ("site-packages", "dist-packages")


def find_sites(prefix: Path, told: str, problems: Problems) -> tuple[Path, ...]:
    """Return the directories that hold a prefix's wheels, each once.

    Args:
        prefix: an environment of conda, a venv, or where a system's Python lies.
        told: the directory that conda's Python names, relative to the prefix; empty where there is none.
        problems: takes what is unreadable.
    """
    minor = _read_minor(prefix, problems)
    homes = [home for root in _ROOTS for home in _find_homes(prefix / root, minor, problems)] if not told else []
    found = [prefix / told] if told else [home / name for home in homes for name in _NAMES]
    found.append(prefix / "Lib" / "site-packages")
    real = {site.resolve(): site for site in reversed(found) if problems.has(site)}
    return tuple(reversed(real.values()))


def find_base(prefix: Path, problems: Problems) -> Path | None:
    """Return the prefix whose packages a venv sees too (``--system-site-packages``), None where it sees none.

    https://docs.python.org/3/library/venv.html
    """
    settings = _read_settings(prefix, problems)
    home = settings.get("home", "")
    if not home or settings.get("include-system-site-packages", "").lower() != "true":
        return None
    base = Path(home).parent if Path(home).name in ("bin", "Scripts") else Path(home)
    return None if base == prefix else base


def _find_homes(root: Path, minor: str, problems: Problems) -> list[Path]:
    """Find ``python3.11`` under ``lib``; where the prefix says which minor it runs, only that one."""
    if minor:
        homes = [root / f"{name}{minor}{threads}" for name in ("python", "pypy") for threads in ("", "t")]
        return [*homes, root / "python3"]
    return [path for path in problems.list(root) if _PYTHON.match(path.name)]


def _read_minor(prefix: Path, problems: Problems) -> str:
    settings = _read_settings(prefix, problems)
    match = re.match(r"3\.\d+", settings.get("version") or settings.get("version_info", ""))
    return match[0] if match else ""


def _read_settings(prefix: Path, problems: Problems) -> dict[str, str]:
    path = prefix / "pyvenv.cfg"
    data = problems.read(path)
    lines = problems.decode(path, data).splitlines() if data else []
    pairs = (line.partition("=") for line in lines)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}
