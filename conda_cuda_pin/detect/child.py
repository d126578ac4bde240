"""Starts the probe and reads what it sends."""

from __future__ import annotations

import ast
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from .answer import Answer, End, Reply, drop_announcements
from .bounded import Program, run_bounded
from .libraries import LIBCUDA, NVML

if TYPE_CHECKING:
    from collections.abc import Callable

    from .deadlines import Deadlines
    from .facts import Facts
    from .machine import Machine

_DEVICES_BEGIN = b"'source': 'devices'"
_ALL_SAID = b"'source': 'end'"
_FIRST_WORD = b"\x1e"


def ask_probe(machine: Machine, facts: Facts, *, want_gpus: bool) -> Answer:
    """Ask the libraries in a process of their own. Whatever they do there, this returns within the deadlines.

    NVML is asked by itself where libcuda took the process with it: it can answer where libcuda hangs
    (https://github.com/conda/conda/issues/11741).
    """
    if machine.python is None:
        return Answer(end=End.SPAWN_FAILED, detail="there is no Python to run the probe", asked_gpus=want_gpus)
    command = build_command(machine, facts, want_gpus=want_gpus)
    first = _ask(machine, facts, command, want_gpus=want_gpus)
    if first.end not in (End.CRASH, End.TIMEOUT) or first.pick("devices") or not facts.nvml_libraries:
        return first
    alone = [option for option in command if not option.startswith("cuda=")]
    hurried = replace(machine, deadlines=machine.deadlines.for_nvml())
    second = _ask(hurried, facts, alone, want_gpus=want_gpus)
    told = tuple(reply for reply in second.replies if reply.source == "NVML")
    return replace(first, replies=(*told, *first.replies))


def _ask(machine: Machine, facts: Facts, command: list[str], *, want_gpus: bool) -> Answer:
    environ = {key: value for key, value in machine.environ.items() if key != "CUDA_VISIBLE_DEVICES"}
    allow = plan_deadlines(machine.deadlines, facts.gpu_estimate)
    run = run_bounded(Program(command, environ, allow, lambda said: _ALL_SAID in said))
    replies = parse_frames(run.output)
    return Answer(drop_announcements(replies), run.end, run.detail, run.milliseconds, want_gpus)


def build_command(machine: Machine, facts: Facts, *, want_gpus: bool) -> list[str]:
    """Return the command line of the probe.

    The names without a directory come last, for loaders that look in places unknown here.
    """
    assert machine.python is not None
    cuda = [library.path for library in facts.genuine_cuda]
    nvml = [library.path for library in facts.nvml_libraries if not library.is_stub]
    if machine.library_directories is None and machine.root == "/" and machine.system == "linux":
        cuda.append(LIBCUDA)
        nvml.append(NVML)
    options = [f"cuda={path}" for path in cuda] + [f"nvml={path}" for path in nvml]
    options.append(f"pynvml={find_pynvml(machine)}")
    options += ["gpus=1"] if want_gpus else []
    options += ["init=1"] if needs_init(facts) else []
    return [machine.python, "-I", "-S", "-E", "-B", _find_probe(), *options]


def needs_init(facts: Facts) -> bool:
    """Whether NVML's word is not enough: a libcuda that is not the kernel driver's own may refuse this GPU.

    https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html (error 804)
    """
    first = facts.genuine_cuda[:1]
    own = facts.kernel_release
    return any(library.is_compat or (own and library.release not in ("", own)) for library in first)


def find_pynvml(machine: Machine) -> str:
    """Return the directory of ``pynvml.py``, without importing it; "" where it is not installed.

    ``PathFinder`` alone is asked, because the deprecated distribution pynvml adds a finder of its own, with a warning.
    """
    if machine.pynvml_directory is not None:
        return machine.pynvml_directory
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec("pynvml")
    origin = spec.origin if spec is not None and spec.origin else ""
    directory, _, name = origin.replace("\\", "/").rpartition("/")
    return directory if name == "pynvml.py" else ""


def plan_deadlines(deadlines: Deadlines, gpus: int) -> Callable[[bytes], float]:
    """Return what tells, from the output so far, how many seconds after its start the probe is given."""
    started = time.monotonic()
    began: dict[str, float] = {}
    devices = deadlines.allow_devices(gpus)

    def allow(said: bytes) -> float:
        now = time.monotonic() - started
        if _DEVICES_BEGIN in said:
            return began.setdefault("devices", now) + devices
        if _FIRST_WORD in said:
            return began.setdefault("cuda", now) + deadlines.cuda
        return deadlines.start

    return allow


def parse_frames(output: bytes) -> tuple[Reply, ...]:
    """Read the facts that the probe sent; a damaged one becomes a reply of the source ``noise``."""
    lines = (line for line in output.split(b"\n") if line.startswith(_FIRST_WORD))
    return tuple(_parse_frame(line[1:]) for line in lines)


def _parse_frame(line: bytes) -> Reply:
    try:
        fact = ast.literal_eval(line.decode("utf-8", "replace"))
        if not isinstance(fact, dict):
            raise TypeError("not a dictionary")
        return Reply.from_mapping(fact)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        return Reply("noise", text=f"{error} in {line[:80]!r}")


def _find_probe() -> str:
    return __file__.replace("child.py", "probe.py")
