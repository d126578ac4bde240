"""What pip's own configuration says: its files and ``PIP_*`` variables, as pip combines them.

https://pip.pypa.io/en/stable/topics/configuration/
"""

from __future__ import annotations

import configparser
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONFIG_FILE = "PIP_CONFIG_FILE"
_NOT_OPTIONS = frozenset({_CONFIG_FILE, "PIP_RUNNING_IN_SUBPROCESS"})
_FALSE = frozenset({"", "0", "n", "no", "f", "false", "off"})


def read_preferences(verb: str, prefix: Path, environ: Mapping[str, str], isolated: bool = False) -> dict[str, str]:
    """Return the options that are configured for a command, by their names without dashes in front.

    Later sources win: system, user, environment prefix, ``PIP_CONFIG_FILE``, variables. ``isolated`` leaves out the
    user's file and all variables, as pip's ``--isolated`` does. A file that cannot be read is left to pip to complain
    about.
    """
    found: dict[str, str] = {}
    for path in _find_files(prefix, environ, isolated):
        found.update(_read_file(path, verb))
    if not isolated:
        found.update(_read_variables(environ))
    return {name: value for name, value in found.items() if value.strip()}


def is_on(text: str) -> bool:
    """Whether the value of a flag turns it on, by pip's words for yes and no."""
    return text.strip().lower() not in _FALSE


def name_variables(preferences: Mapping[str, str]) -> dict[str, str]:
    """Return preferences as the variables that pip reads."""
    return {f"PIP_{name.upper().replace('-', '_')}": value for name, value in preferences.items()}


def _read_variables(environ: Mapping[str, str]) -> dict[str, str]:
    own = {name: value for name, value in environ.items() if name.startswith("PIP_") and name not in _NOT_OPTIONS}
    return {name[4:].lower().replace("_", "-"): value for name, value in own.items()}


def _read_file(path: Path, verb: str) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except (OSError, UnicodeDecodeError, configparser.Error):
        return {}
    sections = [dict(parser[name]) for name in ("global", verb) if parser.has_section(name)]
    return {name.replace("_", "-"): value for section in sections for name, value in section.items()}


def _find_files(prefix: Path, environ: Mapping[str, str], isolated: bool) -> Iterator[Path]:
    named = environ.get(_CONFIG_FILE, "")
    if named == os.devnull:
        return
    yield from _system_files(environ)
    if not isolated and not (named and Path(named).exists()):
        yield from _user_files(environ)
    yield prefix / ("pip.ini" if os.name == "nt" else "pip.conf")
    if named:
        yield Path(named)


def _system_files(environ: Mapping[str, str]) -> Iterator[Path]:
    if os.name == "nt":
        yield Path(environ.get("PROGRAMDATA", "C:\\ProgramData"), "pip", "pip.ini")
    elif sys.platform == "darwin":
        yield Path("/Library/Application Support/pip/pip.conf")
    else:
        named = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        yield from (Path(folder, "pip", "pip.conf") for folder in reversed(named.split(os.pathsep)))
        yield Path("/etc/pip.conf")


def _user_files(environ: Mapping[str, str]) -> Iterator[Path]:
    home = Path(environ.get("HOME") or Path.home())
    if os.name == "nt":
        yield home / "pip" / "pip.ini"
        yield Path(environ.get("APPDATA", home), "pip", "pip.ini")
        return
    yield home / ".pip" / "pip.conf"
    support = home / "Library" / "Application Support" / "pip"
    if sys.platform == "darwin" and support.is_dir():
        yield support / "pip.conf"
    else:
        yield Path(environ.get("XDG_CONFIG_HOME") or home / ".config", "pip", "pip.conf")
