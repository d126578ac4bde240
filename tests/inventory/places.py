"""Real files: wheels that are built as zip archives, environments of conda as they lie on disk."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SITES = "lib/python3.11/site-packages"
"""Where the environments below keep their wheels."""


def describe(name: str, version: str, requires: Sequence[str] = ()) -> str:
    """Return the METADATA of a wheel."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    return "\n".join([*lines, *(f"Requires-Dist: {one}" for one in requires), "", f"All about {name}. Version: 0"])


def build_wheel(
    at: Path, name: str, version: str, requires: Sequence[str] = (), files: Mapping[str, str] | None = None
) -> Path:
    """Build a wheel that pip installs."""
    stem = f"{name.replace('-', '_')}-{version}"
    about = f"{stem}.dist-info"
    content = {
        **(files or {f"{name.replace('-', '_')}.py": ""}),
        f"{about}/METADATA": describe(name, version, requires),
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [f"{path},{sign(text)},{len(text)}" for path, text in content.items()]
    content[f"{about}/RECORD"] = "\n".join([*lines, f"{about}/RECORD,,", ""])
    wheel = at / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in content.items():
            archive.writestr(path, text)
    return wheel


def sign(text: str) -> str:
    """Return the digest of a file as a RECORD has it."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return "sha256=" + digest.rstrip(b"=").decode()


def make_venv(at: Path, system: bool = False) -> Path:
    """Make a venv of this Python, without pip."""
    venv.EnvBuilder(with_pip=False, system_site_packages=system, symlinks=True).create(at)
    return at


def pip(*arguments: str | Path, python: Path | None = None) -> None:
    """Run the pip of this interpreter, for another where one is named, without a network."""
    chosen = ["--python", str(python)] if python else []
    command = [sys.executable, "-m", "pip", *chosen, *map(str, arguments)]
    command += ["--no-deps", "--no-index", "--quiet", "--disable-pip-version-check"] if "install" in arguments else []
    subprocess.run(command, check=True, capture_output=True)


def add_record(prefix: Path, name: str, version: str, build: str = "0", **fields: Any) -> Path:
    """Add a record of conda to a prefix."""
    record = {
        "channel": "https://conda.anaconda.org/conda-forge/linux-64",
        "depends": [],
        "constrains": [],
        "files": [],
    }
    path = prefix / "conda-meta" / f"{name}-{version}-{build}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**record, "name": name, "version": version, "build": build, **fields}))
    return path


def add_wheel(
    prefix: Path,
    name: str,
    version: str,
    requires: Sequence[str] = (),
    record: str | bytes | None = "",
    **about: str | bytes,
) -> Path:
    """Add a dist-info to a prefix as an installer leaves it, with further files by their names."""
    path = prefix / SITES / f"{name}-{version}.dist-info"
    path.mkdir(parents=True, exist_ok=True)
    (path / "METADATA").write_text(describe(name, version, requires))
    for file, content in {"RECORD": record, **about}.items():
        if content is not None:
            target = path / file.replace("_json", ".json")
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
