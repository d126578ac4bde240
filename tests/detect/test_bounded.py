"""Programs that end, die, talk too much or never end: through a pipe, and through a file as on Windows."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from conda_cuda_pin.detect import bounded
from conda_cuda_pin.detect.answer import End
from conda_cuda_pin.detect.bounded import OUTPUT_LIMIT, Program, Run, run_bounded

BOTH = pytest.mark.parametrize("use_file", [False, True], ids=["pipe", "file"])


def run(code: str, seconds: float = 20.0, *, use_file: bool, stop: bytes = b"never said") -> Run:
    command = [sys.executable, "-I", "-S", "-E", "-c", f"import sys, os, time\n{code}"]
    program = Program(command, dict(os.environ), lambda _: seconds, lambda said: stop in said)
    return run_bounded(program, use_file=use_file)


@BOTH
def test_a_program_that_ends(use_file: bool) -> None:
    ended = run("print('hello')", use_file=use_file)
    assert (ended.output.strip(), ended.end, ended.detail) == (b"hello", End.FINISHED, "")


@BOTH
@pytest.mark.parametrize(
    ("code", "detail"),
    [("sys.exit(3)", "exit status 3"), ("os.kill(os.getpid(), 11)", "SIGSEGV"), ("os.kill(os.getpid(), 9)", "SIGKILL")],
)
def test_a_program_that_dies_has_said_what_it_said(code: str, detail: str, use_file: bool) -> None:
    died = run(f"print('learnt', flush=True); {code}", use_file=use_file)
    assert (died.output.strip(), died.end, died.detail) == (b"learnt", End.CRASH, detail)


@BOTH
def test_a_program_that_never_ends(use_file: bool) -> None:
    started = time.monotonic()
    hung = run("print('learnt', flush=True); time.sleep(600)", 0.1, use_file=use_file)
    assert (hung.end, hung.detail) == (End.TIMEOUT, "no answer within 0.1 s")
    assert time.monotonic() - started < 20
    assert bounded._abandoned == []


@BOTH
def test_a_program_that_said_all_is_not_waited_for(use_file: bool) -> None:
    done = run("print('done', flush=True); time.sleep(0.15)", use_file=use_file, stop=b"done")
    assert (done.end, done.milliseconds < 20_000) == (End.FINISHED, True)
    deadline = time.monotonic() + 20
    while bounded._abandoned and time.monotonic() < deadline:
        bounded._reap()
    assert bounded._abandoned == []


@BOTH
def test_a_program_that_talks_too_much(use_file: bool) -> None:
    noisy = run("while True: os.write(1, b'x' * 65536)", use_file=use_file)
    assert (noisy.end, len(noisy.output)) == (End.CRASH, OUTPUT_LIMIT)


@pytest.mark.skipif(os.name != "posix", reason="a process group is ended as a whole on POSIX alone")
def test_what_a_hung_program_started_is_ended_too() -> None:
    code = "import subprocess; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True); time.sleep(600)"
    hung = run(code, 0.4, use_file=False)
    deadline = time.monotonic() + 20
    while is_running(int(hung.output)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(int(hung.output))


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@BOTH
@pytest.mark.parametrize("command", ["/nowhere/program", "/", "a\0b"])
def test_a_program_that_cannot_be_started(command: str, use_file: bool) -> None:
    program = Program([command], {}, lambda _: 20.0, lambda _: False)
    assert run_bounded(program, use_file=use_file).end is End.SPAWN_FAILED
