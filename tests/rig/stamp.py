"""What a rig was built from: one digest a step, written only when the step is complete."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path


def hash_inputs(files: Iterable[Path], *words: str) -> str:
    """Return one SHA-256 of the names and contents of ``files`` and of ``words``."""
    total = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        total.update(f"\0{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


class Stamps:
    """The digests of the complete steps of one rig, kept in a JSON file."""

    def __init__(self, path: Path) -> None:
        """Use ``path``, which need not exist yet."""
        self.path = path

    def read(self) -> dict[str, str]:
        """Return step -> digest; nothing for a file that is missing or spoilt."""
        try:
            content = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def write(self, step: str, digest: str | None) -> None:
        """Record that ``step`` was built from ``digest``, or with None that it is not complete."""
        content = {**self.read(), step: digest}
        self.path.write_text(json.dumps({k: v for k, v in content.items() if v}, indent=1) + "\n")
