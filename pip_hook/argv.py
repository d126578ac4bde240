"""A pip command line, read: the verb, its options with their values, its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .options import OWN_FLAGS, OWN_VALUED, SHORT, find_option, takes_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class UnreadableError(ValueError):
    """A command line holds an option that is not known here; pip must say what it thinks of it."""


@dataclass(frozen=True)
class Token:
    """One option with its value, or one argument."""

    words: tuple[str, ...]
    """As typed; where short options were typed as one word, each has its own."""
    option: str = ""
    """Its full name; empty for an argument."""
    value: str = ""


@dataclass(frozen=True)
class Command:
    """One pip command."""

    verb: str
    before: tuple[Token, ...] = ()
    """Options before the verb."""
    after: tuple[Token, ...] = ()

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All options and arguments."""
        return (*self.before, *self.after)

    @property
    def arguments(self) -> tuple[str, ...]:
        """What is no option: requirements, paths, names."""
        return tuple(token.value for token in self.after if not token.option)

    def values(self, option: str) -> tuple[str, ...]:
        """Return every value that an option was given."""
        return tuple(token.value for token in self.tokens if token.option == option)

    def value(self, option: str) -> str:
        """Return the last value that an option was given, empty without any."""
        return next(reversed(self.values(option)), "")

    def has(self, option: str) -> bool:
        """Whether an option is there."""
        return any(token.option == option for token in self.tokens)

    def without(self, *options: str) -> Command:
        """Return the command without some options."""
        return Command(
            self.verb,
            tuple(token for token in self.before if token.option not in options),
            tuple(token for token in self.after if token.option not in options),
        )

    def extended(self, words: Iterable[str]) -> Command:
        """Return the command with more options, ahead of the arguments (they may stand behind a ``--``)."""
        return Command(self.verb, self.before, (Token(tuple(words), "-"), *self.after))

    @property
    def words(self) -> tuple[str, ...]:
        """The command line for pip, without our own options."""
        own = OWN_FLAGS | OWN_VALUED
        before = [word for token in self.before if token.option not in own for word in token.words]
        after = [word for token in self.after if token.option not in own for word in token.words]
        return (*before, self.verb, *after)


def read_command(words: Sequence[str]) -> Command:
    """Read a command line; raises UnreadableError for options that pip may know and this module does not."""
    rest = list(words)
    before = tuple(_read_tokens(rest, until_argument=True))
    verb = rest.pop(0) if rest else ""
    return Command(verb, before, tuple(_read_tokens(rest, until_argument=False)))


def read_tokens(words: Sequence[str]) -> tuple[Token, ...]:
    """Read options and arguments without a verb, as a requirements file has them; raises UnreadableError."""
    return tuple(_read_tokens(list(words), until_argument=False))


def _read_tokens(rest: list[str], until_argument: bool) -> Iterator[Token]:
    """Take tokens from the front of ``rest``, to its end or to the first argument."""
    while rest:
        word = rest[0]
        if word == "--":
            rest.pop(0)
            yield Token(("--",), "--")
            yield from (Token((argument,), "", argument) for argument in rest)
            rest.clear()
        elif word.startswith("--"):
            yield _read_long(rest)
        elif word.startswith("-") and word != "-":
            yield from _read_short(rest)
        elif until_argument:
            return
        else:
            yield Token((rest.pop(0),), "", word)


def _read_long(rest: list[str]) -> Token:
    word = rest.pop(0)
    written, sign, value = word.partition("=")
    option = find_option(written)
    if option is None or (sign and not takes_value(option)):
        raise UnreadableError(written)
    if sign or not takes_value(option):
        return Token((word,), option, value)
    if not rest:
        raise UnreadableError(f"{option} without a value")
    value = rest.pop(0)
    return Token((word, value), option, value)


def _read_short(rest: list[str]) -> Iterator[Token]:
    """Read ``-U``, ``-rfile``, ``-r file`` and several in one word, ``-qU``."""
    letters = rest.pop(0)[1:]
    while letters:
        letter, letters = letters[0], letters[1:]
        option = SHORT.get(letter)
        if option is None:
            raise UnreadableError(f"-{letter}")
        if not takes_value(option):
            yield Token((f"-{letter}",), option)
            continue
        if not letters and not rest:
            raise UnreadableError(f"-{letter} without a value")
        value = letters or rest.pop(0)
        letters = ""
        yield Token((f"-{letter}", value), option, value)
