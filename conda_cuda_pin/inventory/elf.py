"""What a shared library or a program says to the loader: the libraries it needs and where it wants them from.

https://man7.org/linux/man-pages/man5/elf.5.html
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRINGS, _RPATH, _RUNPATH = 1, 5, 15, 29
_SEGMENT = 56
"""The size of a program header, in bytes."""
_LONGEST, _MOST = 4096, 1 << 20
"""As long as a path, and as long as a dynamic section may be, in bytes."""


@dataclass(frozen=True)
class Links:
    """The dynamic section of one file."""

    path: Path
    needed: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()
    """Searched before LD_LIBRARY_PATH, ``$ORIGIN`` put in; it counts only where there is no ``runpath``."""
    runpath: tuple[str, ...] = ()
    """Searched after LD_LIBRARY_PATH."""


def read_links(path: Path) -> Links | None:
    """Read one file; None for what is no ELF file of 64 bits, little-endian, or is damaged."""
    try:
        with path.open("rb") as file:
            return _read(path, file)
    except (OSError, OverflowError, struct.error, ValueError):
        return None


def _read(path: Path, file: BinaryIO) -> Links | None:
    header = file.read(64)
    if header[:6] != b"\x7fELF\x02\x01":
        return None
    segments = list(_read_segments(file, header))
    entries = list(_read_entries(file, segments))
    strings = next((value for tag, value in entries if tag == _STRINGS), None)
    if strings is None:
        return None
    base = _locate(strings, segments)
    texts = [(tag, _read_text(file, base + value)) for tag, value in entries if tag in (_NEEDED, _RPATH, _RUNPATH)]
    origin = str(path.parent)
    paths = {
        kind: tuple(
            part.replace("${ORIGIN}", origin).replace("$ORIGIN", origin)
            for tag, text in texts
            if tag == kind
            for part in text.split(":")
            if part
        )
        for kind in (_RPATH, _RUNPATH)
    }
    return Links(path, tuple(text for tag, text in texts if tag == _NEEDED), paths[_RPATH], paths[_RUNPATH])


def _read_segments(file: BinaryIO, header: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield type, offset, address and size of each segment."""
    (start,) = struct.unpack_from("<Q", header, 32)
    size, count = struct.unpack_from("<HH", header, 54)
    if size != _SEGMENT:
        raise ValueError(size)
    file.seek(start)
    table = file.read(size * count)
    for number in range(count):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", table, number * size)
        yield kind, offset, address, length


def _read_entries(file: BinaryIO, segments: list[tuple[int, int, int, int]]) -> Iterator[tuple[int, int]]:
    for kind, offset, _, length in segments:
        if kind == _DYNAMIC:
            file.seek(offset)
            yield from struct.iter_unpack("<qQ", file.read(min(length, _MOST) // 16 * 16))


def _locate(address: int, segments: list[tuple[int, int, int, int]]) -> int:
    """Return where in the file an address of the loaded image lies; ValueError where no segment holds it."""
    for kind, offset, start, length in segments:
        if kind == _LOAD and start <= address < start + length:
            return offset + address - start
    raise ValueError(address)


def _read_text(file: BinaryIO, offset: int) -> str:
    file.seek(offset)
    return file.read(_LONGEST).split(b"\0", 1)[0].decode("utf-8", "replace")
