"""Judges a prefix as it stands or a file, conda's packages and pip's together; both front ends ask here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..examination import Examination, Part
from ..judge import judge_state
from ..request import Request
from .contents import look_at_files
from .libraries import find_shadows
from .problems import Problems
from .survey import take_inventory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..host import Host
    from ..settings import Settings


def examine(
    prefix: str | os.PathLike[str],
    host: Host,
    settings: Settings,
    where: str = "",
    environ: Mapping[str, str] = os.environ,
) -> Examination:
    """Apply the rules to all that is installed in a prefix.

    Args:
        prefix: an environment of conda or a venv.
        host: the host to judge it for.
        settings: those that hold for the prefix.
        where: the options that name it in commands that are proposed.
        environ: the variables under which its programs will run.
    """
    inventory = take_inventory(prefix)
    problems = Problems(inventory.problems)
    packages = look_at_files(inventory.packages, inventory.sites, problems)
    judgement = judge_state(host, settings, Request("check", where=where), packages)
    shadows = find_shadows(prefix, environ)
    return Examination(str(prefix), "prefix", (Part("", judgement, packages=packages),), shadows, tuple(problems))


def examine_file(file: str | os.PathLike[str], host: Host, settings: Settings) -> Examination:
    """Apply the rules to what a file describes, environment by environment.

    Raises:
        DocumentError: it cannot be read, is of no known format, or has nothing for the host's platform.
    """
    from .documents import find_lines, read_document

    documents = read_document(file, host.platform)
    parts = []
    for document in documents:
        request = Request("check", document.specs, document.channels)
        judgement = judge_state(host, settings, request, document.packages)
        parts.append(Part(document.name, judgement, document.unsettled))
    names = {text.split(" ")[0] for part in parts for found in part.judgement.new for text in found.packages}
    return Examination(str(file), documents[0].kind, tuple(parts), lines=find_lines(file, names))


def name_subject(found: Examination) -> str:
    """Return the URI of what was looked at: a prefix in full, a file as it was named."""
    path = Path(found.subject)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
