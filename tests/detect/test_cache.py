"""What is kept between commands, for how long, and what is not believed."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conda_cuda_pin.detect import Machine, detect_host
from conda_cuda_pin.detect.answer import Answer, End, Reply
from conda_cuda_pin.detect.cache import Cache, choose_lifetime
from conda_cuda_pin.detect.facts import Facts, read_facts
from conda_cuda_pin.versions import ComputeCapability, CudaVersion

from .stub_machine import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from conda_cuda_pin.host import Host

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the files of a Linux machine")

LIBCUDA = Reply("libcuda", code=0, cuda=12040)
GPU = Reply("NVML", gpu=0, name="NVIDIA L4", capability="8.9")
GOOD = Answer((LIBCUDA, Reply("devices"), Reply("NVML", count=1), GPU, Reply("end")), End.FINISHED)
NO_GPU = Answer((LIBCUDA, Reply("devices"), Reply("cuInit", code=100), Reply("end")), End.FINISHED)
HUNG = Answer((LIBCUDA, Reply("devices"), Reply("asking", text="nvmlInit")), End.TIMEOUT, "no answer within 5 s")
DEAF = Answer((Reply("asking", text="cuDriverGetVersion of x"),), End.TIMEOUT, "no answer within 2 s")


@dataclass(frozen=True)
class Scripted(Machine):
    """A machine that answers by script, whose clock is set by hand, and that counts how often it was asked."""

    script: list[Answer] = field(default_factory=list)
    asked: list[bool] = field(default_factory=list)
    clock: list[float] = field(default_factory=lambda: [1000.0])

    def ask_probe(self, facts: Facts, *, want_gpus: bool) -> Answer:  # noqa: ARG002
        self.asked.append(want_gpus)
        return replace(self.script[min(len(self.asked), len(self.script)) - 1], asked_gpus=want_gpus)

    def read_clock(self) -> float:
        return self.clock[0]


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Scripted]:
    root = tmp_path / "root"
    write(root, "/usr/lib64/libcuda.so.1", "")
    write(root, "/sys/module/nvidia/version", "550.54.14")
    write(root, "/dev/nvidia0", "")
    write(root, "/proc/sys/kernel/random/boot_id", "this-boot")

    def make_machine(*script: Answer, **changes: Any) -> Scripted:
        places = (str(tmp_path / "cache"),)
        return Scripted(**{"root": str(root), "cache_directories": places, "script": list(script), **changes})

    return make_machine


def entry_of(machine: Machine) -> Path:
    [file] = Path(machine.cache_directories[0]).iterdir()
    return file


def read_entry(machine: Machine) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(entry_of(machine).read_text())
    return entry


def kept(host: Host) -> bool:
    return any(piece.source == "cache" and "believed" in piece.detail for piece in host.evidence)


def test_the_second_look_asks_nobody_and_says_the_same(make: Callable[..., Scripted]) -> None:
    machine = make(GOOD)
    first, second = detect_host(machine=machine), detect_host(machine=machine)
    assert machine.asked == [True]
    assert (kept(first), kept(second)) == (False, True)
    assert replace(second, evidence=()) == replace(first, evidence=())
    assert second.source == "libcuda"


def test_the_entry_is_private_and_names_no_one(make: Callable[..., Scripted]) -> None:
    machine = make(GOOD)
    detect_host(machine=machine)
    assert entry_of(machine).stat().st_mode & 0o077 == 0
    assert entry_of(machine).parent.stat().st_mode & 0o077 == 0


def test_nothing_found_is_not_kept(make: Callable[..., Scripted], tmp_path: Path) -> None:
    failed = Answer((Reply("libcuda", text="cannot open shared object file"), Reply("end")), End.FINISHED)
    machine = make(failed)
    detect_host(machine=machine)
    detect_host(machine=machine)
    assert len(machine.asked) == 2
    assert not (tmp_path / "cache").exists()


CHANGES: dict[str, Callable[[Path], None]] = {
    "boot": lambda root: write(root, "/proc/sys/kernel/random/boot_id", "next-boot"),
    "kernel driver": lambda root: write(root, "/sys/module/nvidia/version", "570.26"),
    "library": lambda root: write(root, "/usr/lib64/libcuda.so.1", "upgraded"),
    "one more library": lambda root: write(root, "/usr/lib64/libnvidia-ml.so.1", ""),
    "loader cache": lambda root: write(root, "/etc/ld.so.cache", ""),
    "device node": lambda root: write(root, "/dev/nvidia1", ""),
    "GPU": lambda root: write(root, "/proc/driver/nvidia/gpus/0000_02_00.0", ""),
    "MIG": lambda root: write(root, "/proc/driver/nvidia/capabilities/gpu0/mig/gi1/access", ""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_can_change_an_answer_asks_anew(make: Callable[..., Scripted], tmp_path: Path, change: str) -> None:
    machine = make(GOOD)
    detect_host(machine=machine)
    CHANGES[change](tmp_path / "root")
    assert not kept(detect_host(machine=machine))


@pytest.mark.parametrize("variable", ["LD_LIBRARY_PATH", "NVIDIA_VISIBLE_DEVICES"])
def test_variables_that_change_an_answer_ask_anew(make: Callable[..., Scripted], variable: str) -> None:
    detect_host(machine=make(GOOD))
    assert not kept(detect_host(machine=make(GOOD, environ={variable: "/changed"})))


def test_hidden_gpus_change_nothing(make: Callable[..., Scripted]) -> None:
    detect_host(machine=make(GOOD))
    assert kept(detect_host(machine=make(GOOD, environ={"CUDA_VISIBLE_DEVICES": ""})))


def test_nodes_that_share_a_home_keep_apart(make: Callable[..., Scripted], tmp_path: Path) -> None:
    machine = make(GOOD)
    for node in ("one", "two", "one", "two"):
        write(tmp_path / "root", "/proc/sys/kernel/random/boot_id", node)
        detect_host(machine=machine)
    assert len(machine.asked) == 2
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_ages(make: Callable[..., Scripted]) -> None:
    for answer, seconds in ((GOOD, 24 * 3600), (NO_GPU, 600), (HUNG, 300)):
        machine = make(answer, environ={"LD_LIBRARY_PATH": f"/{seconds}"})
        detect_host(machine=machine)
        machine.clock[0] += seconds
        assert kept(detect_host(machine=machine)), answer
        machine.clock[0] += 1
        assert not kept(detect_host(machine=machine)), answer


@pytest.mark.parametrize("answer", [HUNG, DEAF, Answer(GOOD.replies[:2], End.CRASH, "SIGSEGV")])
def test_a_driver_that_failed_is_left_alone_longer_each_time(make: Callable[..., Scripted], answer: Answer) -> None:
    machine = make(answer)
    waits = []
    for _ in range(6):
        detect_host(machine=machine)
        seconds = read_entry(machine)["lasts"]
        waits.append(seconds)
        before = len(machine.asked)
        again = detect_host(machine=machine)
        assert len(machine.asked) == before
        assert "left alone" in next(piece.detail for piece in again.evidence if piece.source == "cache")
        machine.clock[0] += seconds + 1
    assert waits == [300, 600, 1200, 2400, 3600, 3600]


def test_what_hung_without_gpus_is_not_asked_with_them(make: Callable[..., Scripted]) -> None:
    machine = make(DEAF)
    detect_host(machine=machine, want_gpus=False)
    host = detect_host(machine=machine)
    assert machine.asked == [False]
    assert (str(host.verdict), host.driver_cuda) == ("degraded:timeout", CudaVersion(12, 4))


def test_an_answer_ends_the_row_of_failures(make: Callable[..., Scripted]) -> None:
    machine = make(HUNG, GOOD, HUNG)
    detect_host(machine=machine)
    machine.clock[0] += 301
    assert str(detect_host(machine=machine).verdict) == "ok"
    machine.clock[0] += 24 * 3600 + 1
    detect_host(machine=machine)
    assert read_entry(machine)["lasts"] == 300


def test_gpus_are_asked_for_when_only_the_version_was_kept(make: Callable[..., Scripted]) -> None:
    machine = make(GOOD)
    detect_host(machine=machine, want_gpus=False)
    detect_host(machine=machine)
    detect_host(machine=machine, want_gpus=False)
    assert machine.asked == [False, True]


def damage_format(entry: dict[str, Any]) -> None:
    entry["format"] = 0


def damage_key(entry: dict[str, Any]) -> None:
    entry["key"] = "another machine"


def date_in_the_future(entry: dict[str, Any]) -> None:
    entry["written"] += 3600


def date_nowhere(entry: dict[str, Any]) -> None:
    entry["written"] = "yesterday"


def lose_the_answer(entry: dict[str, Any]) -> None:
    del entry["answer"]


def lie_about_types(entry: dict[str, Any]) -> None:
    entry["answer"]["replies"][0]["cuda"] = "12.4"


def last_forever(entry: dict[str, Any]) -> None:
    entry["lasts"] = 1e12
    entry["written"] -= 48 * 3600


@pytest.mark.parametrize(
    "damage",
    [damage_format, damage_key, date_in_the_future, date_nowhere, lose_the_answer, lie_about_types, last_forever],
)
def test_a_damaged_entry_is_not_believed(
    make: Callable[..., Scripted], damage: Callable[[dict[str, Any]], None]
) -> None:
    machine = make(GOOD, clock=[200_000.0])
    detect_host(machine=machine)
    entry = read_entry(machine)
    damage(entry)
    entry_of(machine).write_text(json.dumps(entry))
    host = detect_host(machine=machine)
    assert (str(host.verdict), kept(host)) == ("ok", False)
    assert kept(detect_host(machine=machine))


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"[" * 60000, b"x" * 70000])
def test_a_corrupt_entry_is_not_believed(make: Callable[..., Scripted], data: bytes) -> None:
    machine = make(GOOD)
    detect_host(machine=machine)
    entry_of(machine).write_bytes(data)
    host = detect_host(machine=machine)
    assert (str(host.verdict), kept(host)) == ("ok", False)


@pytest.mark.parametrize("mode", [0o666, 0o620])
def test_a_file_that_others_can_write_is_not_believed(make: Callable[..., Scripted], mode: int) -> None:
    machine = make(GOOD)
    detect_host(machine=machine)
    entry_of(machine).chmod(mode)
    assert not kept(detect_host(machine=machine))
    assert kept(detect_host(machine=machine))


def test_a_directory_that_others_can_write_is_not_used(make: Callable[..., Scripted], tmp_path: Path) -> None:
    machine = make(GOOD)
    detect_host(machine=machine)
    (tmp_path / "cache").chmod(0o777)
    host = detect_host(machine=machine)
    assert not kept(host)
    assert "others may write" in next(piece.detail for piece in host.evidence if piece.source == "cache")


@pytest.mark.root
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root, to give a file to somebody else")
def test_a_file_of_somebody_else_is_not_believed(make: Callable[..., Scripted]) -> None:
    machine = make(GOOD)
    detect_host(machine=machine)
    os.chown(entry_of(machine), 65534, 65534)
    assert not kept(detect_host(machine=machine))


def test_a_link_is_not_followed(make: Callable[..., Scripted], tmp_path: Path) -> None:
    machine = make(GOOD)
    detect_host(machine=machine)
    path = entry_of(machine)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert not kept(detect_host(machine=machine))


def test_a_pipe_is_not_waited_for(make: Callable[..., Scripted]) -> None:
    machine = make(GOOD)
    detect_host(machine=machine)
    path = entry_of(machine)
    path.unlink()
    os.mkfifo(path)
    assert not kept(detect_host(machine=machine))


def test_no_place_to_write_is_told_and_harmless(make: Callable[..., Scripted], tmp_path: Path) -> None:
    write(tmp_path, "/file", "")
    machine = make(GOOD, cache_directories=(str(tmp_path / "file/cache"), str(tmp_path / "missing/cache")))
    host = detect_host(machine=machine)
    assert str(host.verdict) == "ok"
    assert "cannot be kept" in next(piece.detail for piece in host.evidence if piece.source == "cache")


def test_the_second_place_is_used_where_the_first_cannot_be(make: Callable[..., Scripted], tmp_path: Path) -> None:
    machine = make(GOOD, cache_directories=(str(tmp_path / "missing/cache"), str(tmp_path / "cache")))
    detect_host(machine=machine)
    assert kept(detect_host(machine=machine))


def test_without_a_name_for_the_boot_nothing_is_kept(make: Callable[..., Scripted], tmp_path: Path) -> None:
    machine = make(GOOD)
    (tmp_path / "root/proc/sys/kernel/random/boot_id").unlink()
    detect_host(machine=machine)
    detect_host(machine=machine)
    assert len(machine.asked) == 2


def test_old_files_go(make: Callable[..., Scripted], tmp_path: Path) -> None:
    machine = make(GOOD)
    for boot in range(40):
        write(tmp_path / "root", "/proc/sys/kernel/random/boot_id", str(boot))
        detect_host(machine=machine)
    assert len(list((tmp_path / "cache").iterdir())) == 30
    assert kept(detect_host(machine=machine))


def test_the_real_clock_and_places() -> None:
    machine = Machine.here()
    assert machine.read_clock() <= machine.read_clock()
    assert machine.system == sys.platform
    assert all(Path(place).is_absolute() for place in machine.cache_directories)


@pytest.mark.parametrize(
    ("environ", "places"),
    [
        ({}, ()),
        ({"HOME": "/home/u"}, ("/home/u/.cache/conda-cuda-pin",)),
        ({"HOME": "/home/u", "XDG_CACHE_HOME": "/big"}, ("/big/conda-cuda-pin",)),
        ({"HOME": "relative", "XDG_RUNTIME_DIR": "also"}, ()),
        (
            {"HOME": "/home/u", "XDG_RUNTIME_DIR": "/run/user/1"},
            ("/run/user/1/conda-cuda-pin", "/home/u/.cache/conda-cuda-pin"),
        ),
    ],
)
def test_where_answers_are_kept(
    environ: dict[str, str], places: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", environ)
    monkeypatch.setattr(sys, "platform", "linux")
    assert Machine.here().cache_directories == places


def test_an_incomplete_answer_is_believed_for_a_shorter_time() -> None:
    partial = replace(GOOD, replies=(LIBCUDA, replace(GPU, capability="")))
    assert choose_lifetime(partial, 0) < choose_lifetime(GOOD, 0)
    assert choose_lifetime(replace(NO_GPU, asked_gpus=False), 0) == choose_lifetime(GOOD, 0)


def test_the_cache_reads_back_what_it_was_given(make: Callable[..., Scripted]) -> None:
    machine = make(GOOD)
    cache = Cache(machine, read_facts(machine))
    assert cache.read() is None
    assert cache.keep(GOOD, None) is None
    back = cache.read()
    assert back is not None
    assert back.answer == GOOD
    assert detect_host(machine=machine).capabilities == (ComputeCapability(8, 9),)
