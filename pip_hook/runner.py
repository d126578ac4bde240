"""Runs pip: the only place that does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .preferences import name_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .interpreter import Interpreter

WRONG_USAGE = 2
"""pip's exit status for a command line that it does not understand."""
LOOPBACK = "127.0.0.1"
GRACE = 2.0
"""Seconds that pip has to clean up when it is to end."""
INDEX_PREFERENCES = ("index-url", "extra-index-url", "find-links", "no-index")
_PROXIED = ("proxy", "python", "isolated")
"""Configured options that are handed on in another way than by their variable."""


@dataclass(frozen=True)
class Output:
    """What pip said and how it ended."""

    code: int
    out: str = ""
    err: str = ""

    def show(self, to_stderr: bool = False) -> None:
        """Say it again where the user sees it."""
        print(self.out, end="", file=sys.stderr if to_stderr else sys.stdout, flush=True)
        print(self.err, end="", file=sys.stderr, flush=True)


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

    def within(self, folder: Path) -> Pip:
        """Return the same pip with its temporary files in a folder, whoever ends it and how."""
        folder.mkdir(exist_ok=True)
        return replace(self, environ={**self.environ, "TMPDIR": str(folder)})

    def run(self, words: Iterable[str], to_stderr: bool = False) -> int:
        """Run it on the user's terminal and return its exit status."""
        with self._start(words, stdout=sys.stderr if to_stderr else None) as process:
            return process.wait()

    def ask(self, words: Iterable[str]) -> Output:
        """Run it unseen; there is nobody whom it could ask for a password."""
        unseen = replace(self, environ={**self.environ, "PIP_NO_INPUT": "1"})
        pipe = subprocess.PIPE
        with unseen._start(words, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as process:
            out, err = process.communicate()
            return Output(process.returncode, out, err)

    def watch(self, words: Iterable[str], withhold: Callable[[str], bool]) -> int:
        """Run it on the user's terminal, some lines of its stderr withheld."""
        colours = {"FORCE_COLOR": "1"} if _is_terminal() else {}
        watched = replace(self, environ={**self.environ, **colours})
        with watched._start(words, stderr=subprocess.PIPE) as process:
            reader = threading.Thread(target=_forward, args=(process.stderr, withhold), daemon=True)
            reader.start()
            code = process.wait()
            reader.join()
        return code

    @contextmanager
    def _start(self, words: Iterable[str], **streams: Any) -> Iterator[subprocess.Popen[str]]:
        """Start it; where this process is to end, it ends first and cleans up."""
        command = [*self.interpreter.pip, *words]
        with subprocess.Popen(command, env=dict(self.environ), text=True, errors="replace", **streams) as process:
            try:
                yield process
            except BaseException as reason:
                _end(process, told=isinstance(reason, KeyboardInterrupt))
                raise


def _end(process: subprocess.Popen[str], told: bool) -> None:
    """Let pip end and clean up; ``told`` is whether the terminal has interrupted it too."""
    if not told and os.name != "nt":
        process.send_signal(signal.SIGINT)
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        _end(process, told=False) if told else process.kill()


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
