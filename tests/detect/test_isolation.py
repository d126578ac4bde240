"""The host process: nothing is loaded into it, it is never forked, run twice, or kept from ending."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .stub_machine import StubFactory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stub driver libraries are built for Linux")
needs_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root")

LOOK = """
import os, sys
from conda_cuda_pin.detect import Machine, detect_host
machine = Machine(root=sys.argv[1], python=sys.executable, environ=dict(os.environ))
"""


def run_script(tmp_path: Path, code: str, root: Path, *, prefix: tuple[str, ...] = (), **orders: str) -> str:
    """Run a script in a fresh interpreter; return what it printed."""
    script = tmp_path / "script.py"
    script.write_text(code)
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **{f"STUB_{k}": v for k, v in orders.items()}}
    command = [*prefix, sys.executable, "-W", "error", str(script), str(root)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environ)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    return run.stdout


def test_a_script_without_a_main_guard_runs_once(stubs: StubFactory, tmp_path: Path) -> None:
    stubs.make(tmp_path / "root")
    code = LOOK + "print('ran'); print(detect_host(machine=machine).verdict)"
    assert run_script(tmp_path, code, tmp_path / "root") == "ran\nok\n"


WATCHED = (
    LOOK
    + """
import threading
os.register_at_fork(before=lambda: print('forked'))
host = detect_host(machine=machine)
from pathlib import Path
maps = Path('/proc/self/maps').read_text()
print(host.driver_cuda, threading.active_count(), 'libcuda' in maps, 'nvidia-ml' in maps, 'ctypes' in sys.modules,
      'pynvml' in sys.modules, 'multiprocessing' in sys.modules)
"""
)


def test_nothing_is_loaded_forked_or_left_running(stubs: StubFactory, tmp_path: Path) -> None:
    stubs.make(tmp_path / "root")
    said = run_script(tmp_path, WATCHED, tmp_path / "root")
    assert said.split() == ["12.4", "1", "False", "False", "False", "False", "False"]


CHEAP = """
import sys
import conda_cuda_pin.detect
early = {'subprocess', 'json', 'ctypes', 'packaging', 'conda_cuda_pin.detect.machine'} & set(sys.modules)
from conda_cuda_pin.detect import Machine, detect_host
host = detect_host(machine=Machine(root=sys.argv[1]))
late = {'subprocess', 'json', 'ctypes', 'packaging', 'hashlib'} & set(sys.modules)
print(host.verdict, sorted(early), sorted(late))
"""


def test_a_machine_without_a_driver_costs_no_imports(tmp_path: Path) -> None:
    assert run_script(tmp_path, CHEAP, tmp_path) == "none [] []\n"


HIT = (
    LOOK
    + """
from dataclasses import replace
machine = replace(machine, cache_directories=(sys.argv[1] + '/cache',))
print(detect_host(machine=machine).verdict, 'subprocess' in sys.modules, 'ast' in sys.modules)
"""
)


def test_what_is_kept_costs_no_import_of_subprocess(stubs: StubFactory, tmp_path: Path) -> None:
    stubs.make(tmp_path / "root")
    assert run_script(tmp_path, HIT, tmp_path / "root").startswith("ok True")
    assert run_script(tmp_path, HIT, tmp_path / "root").startswith("ok False")


def test_a_machine_without_proc_and_sys(stubs: StubFactory, tmp_path: Path) -> None:
    stubs.make(tmp_path / "root")
    shutil.rmtree(tmp_path / "root/proc")
    shutil.rmtree(tmp_path / "root/sys")
    code = LOOK + "host = detect_host(machine=machine); print(host.verdict, host.driver_cuda, host.driver_release)"
    assert run_script(tmp_path, code, tmp_path / "root") == "ok 12.4 550.54.14\n"


@pytest.mark.root
@needs_root
def test_shared_memory_that_cannot_be_written(stubs: StubFactory, tmp_path: Path) -> None:
    enter = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o ro none /dev/shm && exec "$@"', "sh")
    if shutil.which("unshare") is None or subprocess.run([*enter, "true"], capture_output=True).returncode:
        pytest.skip("no private mounts can be made here")
    stubs.make(tmp_path / "root")
    code = LOOK + "print(detect_host(machine=machine).verdict)"
    assert run_script(tmp_path, code, tmp_path / "root", prefix=enter) == "ok\n"


STUCK = (
    LOOK
    + """
import time
from dataclasses import replace
from conda_cuda_pin.detect.deadlines import Deadlines
machine = replace(machine, deadlines=Deadlines(start=20.0, cuda=20.0, devices=0.5, devices_per_gpu=0.0))
host = detect_host(machine=machine)
print(host.verdict, host.driver_cuda)
print([piece.detail for piece in host.evidence if piece.source == 'probe'])
"""
)


@pytest.mark.root
@needs_root
def test_a_driver_in_uninterruptible_sleep_does_not_keep_the_host_from_ending(
    stubs: StubFactory, tmp_path: Path
) -> None:
    stubs.make(tmp_path / "root")
    with frozen_directory(tmp_path) as frozen:
        started = time.monotonic()
        said = run_script(
            tmp_path, STUCK, tmp_path / "root", nvmlInit=f"write={frozen}/file", cuInit=f"write={frozen}/file"
        )
        took = time.monotonic() - started
    assert said.splitlines()[0] == "degraded:device-timeout 12.4"
    assert "cannot be ended" in said
    assert took < 30


@contextmanager
def frozen_directory(tmp_path: Path) -> Iterator[Path]:
    """Give a directory on a file system in which a program that writes sleeps until it is thawed."""
    image, place = tmp_path / "image", tmp_path / "mounted"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(16 << 20)
    mount = [["mkfs.ext4", "-q", str(image)], ["mount", "-o", "loop", str(image), str(place)]]
    if any(shutil.which(command[0]) is None for command in (*mount, ["fsfreeze"])):
        pytest.skip("mkfs.ext4, mount or fsfreeze is missing")
    if any(subprocess.run(command, capture_output=True).returncode for command in mount):
        pytest.skip("no file system can be mounted here")
    (place / "file").touch()
    try:
        if subprocess.run(["fsfreeze", "--freeze", str(place)], capture_output=True).returncode:
            pytest.skip("no file system can be frozen here")
        try:
            yield place
        finally:
            subprocess.run(["fsfreeze", "--unfreeze", str(place)], check=True)
    finally:
        for _ in range(100):  # The program that slept has to end first.
            if subprocess.run(["umount", str(place)], capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
