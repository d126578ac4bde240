"""The command ``pip-cuda``: pip's own command line, guarded where CUDA packages come in."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .argv import Command

OWNED = ("install", "download", "wheel", "lock", "uninstall", "check", "debug", "explain")
"""The commands that are not handed to pip as they are."""
FAILED = 1
"""Exit status where nothing was done because of an error, as pip has it."""

SIGNALLED = 128
"""What shells add to the number of a signal that ended a command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; return its exit status. What is not ours is pip's, to the letter."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    verb = next((word for word in words if word in OWNED), "")
    if not verb or {"-h", "--help"} & set(words):
        from .runner import become_pip

        return become_pip(words)
    _heed_termination()
    try:
        return _run(words)
    except KeyboardInterrupt:
        print("ERROR: Operation cancelled by user", file=sys.stderr)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: the last flush must not fail
    return FAILED


def _heed_termination() -> None:
    """Let a request to end find its way through all that has to be cleaned up, as an interrupt does."""

    def stop(number: int, _: object) -> None:
        raise SystemExit(SIGNALLED + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, stop)


def _run(words: list[str]) -> int:
    from conda_cuda_pin.errors import CudaPinError

    from .argv import UnreadableError, read_command
    from .voice import say

    try:
        command = read_command(words)
        run = _find_run(command)
        return run(command, words)
    except UnreadableError as unknown:
        return _run_unread(words, str(unknown))
    except BrokenPipeError:
        raise
    except CudaPinError as error:
        say(f"ERROR: {error}")
    except Exception as fault:  # noqa: BLE001 - a fault of ours must read like one, and not like one of pip's
        say(f"internal error ({fault!r}); nothing was installed. `pip` itself still works. Please report this.")
    return FAILED


def _find_run(command: Command) -> Callable[[Command, list[str]], int]:
    match command.verb:
        case "install" | "download" | "wheel" | "lock" | "uninstall" | "check":
            return _run_case
        case "debug":
            return _debug
        case "explain":
            return _explain
        case _:
            return _hand_over


def _run_case(command: Command, words: list[str]) -> int:
    from .case import open_case

    case = open_case(command, words)
    if command.verb == "uninstall":
        from .removal import run_removal as run
    elif command.verb == "check":
        from .examination import run_examination as run
    else:
        from .installation import run_installation as run
    return run(case)


def _debug(command: Command, words: list[str]) -> int:
    from .case import open_case
    from .questions import debug

    return debug(open_case(command, words))


def _explain(command: Command, _: list[str]) -> int:
    from .questions import explain

    return explain(command.arguments)


def _hand_over(_: Command, words: list[str]) -> int:
    from .runner import become_pip

    return become_pip(words)


def _run_unread(words: list[str], what: str) -> int:
    """Run pip as typed where an option is not known here, and say so unless pip does not know it either."""
    from .runner import WRONG_USAGE, call_pip
    from .voice import say

    code = call_pip(words)
    if code != WRONG_USAGE:
        say(f"the option {what} is not known here, so pip ran as typed: nothing was chosen or checked")
    return code
