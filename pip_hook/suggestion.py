"""What the plan suggests in place of names that were asked for, put into the command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conda_cuda_pin.errors import PipError
from conda_cuda_pin.routing import replace_name

from .argv import Token
from .asked import read_asked, read_spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conda_cuda_pin.routing import Suggestion

    from .argv import Command
    from .case import Case

OPTION = "--suggest"
APPLY = "apply"
_VALUES = ("show", APPLY)
"""What ``--suggest`` takes: suggestions are shown unless it says otherwise."""


def wants_suggestions(command: Command) -> bool:
    """Whether suggestions are to be done and not only shown; raises PipError for a value that is none."""
    for value in command.values(OPTION):
        if value not in _VALUES:
            raise PipError(f"{OPTION} {value}: it takes {' or '.join(_VALUES)}")
    return command.value(OPTION) == APPLY


def rewrite_case(case: Case, suggestions: Iterable[Suggestion]) -> Case:
    """Return the case as if what is suggested had been typed; what stands in files stays as it is."""
    command = rewrite_command(case.command, [one for one in suggestions if one.instead])
    asked = read_asked(command, case.preferences, case.environ)
    return replace(case, command=command, words=_list_words(command), asked=asked)


def rewrite_command(command: Command, suggestions: Iterable[Suggestion]) -> Command:
    """Return a command whose arguments are what is suggested; an argument that nothing replaces is left out."""
    told = {one.name: one for one in suggestions}
    return replace(command, after=tuple(_rewrite(command.after, told)))


def describe_command(command: Command) -> tuple[str, ...]:
    """Return the words of a command, our own options included but for ``--suggest``."""
    return ("pip-cuda", *_list_words(command.without(OPTION)))


def describe_lines(case: Case, suggestions: Iterable[Suggestion]) -> str:
    """Say what to write in requirements files in place of lines that name what is suggested against."""
    told = {one.name: one for one in suggestions}
    files = (line for file in case.asked.files for line in file.requirements)
    pairs = [(line, told[spec.name]) for line in files if (spec := read_spec(line)) and spec.name in told]
    return "; ".join(
        f"for {line} write {replace_name(line, one)}" if one.instead else f"leave out {line}" for line, one in pairs
    )


def _rewrite(tokens: Iterable[Token], told: dict[str, Suggestion]) -> Iterator[Token]:
    for token in tokens:
        spec = read_spec(token.value) if not token.option else None
        one = told.get(spec.name) if spec is not None else None
        if one is None:
            yield token
        elif one.instead:
            text = replace_name(token.value, one)
            yield Token((text,), "", text)


def _list_words(command: Command) -> tuple[str, ...]:
    before, after = ([word for token in tokens for word in token.words] for tokens in (command.before, command.after))
    return (*before, command.verb, *after)
