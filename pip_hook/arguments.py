"""The command lines that pip is run with, made from the one that was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .requirement_file import INDEX_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .argv import Command, Token

_RESULTS = ("--dry-run", "--report", "--dest", "--wheel-dir", "--output", "--no-verify", "--no-clean", "--log")
"""What says where results go: nothing to a resolution."""
_HANDED_ON = ("--python", "--isolated", "--proxy")
"""What the environment or the interpreter says in its place."""


def redirect(command: Command, copies: Mapping[str, str], indexes: Iterable[str], links: Iterable[str]) -> Command:
    """Return a command whose only indexes are these, its requirements files replaced by their copies."""
    plain = command.without(*INDEX_OPTIONS, *_HANDED_ON)
    moved = tuple(_move(token, copies) for token in plain.after)
    first, *more = indexes or [""]
    words = ["--index-url", first] if first else ["--no-index"]
    words += [word for index in more for word in ("--extra-index-url", index)]
    words += [word for place in links for word in ("--find-links", place)]
    return replace(plain, after=moved).extended(words)


def make_dry_run(command: Command, report: str, elsewhere: str) -> Command:
    """Return the install that resolves what a command would do, and does nothing; ``elsewhere`` is a scratch folder."""
    words = ["--dry-run", "--report", report]
    if command.verb != "install":
        words += ["--ignore-installed"]
    if command.has("--platform") and not command.has("--target"):
        words += ["--target", elsewhere]
    return replace(command.without(*_RESULTS), verb="install").extended(words)


def bound(command: Command, *files: str) -> Command:
    """Return a command with more constraints files."""
    return command.extended(word for file in files for word in ("--constraint", file))


def _move(token: Token, copies: Mapping[str, str]) -> Token:
    from pathlib import Path

    if token.option not in ("--requirement", "--constraint") or "://" in token.value:
        return token
    copy = copies.get(str(Path(token.value).absolute()))
    return replace(token, words=(token.option, copy), value=copy) if copy else token
