"""The hook before a command: cheap, because conda asks for it on every command; the work is in ``unsolved``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COMMANDS = {"create", "install", "update", "env_create", "env_update"}
ENDINGS = (".conda", ".tar.bz2")
"""How the names of package archives end."""


def define_pre_commands() -> Iterable[Any]:
    """Yield the pre-command hook."""
    from conda.plugins.types import CondaPreCommand

    yield CondaPreCommand(name="cuda-pin", action=look_ahead, run_for=COMMANDS)


def look_ahead(command: str) -> None:
    """Judge what a command is about to link without a solve, if there is anything of the kind.

    Raises:
        CudaPinError: an explicit file or URL would break the environment.
    """
    from conda.base.context import context

    arguments = dict(context._argparse_args or {})
    if is_unsolved(arguments):
        from .unsolved import judge_unsolved

        judge_unsolved(arguments, command, str(context.target_prefix))


def is_unsolved(arguments: Mapping[str, Any]) -> bool:
    """Whether the command line holds anything that goes round the solver."""
    named = any(str(name).endswith(ENDINGS) for name in arguments.get("packages") or ())
    return bool(named or arguments.get("file") or arguments.get("clone") or arguments.get("revision") is not None)
