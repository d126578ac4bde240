"""Settings for ``pip-cuda``: the same files as conda reads, in the same order, without conda."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.errors import SettingsError
from conda_cuda_pin.settings import OPTIONS, PREFIX, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONDA = "CONDA_PLUGINS_"
"""How conda names the environment variable of a plugin's setting; the key follows in capitals."""
_VARIABLE = _CONDA + PREFIX.upper()
_LISTS = frozenset(option.key for option in OPTIONS if option.many)
_SYSTEM = ("/etc/conda", "/var/lib/conda")
_NAMES = (".condarc", "condarc", "condarc.d")
_ENDINGS = (".yml", ".yaml")


def read_settings(prefix: Path, environ: Mapping[str, str]) -> Settings:
    """Read the settings that hold for one environment: the system's files, the user's, its own, then variables.

    Of a single value the last one counts; lists are joined, the last one in front, as conda does it.
    https://docs.conda.io/projects/conda/en/stable/user-guide/configuration/use-condarc.html

    Args:
        prefix: the environment that is to be changed, a virtual environment or one of conda.
        environ: the environment variables.

    Raises:
        SettingsError: a file is no YAML, or a value is not allowed; the message names file, line and problem.
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for path in find_files(prefix, environ):
        for key, (value, line) in _read_file(path).items():
            _check(key, value, f"{path}, line {line}")
            values[key] = [*value, *values.get(key, ())] if isinstance(value, list) else value
            sources[key] = f"{path}, line {line}"
    for name in sorted(name for name in environ if name.startswith(_VARIABLE) and environ[name]):
        key = name.removeprefix(_CONDA).lower()
        words = [word.strip() for word in environ[name].split(",") if word.strip()]
        values[key] = [*words, *values.get(key, ())] if key in _LISTS else environ[name]
        sources[key] = f"the environment variable {name}"
    return Settings.from_mapping(values, sources)


def find_files(prefix: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files that conda would read for an environment, each once, those that count more later."""
    seen = set()
    for place in _places(prefix, environ):
        for path in _open_place(place):
            if path not in seen:
                seen.add(path)
                yield path


def _open_place(place: Path) -> list[Path]:
    """Return the files of one place; what may not be looked at is not there, as for conda."""
    try:
        if place.is_dir():
            return sorted(path for path in place.iterdir() if path.suffix in _ENDINGS and path.is_file())
        return [place] if place.is_file() else []
    except OSError:
        return []


def _places(prefix: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield files and folders in conda's order (``SEARCH_PATH`` in conda/base/constants.py)."""
    home = environ.get("USERPROFILE" if sys.platform == "win32" else "HOME", "")
    system = ("C:/ProgramData/conda",) if sys.platform == "win32" else _SYSTEM
    folders = [Path(folder) for folder in system]
    folders += [root] if (root := _find_root(environ)) is not None else []
    folders += [Path(config, "conda")] if (config := environ.get("XDG_CONFIG_HOME")) else []
    folders += [Path(home, ".config", "conda"), Path(home, ".conda")] if home else []
    yield from (folder / name for folder in folders for name in _NAMES)
    if home:
        yield Path(home, ".condarc")
    yield from (prefix / name for name in _NAMES)
    if named := environ.get("CONDARC"):
        yield Path(named).expanduser()


def _find_root(environ: Mapping[str, str]) -> Path | None:
    """Return the installation of conda, where the shell knows one."""
    if root := environ.get("CONDA_ROOT"):
        return Path(root)
    executable = environ.get("CONDA_EXE", "")
    return Path(executable).parent.parent if executable else None


def _read_file(path: Path) -> dict[str, tuple[Any, int]]:
    """Return the settings of this project in one file, each with the line it stands on."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    if PREFIX not in text:
        return {}  # nothing here is ours: whether it is good YAML is conda's affair, and YAML is not even loaded
    plugins = _parse(path, text).get("plugins") or {}
    if not isinstance(plugins, dict):
        raise SettingsError(f"{path}: what stands under plugins: is no mapping of names to values")
    ours = {str(key): value for key, value in plugins.items() if str(key).startswith(PREFIX)}
    return {key: (value, _find_line(text, key)) for key, value in ours.items()}


def _parse(path: Path, text: str) -> dict[str, Any]:
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads ``off`` as the word that it is, as conda's reader does (YAML 1.2)."""

        yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own interface
            first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":bool")]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    try:
        content = yaml.load(text, Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise SettingsError(f"{path}{line}: this cannot be read as YAML: {problem}") from error
    if content is not None and not isinstance(content, dict):
        raise SettingsError(f"{path}, line 1: this is no mapping of names to values")
    return content or {}


def _find_line(text: str, key: str) -> int:
    match = re.search(rf"^[^#\n]*\b{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, match.end()) + 1 if match is not None else 1


def _check(key: str, value: Any, source: str) -> None:
    """Refuse a wrong value where it stands, before a later file hides it or a list swallows it."""
    Settings.from_mapping({key: value}, {key: source})
