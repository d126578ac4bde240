"""A conda package archive (``.tar.bz2``), always the same bytes for the same record.

Format: https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html
"""

import bz2
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from typing import Any

NOT_IN_INDEX = ("md5", "sha256", "size")


def pack(record: Mapping[str, Any], payload: Mapping[str, str]) -> bytes:
    """Return the archive of ``record`` that installs ``payload`` (path in the prefix -> text)."""
    files = {path: text.encode() for path, text in sorted(payload.items())}
    index = {key: value for key, value in record.items() if key not in NOT_IN_INDEX}
    listing = [_describe(path, content) for path, content in files.items()]
    info = {
        "info/files": "".join(f"{path}\n" for path in files).encode(),
        "info/index.json": _dump(index),
        "info/paths.json": _dump({"paths": listing, "paths_version": 1}),
    }
    return bz2.compress(_archive({**info, **files}))


def digest(content: bytes) -> dict[str, Any]:
    """Return what repodata says about the bytes of an archive: md5, sha256, size."""
    return {
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }


def _describe(path: str, content: bytes) -> dict[str, Any]:
    """Return the entry of ``paths.json`` for one file."""
    size = {"size_in_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return {"_path": path, "path_type": "hardlink", **size}


def _dump(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, indent=1, sort_keys=True).encode()


def _archive(files: Mapping[str, bytes]) -> bytes:
    """Return an uncompressed tar of ``files`` without owners or dates."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
