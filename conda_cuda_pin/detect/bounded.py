"""Runs a program for as long as it is allowed to, and no longer: then it is abandoned, never waited for.

No thread, no ``multiprocessing`` (at exit that joins its children without a limit, so that a child in uninterruptible
sleep keeps conda from ending), and no ``os.fork``: ``Popen`` alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answer import End
from .channel import Channel, open_channel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

OUTPUT_LIMIT = 1 << 20
"""The most bytes taken from a program; one that says more is ended."""

_GRACE_SECONDS = 0.05
_STATUS_SECONDS = 1.0
_abandoned: list[int] = []
"""Process ids still to be taken leave of."""


@dataclass(frozen=True)
class Run:
    """What a program wrote, and how it ended."""

    output: bytes
    end: End
    detail: str
    milliseconds: float


@dataclass(frozen=True)
class Program:
    """What to start, and how long to listen."""

    command: Sequence[str]
    environ: Mapping[str, str]
    allow: Callable[[bytes], float]
    """How many seconds after its start the program is given, having said so much."""
    is_complete: Callable[[bytes], bool]
    """Whether it has said all."""


def run_bounded(program: Program, *, use_file: bool = sys.platform == "win32") -> Run:
    """Start a program and collect its standard output. Whatever the program does, this returns in time.

    ``use_file`` has the output go through a file.
    """
    _reap()
    started = time.monotonic()
    try:
        with open_channel(use_file=use_file) as channel:
            return _listen(program, channel, started)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return Run(b"", End.SPAWN_FAILED, f"{type(error).__name__}: {error}", _count_ms(started))


def _listen(program: Program, channel: Channel, started: float) -> Run:
    process = _start(program, channel.target)
    output, end, detail, stuck = b"", End.TIMEOUT, "", False
    try:
        for chunk in channel.follow(process):
            output += chunk
            if program.is_complete(output):
                end = End.FINISHED
                break
            if len(output) > OUTPUT_LIMIT:
                end, detail = End.CRASH, f"it wrote more than {OUTPUT_LIMIT} bytes"
                break
            if time.monotonic() - started >= program.allow(output):
                break
        else:
            end, detail = _read_status(process)
    finally:
        stuck = _let_go(process, kill=end is not End.FINISHED)
    if end is End.TIMEOUT:
        detail = f"no answer within {program.allow(output):g} s" + (", and it cannot be ended" if stuck else "")
    return Run(output[:OUTPUT_LIMIT], end, detail, _count_ms(started))


def _start(program: Program, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        program.command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.DEVNULL,
        env=dict(program.environ),
        cwd="/" if os.name == "posix" else None,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _read_status(process: subprocess.Popen[bytes]) -> tuple[End, str]:
    """Tell how a program ended that has closed its output."""
    try:
        status = process.wait(_STATUS_SECONDS)
    except subprocess.TimeoutExpired:
        return End.CRASH, "it closed its output and went on"
    if status == 0:
        return End.FINISHED, ""
    if status > 0:
        return End.CRASH, f"exit status {status}"
    import signal

    known = -status in {member.value for member in signal.Signals}
    return End.CRASH, signal.Signals(-status).name if known else f"signal {-status}"


def _let_go(process: subprocess.Popen[bytes], *, kill: bool) -> bool:
    """Part from a program, waiting no longer than the grace; return whether it is still there."""
    if kill and process.poll() is None:
        _kill(process)
    if process.stdout is not None:
        process.stdout.close()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _abandoned.append(process.pid)
        process.returncode = 0  # Else Popen, when it is collected, complains that the program still runs.
        return True
    return False


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started."""
    if sys.platform == "win32":
        process.kill()
        return
    import signal

    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()  # It ended meanwhile, or a helper of it belongs to root.


def _reap() -> None:
    """Take leave of programs abandoned earlier that have ended meanwhile."""
    if os.name == "posix":
        _abandoned[:] = [process for process in _abandoned if _is_there(process)]


def _is_there(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


def _count_ms(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 2)
