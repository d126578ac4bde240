"""Has a framework imported, and reads what it says; whatever it does there, an answer comes in time."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..detect.answer import End
from ..detect.bounded import Program, run_bounded
from ..trial import Ending, Stage, Trial
from . import script

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SECONDS = 60.0
"""How long one framework is given: a cold import of PyTorch or TensorFlow takes 5 to 30 s on a network file system."""
_KINDLY = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
}
"""What keeps the environment as it is, and the memory of the GPU for those who use it.

https://docs.jax.dev/en/latest/gpu_memory_allocation.html, https://www.tensorflow.org/guide/gpu
"""
_ENDINGS = {
    End.FINISHED: Ending.FINISHED,
    End.CRASH: Ending.CRASHED,
    End.TIMEOUT: Ending.HUNG,
    End.SPAWN_FAILED: Ending.UNSTARTED,
}
_ALL_SAID = b'{"end": true}'


def try_import(python: Path, module: str, environ: Mapping[str, str], seconds: float = SECONDS) -> Trial:
    """Import one module in an interpreter's own process.

    Args:
        python: the interpreter.
        module: one of ``script.DESCRIBE``.
        environ: the variables to run under; the interpreter's directory is put first on PATH, as activation does.
        seconds: after which it is abandoned.
    """
    path = os.pathsep.join(filter(None, (str(python.parent), environ.get("PATH", ""))))
    command = [str(python), script.__file__, module]
    program = Program(command, {**_KINDLY, **environ, "PATH": path}, lambda _: seconds, lambda said: _ALL_SAID in said)
    run = run_bounded(program)
    ending = _ENDINGS[run.end]
    if ending is Ending.FINISHED and _ALL_SAID not in run.output:
        return read_trial(run.output, Trial(module, Ending.CRASHED, detail="exit status 0 in the middle of it"))
    return read_trial(run.output, Trial(module, ending, detail=run.detail))


def read_trial(output: bytes, trial: Trial) -> Trial:
    """Add to a trial what was said before its end; lines that are no facts are left out."""
    facts: dict[str, Any] = {}
    for line in output.decode("utf-8", "replace").splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        facts |= found if isinstance(found, dict) else {}
    return replace(
        trial,
        version=str(facts.get("version", "")),
        cuda=str(facts["cuda"]) if "cuda" in facts else None,
        failure=str(facts.get("failure", "")),
        stage=Stage(facts.get("stage", "start")),
        devices=tuple(map(str, facts.get("devices", ()))),
        hides_gpus=bool(facts.get("hides_gpus")),
    )
