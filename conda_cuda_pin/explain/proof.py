"""What frameworks said of themselves, and what does not agree with it, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..proof import Discord
from ..trial import Stage

if TYPE_CHECKING:
    from ..host import Host
    from ..proof import Proof

SHOWN = 3
"""How many GPUs are named."""
_DOING = {
    Stage.START: "while Python started",
    Stage.IMPORT: "in its import",
    Stage.DEVICES: "while it looked for GPUs",
    Stage.COMPUTATION: "while it added two numbers on a GPU",
    Stage.DONE: "at its end",
}


def describe_proof(proof: Proof, host: Host) -> list[str]:
    """Say what one framework said, in one line, and then each thing that does not agree."""
    trial, name = proof.trial, proof.trial.module
    lines = [f"breaks: {proof.component}: {_describe(discord, proof, host)}" for discord in proof.discords]
    if not trial.version:
        return lines
    cuda = "" if trial.cuda is None else f", {f'CUDA {trial.cuda}' if trial.cuda else 'no CUDA'}"
    seen = ", ".join(trial.devices[:SHOWN]) + (
        f" and {len(trial.devices) - SHOWN} more" if trial.devices[SHOWN:] else ""
    )
    hidden = " (CUDA_VISIBLE_DEVICES is set)" if trial.hides_gpus else ""
    return [f"imported: {name} {trial.version}{cuda}; sees {seen or 'no GPU'}{hidden}", *lines]


def _describe(discord: Discord, proof: Proof, host: Host) -> str:
    trial, module = proof.trial, proof.trial.module
    match discord:
        case Discord.UNSTARTED:
            return f"{module} was not imported: {trial.detail}"
        case Discord.CRASH:
            return f"{module} ended its process {_DOING[trial.stage]}: {trial.detail}"
        case Discord.HANG:
            return f"{module} gave {trial.detail} {_DOING[trial.stage]}, and was abandoned"
        case Discord.IMPORT:
            lacking = f"; {proof.missing} is missing or not found" if proof.missing else ""
            return f"{module} cannot be imported: {trial.failure}{lacking}"
        case Discord.COMPUTATION:
            return f"{module} sees a GPU and cannot use it: {trial.failure}"
        case Discord.VERSION:
            return f"{module} says that it is {trial.version}: another one is imported than is recorded"
        case Discord.CPU_BUILD:
            return f"{module} says that it has no CUDA, and a CUDA build is recorded: files of another build are there"
        case Discord.OTHER_CUDA:
            return f"{module} says that it is built with CUDA {trial.cuda}, and another CUDA is recorded"
        case Discord.NO_DEVICE:
            why = f" ({trial.failure})" if trial.failure else ""
            return f"{module} sees no GPU{why}, and the driver here runs CUDA {host.driver_cuda}"


def document_proof(proof: Proof) -> dict[str, Any]:
    """Return the same as a JSON value."""
    trial = proof.trial
    return {
        "package": str(proof.component),
        "module": trial.module,
        "ending": trial.ending.value,
        "stage": trial.stage.value,
        "detail": trial.detail,
        "failure": trial.failure,
        "missing": proof.missing,
        "version": trial.version,
        "cuda": trial.cuda,
        "devices": list(trial.devices),
        "discords": [discord.value for discord in proof.discords],
    }
