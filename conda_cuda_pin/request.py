"""What the user asked for, in a form that knows neither conda nor pip."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spec:
    """One thing that was asked for: ``nvidia::cuda-toolkit=12.4`` or ``pytorch=*=*cuda*``."""

    name: str
    version: str = ""
    """Version part as typed: ``12.4`` for any 12.4, ``==12.4`` for just that; empty where the user left it open."""
    build: str = ""
    """Build-string pattern; empty where the user left it open."""
    channel: str = ""

    def __str__(self) -> str:
        head = f"{self.channel}::{self.name}" if self.channel else self.name
        if self.build:
            version = self.version or "*"
            operator = "" if version[0] in "<>=!~" else "="  # conda refuses "pytorch=>=2.1=cuda*"
            return f"{head}{operator}{version}={self.build}"
        operator = "" if self.version[:1] in "<>=!~" else "="
        version = self.version.removesuffix(".*") if operator else self.version
        return f"{head}{operator}{version}" if version else head


@dataclass(frozen=True)
class Request:
    """One command: its verb, what it names, and the channels it may use."""

    verb: str = "install"
    """install, create, update, remove or check."""
    specs: tuple[Spec, ...] = ()
    channels: tuple[str, ...] = ()
    """Canonical channel names, highest priority first."""
    where: str = ""
    """The options that name the environment: ``-n work``; empty for the active one."""
    options: str = ""
    """Further options that a copied command needs: ``-c pytorch``."""
    typed: str = ""
    """The whole command as typed, where it says what the specs do not: ``conda install --file explicit.txt``."""

    @property
    def names(self) -> frozenset[str]:
        """The names asked for."""
        return frozenset(spec.name for spec in self.specs)
