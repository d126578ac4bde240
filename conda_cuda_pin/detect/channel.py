"""How a program's output comes back: through a pipe, or through a file where a pipe cannot be waited for."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP_SECONDS = 0.02
"""How often a silent program's deadline is looked at."""


class Channel(Protocol):
    """One way for output to come back."""

    target: int
    """What ``Popen`` is given as ``stdout``."""

    def follow(self, process: subprocess.Popen[bytes]) -> Iterator[bytes]:
        """Yield what comes, and b"" each time that a step passes without; end where the output ends."""
        ...


class Pipe:
    """A pipe, waited for with a limit."""

    target = subprocess.PIPE

    def follow(self, process: subprocess.Popen[bytes]) -> Iterator[bytes]:
        """Yield what comes, and b"" each time that a step passes without; end where the pipe is closed."""
        import select

        assert process.stdout is not None
        poll = select.poll()
        poll.register(process.stdout.fileno(), select.POLLIN)
        while True:
            if not poll.poll(STEP_SECONDS * 1000):
                yield b""
            elif chunk := os.read(process.stdout.fileno(), 1 << 16):
                yield chunk
            else:
                return


class OutputFile:
    """A file, for Windows: only a thread could wait for a pipe with a limit there."""

    def __init__(self, target: int, path: str) -> None:
        self.target = target
        self._path = path

    def follow(self, process: subprocess.Popen[bytes]) -> Iterator[bytes]:
        """Yield what was added each time that a step passes; end where the program ends."""
        with open(self._path, "rb", buffering=0) as reader:  # noqa: PTH123
            ended = False
            while not ended:
                try:
                    process.wait(STEP_SECONDS)
                    ended = True
                except subprocess.TimeoutExpired:
                    ended = False
                yield reader.read()


@contextmanager
def open_channel(*, use_file: bool) -> Iterator[Channel]:
    """Open a way for output to come back; raises OSError where no file can be made."""
    if not use_file:
        yield Pipe()
        return
    # A program that was abandoned still holds the file: then it stays, in the directory for temporary files.
    with tempfile.TemporaryDirectory(prefix="conda-cuda-pin-", ignore_cleanup_errors=True) as directory:
        path = os.path.join(directory, "output")  # noqa: PTH118
        with open(path, "wb") as writer:  # noqa: PTH123
            yield OutputFile(writer.fileno(), path)
