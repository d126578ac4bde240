"""The command lines that pip is run with, made from the one that was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .argv import Token
from .requirement_file import INCLUDES, INDEX_OPTIONS, locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .argv import Command

_RESULTS = ("--dry-run", "--report", "--dest", "--wheel-dir", "--output", "--no-verify", "--no-clean", "--log")
"""What says where results go: nothing to a resolution."""
_HANDED_ON = ("--python", "--isolated", "--proxy")
"""What the environment or the interpreter says in its place."""
_LISTS = ("--requirement", "--editable", "--")
"""What names packages beside the arguments."""


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


def install_instead(command: Command, requirements: Iterable[str]) -> Command:
    """Return the command that brings other packages to the same place, from where they are looked for by default."""
    kept = command.without(*INDEX_OPTIONS, *_LISTS)
    named = tuple(Token((each,), "", each) for each in requirements)
    return replace(kept, after=(*(token for token in kept.after if token.option), *named))


def bound(command: Command, *files: str) -> Command:
    """Return a command with more constraints files."""
    return command.extended(word for file in files for word in ("--constraint", file))


def _move(token: Token, copies: Mapping[str, str]) -> Token:
    if token.option not in INCLUDES:
        return token
    copy = copies.get(str(locate(token.value)))
    return replace(token, words=(token.option, copy), value=copy) if copy else token
