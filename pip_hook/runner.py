"""Runs pip: the only place that does."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .preferences import name_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from .interpreter import Interpreter

WRONG_USAGE = 2
"""pip's exit status for a command line that it does not understand."""
LOOPBACK = "127.0.0.1"
INDEX_PREFERENCES = ("index-url", "extra-index-url", "find-links", "no-index")
_PROXIED = ("proxy", "python", "isolated")
"""Configured options that are handed on in another way than by their variable."""


@dataclass(frozen=True)
class Output:
    """What pip said and how it ended."""

    code: int
    out: str = ""
    err: str = ""


def become_pip(words: Sequence[str]) -> int:
    """Let pip take the place of this process, with its command line as it was typed."""
    if os.name != "nt":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, "-m", "pip", *words])  # noqa: S606 - this interpreter's own pip
    return call_pip(words)


def call_pip(words: Sequence[str]) -> int:
    """Run this interpreter's pip with its command line as it was typed, and come back."""
    return subprocess.call([sys.executable, "-m", "pip", *words])


@dataclass(frozen=True)
class Pip:
    """pip for one interpreter, with one configuration."""

    interpreter: Interpreter
    environ: Mapping[str, str]

    def run(self, words: Iterable[str], to_stderr: bool = False) -> int:
        """Run it on the user's terminal and return its exit status."""
        command = [*self.interpreter.pip, *words]
        where = sys.stderr if to_stderr else None
        return subprocess.run(command, env=dict(self.environ), stdout=where, check=False).returncode

    def ask(self, words: Iterable[str]) -> Output:
        """Run it unseen."""
        command = [*self.interpreter.pip, *words]
        done = subprocess.run(
            command,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        return Output(done.returncode, done.stdout, done.stderr)

    def watch(self, words: Iterable[str], withhold: Callable[[str], bool], to_stderr: bool = False) -> int:
        """Run it on the user's terminal, some lines of its stderr withheld."""
        command = [*self.interpreter.pip, *words]
        environ = {**self.environ, **({"FORCE_COLOR": "1"} if _is_terminal() else {})}
        with subprocess.Popen(
            command,
            env=environ,
            stdout=sys.stderr if to_stderr else None,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        ) as process:
            reader = threading.Thread(target=_forward, args=(process.stderr, withhold), daemon=True)
            reader.start()
            code = process.wait()
            reader.join()
        return code


def _forward(lines: Iterable[str], withhold: Callable[[str], bool]) -> None:
    for line in lines:
        if not withhold(line):
            sys.stderr.write(line)
            sys.stderr.flush()


def _is_terminal() -> bool:
    """Whether a person sees both streams: then pip's colours go through the pipe too."""
    return sys.stdout.isatty() and sys.stderr.isatty() and "NO_COLOR" not in os.environ


def make_environ(environ: Mapping[str, str], preferences: Mapping[str, str], proxy: str) -> dict[str, str]:
    """Return the environment for a pip whose indexes are ours: the user's configuration without its own.

    The configuration goes over as variables, because pip adds what its files say of indexes to what it is told. The
    loopback address is taken out of the proxy's care.
    """
    kept = {name: value for name, value in environ.items() if not name.startswith("PIP_")}
    wanted = {k: v for k, v in preferences.items() if k not in (*INDEX_PREFERENCES, *_PROXIED)}
    around = ",".join(filter(None, (environ.get("NO_PROXY") or environ.get("no_proxy"), LOOPBACK)))
    through = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), proxy) if proxy else {}
    own = {"PIP_CONFIG_FILE": os.devnull, "NO_PROXY": around, "no_proxy": around}
    return {**kept, **name_variables(wanted), **through, **own}
