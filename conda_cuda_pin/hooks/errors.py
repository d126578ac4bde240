"""The errors that conda shows for us; the names of the classes are what a user reads first."""

from __future__ import annotations

from typing import Any

from conda import CondaError
from conda.exceptions import UnsatisfiableError


class CudaPinError(CondaError):
    """A change is refused, or a setting is wrong.

    Not an UnsatisfiableError: conda would try again.
    """

    def __init__(self, text: str, **facts: Any) -> None:
        # conda formats a message with its keyword arguments: a percent sign in the text must not be read as one.
        super().__init__("%(text)s", text=text, **facts)


class CudaPinUnsatisfiableError(UnsatisfiableError):
    """The constraints of this plugin made the request unsolvable.

    An UnsatisfiableError, because conda decides by that type whether to try again unfrozen.
    """

    def __init__(self, text: str, allow_retry: bool, **facts: Any) -> None:
        CondaError.__init__(self, "%(text)s", text=text, **facts)
        self.allow_retry = allow_retry
        self.unsatisfiable: list[Any] = []
