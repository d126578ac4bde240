"""Asks ``nvidia-smi``, as the last source, by the names of its fields; its banner is read where they say nothing.

From release 610 on the banner says ``KMD Version`` and ``CUDA UMD Version`` where it said ``Driver Version`` and
``CUDA Version``. The fields: ``nvidia-smi --help-query-gpu``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .answer import Answer, End, Reply
from .bounded import Program, Run, run_bounded
from .programs import find_smi

if TYPE_CHECKING:
    from .facts import Facts
    from .machine import Machine

_FIELDS = ("name", "driver_version", "memory.total", "mig.mode.current", "compute_cap")
_OLD_FIELDS = ("name", "driver_version", "memory.total")
"""``compute_cap`` came with release 495, ``mig.mode.current`` with 450."""
_CAPABILITY = re.compile(r"[0-9]{1,2}\.[0-9]")
_RELEASE = re.compile(r"[0-9]{2,4}(?:\.[0-9]+){1,3}")
_DRIVER = re.compile(
    r"(?m)(?:\b(?:Driver|KMD) Version\s*:\s*|<driver_version>|^\s*(?=[0-9.]+\s*$))([0-9]{3,4}(?:\.[0-9]+){1,3})\b"
)
_CUDA = re.compile(r"(?:\bCUDA (?:UMD )?Version\s*:\s*|<cuda_version>)([0-9]{1,2})\.([0-9])\b")
_GPU_ROW = re.compile(r"(?m)^\|\s+[0-9]+\s+(\S+(?: \S+)*)\s{2,}")


def ask_smi(machine: Machine, facts: Facts) -> Answer:
    """Ask for release and GPUs, within a deadline; a release that knows fewer fields is asked again for fewer.

    One that answers in another form than asked for is asked for its banner, which gives the CUDA version too.

    The deadline matters: with another driver on the GPU nvidia-smi takes some 10 s to fail
    (https://github.com/prefix-dev/pixi/issues/2430).
    """
    path = find_smi(machine)
    if path is None:
        return Answer(end=End.NOT_ASKED, detail="it is not installed")
    run = _query(machine, facts, path, _FIELDS)
    replies = parse_table(run.output, _FIELDS)
    if run.end is End.CRASH and run.detail.startswith("exit status") and not replies:
        run = _query(machine, facts, path, _OLD_FIELDS)
        replies = parse_table(run.output, _OLD_FIELDS)
    if run.end is End.FINISHED and not replies:
        run = _run(machine, facts, [path])
        replies = parse_banner(run.output)
    return Answer(replies, run.end, run.detail, run.milliseconds)


def parse_table(output: bytes, fields: tuple[str, ...]) -> tuple[Reply, ...]:
    """Read one line a GPU, in the order of ``fields``; ``N/A`` in any of its forms means not known."""
    replies: list[Reply] = []
    for line in output.decode("utf-8", "replace").splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) != len(fields):
            continue
        row = dict(zip(fields, cells, strict=True))
        if _RELEASE.fullmatch(row["driver_version"]):
            replies.append(_read_row(row, len(replies)))
    return tuple(replies)


def parse_banner(output: bytes) -> tuple[Reply, ...]:
    """Read what is printed without a question: release and CUDA version, then the GPUs by name, which may be cut off.

    A line that is a release and nothing more counts too, and so do the long form (``-q``) and its XML.
    """
    text = output.decode("utf-8", "replace")
    release = _DRIVER.search(text)
    if release is None:
        return ()
    version = _CUDA.search(text)
    cuda = int(version[1]) * 1000 + int(version[2]) * 10 if version else None
    told = Reply("nvidia-smi", code=0, release=release[1], cuda=cuda)
    rows = enumerate(_GPU_ROW.findall(text))
    return (told, *(Reply("nvidia-smi", code=0, gpu=index, name=name) for index, name in rows))


def _read_row(row: dict[str, str], index: int) -> Reply:
    capability = row.get("compute_cap", "")
    memory = row["memory.total"]
    return Reply(
        "nvidia-smi",
        code=0,
        release=row["driver_version"],
        gpu=index,
        name=row["name"],
        capability=capability if _CAPABILITY.fullmatch(capability) else "",
        memory_mib=int(memory) if memory.isdecimal() else None,
        mig=row.get("mig.mode.current") == "Enabled",
    )


def _query(machine: Machine, facts: Facts, path: str, fields: tuple[str, ...]) -> Run:
    return _run(machine, facts, [path, f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"])


def _run(machine: Machine, facts: Facts, command: list[str]) -> Run:
    seconds = machine.deadlines.allow_devices(facts.gpu_estimate)
    return run_bounded(Program(command, machine.environ, lambda _: seconds, lambda _: False))
