"""The settings of conda and pip alike: their names, what they may be, and what they are when nobody says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import SettingsError, VersionError
from .versions import CudaVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX = "cuda_pin_"
"""Every setting begins so, under ``plugins:`` in a ``.condarc``."""

MODES = ("enforce", "warn", "off")
LEVELS = ("auto", "major", "minor")
VARIANTS = ("auto", "cuda", "cpu")
PRIORITIES = ("", "strict", "flexible", "disabled")
_UNSET: tuple[Any, ...] = (None, "", (), [])
_MIRROR = re.compile(r"(https?://[^\s=]+)=((?:https?|file)://\S+)")
_CODE = re.compile(r"CUP\d{3}|[a-z]+(-[a-z]+)+")


@dataclass(frozen=True)
class Settings:
    """What is in force for one environment."""

    mode: str = "enforce"
    level: str = "auto"
    variant: str = "auto"
    target: str = ""
    """A declared host, as ``detect.declared_host`` reads it; empty: this machine."""
    max: CudaVersion | None = None
    """Highest CUDA version allowed; None: what the host can run."""
    channels: tuple[str, ...] = ()
    """Channels to put on top."""
    channel_priority: str = ""
    """strict, flexible or disabled; empty: left alone."""
    ignore: frozenset[str] = frozenset()
    """Rules that are not to be applied, by code or by word."""
    mirrors: tuple[tuple[str, str], ...] = ()
    """Beginnings of index addresses, and what to put in their place."""

    @property
    def off(self) -> bool:
        """Whether nothing at all is to be done."""
        return self.mode == "off"

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], sources: Mapping[str, str] | None = None) -> Settings:
        """Make settings from raw values by their full names (``cuda_pin_mode``); names of others are left alone.

        Args:
            values: what the files and the environment hold.
            sources: where each value stands, for the message.

        Raises:
            SettingsError: names every key with a value that is not allowed, and what is.
        """
        problems = []
        for key, value in values.items():
            where = f" in {sources[key]}" if sources and key in sources else ""
            if key.startswith(PREFIX) and key not in (option.key for option in OPTIONS):
                problems.append(f"{key}{where}: {_NO_SUCH}")
            elif (problem := find_problem(key, value)) is not None:
                problems.append(f"{key} = {value!r}{where}: {problem}")
        if problems:
            raise SettingsError("; ".join(problems))
        known = {o.name: o.read(values[o.key]) for o in OPTIONS if values.get(o.key) not in _UNSET}
        return cls(**known)


def find_problem(key: str, value: Any) -> str | None:
    """Say what is wrong with the value of a setting, None if nothing is. A setting that is not ours is right."""
    option = next((option for option in OPTIONS if option.key == key), None)
    if option is None or value in _UNSET:
        return None
    return option.find_problem(value)


@dataclass(frozen=True)
class Option:
    """One setting: its name, its kind, and how its value is read."""

    name: str
    about: str
    allowed: tuple[str, ...] = ()
    many: bool = False
    """Whether it is a list."""
    read: Callable[[Any], Any] = field(default=str)

    @property
    def key(self) -> str:
        """The name as it stands in a ``.condarc``."""
        return PREFIX + self.name

    def find_problem(self, value: Any) -> str | None:
        """Say what is wrong with a value, None if nothing is."""
        if self.many and not isinstance(value, (list, tuple, set, frozenset)):
            return "must be a list"
        if self.allowed and value not in self.allowed:
            return "allowed: " + ", ".join(word for word in self.allowed if word)
        try:
            self.read(value)
        except (SettingsError, VersionError) as error:
            return str(error)
        return None


def _read_codes(values: Any) -> frozenset[str]:
    wrong = [value for value in values if not _CODE.fullmatch(str(value))]
    if wrong:
        raise SettingsError(f"{wrong[0]!r} is not a rule code such as CUP101, nor a word such as ptx-too-new")
    return frozenset(values)


def _read_cuda(value: Any) -> CudaVersion:
    return CudaVersion.parse(str(value))


def _read_mirrors(values: Any) -> tuple[tuple[str, str], ...]:
    mirrors = []
    for value in values:
        match = _MIRROR.fullmatch(str(value).strip())
        if match is None:
            raise SettingsError(f"{value!r} is not FROM=TO, two addresses such as {_EXAMPLE}")
        mirrors.append((match[1].rstrip("/"), match[2].rstrip("/")))
    return tuple(mirrors)


_EXAMPLE = "https://download.pytorch.org/whl=https://mirror.example.org/pytorch"


def _read_names(values: Any) -> tuple[str, ...]:
    return tuple(map(str, values))


OPTIONS = (
    Option("mode", "what happens to a change that would break an environment", MODES),
    Option("level", "how close CUDA must stay to the driver: its major, or its minor too", LEVELS),
    Option("variant", "which builds to prefer", VARIANTS),
    Option("target", "the host to install for: a CUDA version, or a file that `conda cuda-pin status --json` wrote"),
    Option("max", "the highest CUDA version allowed, for example '12.4' (quoted)", read=_read_cuda),
    Option("channels", "channels to put on top", many=True, read=_read_names),
    Option("channel_priority", "channel priority for solves that steer CUDA", PRIORITIES),
    Option("ignore", "rules that are not applied, by code or word", many=True, read=_read_codes),
    Option("mirrors", "where indexes of wheels are mirrored, each as FROM=TO", many=True, read=_read_mirrors),
)
"""Every setting there is."""

_NO_SUCH = "no such setting; there are " + ", ".join(option.key for option in OPTIONS)
