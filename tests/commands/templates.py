"""Environments that tests begin with, made once for a setup and copied."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.commands.user import OFF, Setup, User, declare


@dataclass(frozen=True)
class Template:
    """A request, the environment variables that it was made under, and the build of pytorch that it came to."""

    request: tuple[str, ...]
    env: Mapping[str, str]
    build: str = ""


TEMPLATES = {
    "bare": Template(("python=3.12",), {**declare("12.9"), **OFF}),
    "cpu": Template(("pytorch=*=cpu*", "python=3.12"), {**declare("12.9"), **OFF}, "cpu_mkl"),
    "older": Template(("pytorch=2.10", "python=3.12"), declare("12.9"), "cuda129"),
    "cuda12": Template(("pytorch", "python=3.12"), declare("12.9"), "cuda129"),
    "cuda13": Template(("pytorch", "python=3.12", "tqdm=4.66.5"), {**declare("13.0"), **OFF}, "cuda130"),
}


class Templates:
    """Prepared environments under one directory."""

    def __init__(self, at: Path) -> None:
        """Keep them under ``at``."""
        self.at = at

    def copy(self, kind: str, user: User, name: str = "x") -> Path:
        """Give the user a copy of an environment, under a name."""
        prefix = user.prefix(name)
        shutil.copytree(self._prepare(kind, user.setup), prefix, symlinks=True)
        return prefix

    def _prepare(self, kind: str, setup: Setup) -> Path:
        maker, template = User(setup, self.at / setup.id), TEMPLATES[kind]
        if not maker.prefix(kind).exists():
            maker.run("create", "-n", kind, *template.request, env=template.env, check=True)
            assert not template.build or maker.installed(kind)["pytorch"].build.startswith(template.build)
        return maker.prefix(kind)
