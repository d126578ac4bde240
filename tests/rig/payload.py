"""The few files that an archive of the rig installs: a name that tells, a text that names the package."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

METADATA = "Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"


def write_payload(record: Mapping[str, Any], templates: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return path -> text of the files of ``record``.

    ``templates`` maps a package name to paths such as ``lib/libcudart.so.{major}``; a package that is
    not in it installs ``share/NAME.txt``. Python packages get a ``METADATA`` file as real ones do.
    """
    words = _name_parts(record)
    paths = [template.format_map(words) for template in templates.get(record["name"], ["share/{name}.txt"])]
    return {path: _write(path, words) for path in paths}


def _name_parts(record: Mapping[str, Any]) -> dict[str, str]:
    """Return what a path template may mention: name, version, build, major, minor, python."""
    major, minor = [*re.findall(r"\d+", record["version"]), "0"][:2]
    python = re.search(r"py(?:thon)?(\d)\.?(\d+)", record["build"])
    words = {key: str(record[key]) for key in ("name", "version", "build")}
    return {**words, "major": major, "minor": minor, "python": ".".join(python.groups()) if python else "3"}


def _write(path: str, words: Mapping[str, str]) -> str:
    if path.endswith("METADATA"):
        folder = path.split("/")[-2]
        return METADATA.format(distribution=folder.split("-")[0], version=words["version"])
    if path.endswith("INSTALLER"):
        return "conda\n"
    return "{name} {version} {build}\n".format_map(words)
