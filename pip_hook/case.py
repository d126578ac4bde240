"""One command and everything that is known about it before pip runs."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .asked import Asked, read_asked
from .interpreter import find_interpreter
from .preferences import is_on, read_preferences
from .runner import Pip, make_environ

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conda_cuda_pin.host import Host
    from conda_cuda_pin.package import Package
    from conda_cuda_pin.settings import Settings

    from .argv import Command
    from .connection import Connection
    from .interpreter import Interpreter
    from .mirrors import Mirrors

_PLATFORMS = {
    "linux-x86_64": "linux-64",
    "linux-aarch64": "linux-aarch64",
    "win-amd64": "win-64",
    "win-arm64": "win-arm64",
}


@dataclass(frozen=True)
class Case:
    """What a command is about. Everything that costs something is found when first asked for."""

    command: Command
    words: tuple[str, ...]
    """The command line as typed."""
    preferences: Mapping[str, str]
    interpreter: Interpreter
    asked: Asked
    environ: Mapping[str, str]

    @property
    def typed(self) -> str:
        """The command line, ready to be copied, passwords apart."""
        return shlex.join(["pip-cuda", *(re.sub(r"//[^/@\s]+@", "//****@", word) for word in self.words)])

    @cached_property
    def settings(self) -> Settings:
        """The settings in force; raises SettingsError."""
        from .configuration import read_settings

        checked = self.command.arguments[:1] if self.command.verb == "check" else ()
        settings = read_settings(Path(*checked) if checked else self.interpreter.prefix, self.environ)
        if settings.ignore:
            from conda_cuda_pin.rules import check_ignored

            check_ignored(settings)
        return settings

    @cached_property
    def host(self) -> Host:
        """The machine to install for; raises HostError."""
        from conda_cuda_pin.detect import detect_host, read_overrides, read_target

        if self.settings.target:
            return read_target(self.settings.target, self.platform)
        return detect_host(read_overrides(self.environ))

    @cached_property
    def platform(self) -> str:
        """Conda's name of the platform that is installed for."""
        named = self.option("platform")
        return name_platform(named or self.interpreter.platform)

    @cached_property
    def installed(self) -> tuple[Package, ...]:
        """What is there already, where this command would put things."""
        from conda_cuda_pin.inventory import read_distributions, read_inventory

        if self.command.verb in ("download", "wheel", "lock"):
            return ()
        folder = self.option("target")
        if folder:
            return read_distributions([Path(folder)])
        prefix = Path(self.option("prefix") or self.interpreter.prefix)
        looks = self.interpreter.has_user_site and not self.environ.get("PYTHONNOUSERSITE")
        user = read_distributions([self.interpreter.user_site]) if looks and not self.option("prefix") else ()
        own = {package.name for package in user}
        return (*(one for one in read_inventory(prefix) if not (one.is_wheel and one.name in own)), *user)

    @cached_property
    def mirrors(self) -> Mirrors:
        """The copies that stand in the place of indexes."""
        from .mirrors import Mirrors

        return Mirrors(self.settings.mirrors)

    @cached_property
    def connection(self) -> Connection:
        """The way to web servers."""
        from .connection import Connection

        names = ("timeout", "cert", "client-cert", "trusted-host", "proxy")
        options = {name: self.option(name) for name in names}
        options["trusted-host"] = " ".join([*self.command.values("--trusted-host"), options["trusted-host"]])
        options["cert"] = options["cert"] or self.environ.get("REQUESTS_CA_BUNDLE", "")
        return Connection(options)

    @cached_property
    def pip(self) -> Pip:
        """Pip with its indexes taken away; what they were, the case knows."""
        return Pip(self.interpreter, make_environ(self.environ, self.preferences, self.option("proxy")))

    @property
    def demands_hashes(self) -> bool:
        """Whether pip is to refuse what has no hash: an option says so, or any requirement that has one."""
        return self.flag("require-hashes") or self.asked.has_hashes

    def option(self, name: str) -> str:
        """Return the value of a pip option: that of the command line, else what is configured."""
        return self.command.value(f"--{name}") or self.preferences.get(name, "").strip()

    def flag(self, name: str) -> bool:
        """Whether a flag of pip is on."""
        return self.command.has(f"--{name}") or is_on(self.preferences.get(name, ""))


def open_case(command: Command, words: Sequence[str]) -> Case:
    """Read what a command is about; raises PipError where its interpreter cannot be asked."""
    environ = dict(os.environ)
    isolated = command.has("--isolated")
    named = command.value("--python") or ("" if isolated else environ.get("PIP_PYTHON", ""))
    interpreter = find_interpreter(named)
    preferences = read_preferences(command.verb, interpreter.prefix, environ, isolated)
    asked = read_asked(command, preferences, environ, interpreter.markers)
    return Case(command, tuple(words), preferences, interpreter, asked, environ)


def name_platform(tag: str) -> str:
    """Return conda's name of a platform that pip or sysconfig names."""
    if tag.startswith("macos"):
        return "osx-arm64" if tag.endswith("arm64") else "osx-64"
    for known, name in _PLATFORMS.items():
        system, machine = known.split("-", 1)
        if tag.endswith(machine) and (tag.startswith(system) or (system == "linux" and "linux" in tag)):
            return name
    return tag.replace("_", "-")
