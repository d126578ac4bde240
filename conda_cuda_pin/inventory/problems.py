"""What could not be read, kept as evidence: a damaged file costs one package at most and never raises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..host import Evidence, Outcome

if TYPE_CHECKING:
    from pathlib import Path


class Problems(list[Evidence]):
    """The evidence of one reading, in the order in which it was met."""

    def add(self, path: Path, why: object) -> None:
        """Note that a file could not be read, or not to its end."""
        self.append(Evidence(str(path), Outcome.FAILED, str(why)))

    def read(self, path: Path) -> bytes | None:
        """Return the content of a file, None where there is none; one that is there and unreadable is noted."""
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            self.add(path, error.strerror or error)
            return None

    def decode(self, path: Path, data: bytes) -> str:
        """Return text; bytes that are no UTF-8 are noted and kept one to one."""
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            self.add(path, f"not UTF-8 ({error.reason} at byte {error.start})")
            return data.decode("latin-1")

    def parse(self, path: Path, data: bytes) -> dict[str, Any]:
        """Return a JSON object; anything else is noted and read as an empty one."""
        try:
            found = json.loads(data)
        except (ValueError, RecursionError) as error:
            self.add(path, f"no JSON: {error}")
            return {}
        if not isinstance(found, dict):
            self.add(path, "no JSON object")
            return {}
        return found

    def list(self, directory: Path) -> list[Path]:
        """Return what a directory holds, sorted; nothing where there is none, and a note where it is unreadable."""
        try:
            return sorted(directory.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            self.add(directory, error.strerror or error)
            return []

    def has(self, directory: Path) -> bool:
        """Whether a directory is there and can be looked at."""
        try:
            return directory.is_dir()
        except OSError as error:
            self.add(directory, error.strerror or error)
            return False

    def date(self, path: Path) -> float:
        """Return when a file was written, in seconds; 0 where that cannot be told."""
        try:
            return path.stat().st_mtime
        except OSError as error:
            self.add(path, error.strerror or error)
            return 0.0
