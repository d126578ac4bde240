"""Files that are this user's alone: nothing that another user could have put there is read or replaced."""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress

MOST_BYTES = 1 << 16
"""The largest file that is read."""
MOST_FILES = 30
"""How many files are left in a directory."""
OLDEST_SECONDS = 30 * 24 * 3600
"""How old, by the clock on the wall, files in a directory may become."""


def is_private(directory: str) -> bool:
    """Whether a directory is this user's own, and nobody else may write there; raises OSError where there is none."""
    status = os.stat(directory, follow_symlinks=False)  # noqa: PTH116
    return stat.S_ISDIR(status.st_mode) and is_own(status)


def make_private(directory: str) -> None:
    """Make a directory for this user alone; raises OSError where that cannot be, or what is there is not private."""
    parent = os.path.dirname(directory)  # noqa: PTH120
    if os.path.basename(parent) == ".cache":  # noqa: PTH119
        with suppress(FileExistsError):
            os.mkdir(parent, 0o700)  # noqa: PTH102
    with suppress(FileExistsError):
        os.mkdir(directory, 0o700)  # noqa: PTH102
    if not is_private(directory):
        raise PermissionError(0, "it is not this user's own, or others may write there")


def read_private(path: str) -> bytes:
    """Read a file that is this user's own; raises OSError or ValueError where it is not, or is too large.

    A link is not followed, and a pipe that somebody put there is not waited for.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or not is_own(status) or status.st_size > MOST_BYTES:
            raise ValueError("not a private file, or too large")
        return os.read(descriptor, MOST_BYTES)
    finally:
        os.close(descriptor)


def replace_file(path: str, data: bytes) -> None:
    """Write a file beside its place and put it there as a whole; raises OSError."""
    draft = f"{path}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        try:
            os.write(descriptor, data)
        finally:
            os.close(descriptor)
        os.replace(draft, path)  # noqa: PTH105
    except OSError:
        os.unlink(draft)  # noqa: PTH108
        raise


def prune(directory: str) -> None:
    """Remove files beyond a number and an age; another process may be doing the same."""
    with suppress(OSError):
        files = [(entry.stat().st_mtime, entry.path) for entry in os.scandir(directory)]
        old = time.time() - OLDEST_SECONDS
        newest = sorted(files, reverse=True)
        for changed, path in newest:
            if changed < old or (changed, path) in newest[MOST_FILES:]:
                os.unlink(path)  # noqa: PTH108


def is_own(status: os.stat_result) -> bool:
    """Whether a file is this user's, and nobody else may write to it. Windows keeps profiles apart by itself."""
    if os.name != "posix":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022
