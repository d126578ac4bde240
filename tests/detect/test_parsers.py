"""What is read from files and from programs, valid or not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conda_cuda_pin.detect.answer import Answer, End, Reply, drop_announcements
from conda_cuda_pin.detect.child import build_command, find_pynvml, parse_frames, plan_deadlines
from conda_cuda_pin.detect.deadlines import Deadlines
from conda_cuda_pin.detect.facts import read_facts, read_kernel_release
from conda_cuda_pin.detect.libraries import LIBCUDA, NVML, find_libraries, read_loader_cache
from conda_cuda_pin.detect.machine import Machine
from conda_cuda_pin.detect.smi import parse_table

from .stub_machine import write

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = ("name", "driver_version", "memory.total", "mig.mode.current", "compute_cap")

small = st.none() | st.integers(0, 1 << 30)
replies = st.builds(
    Reply,
    st.sampled_from(["libcuda", "NVML", "cuInit", "nvidia-smi"]),
    code=small,
    text=st.text(),
    path=st.text(),
    cuda=small,
    release=st.text(),
    count=small,
    gpu=small,
    name=st.text(),
    capability=st.text(),
    memory_mib=small,
    mig=st.booleans(),
    virtual=small,
    ms=st.none() | st.floats(0, 1e6),
)


@settings(max_examples=50)
@given(st.lists(replies, max_size=5).map(tuple), st.sampled_from(End), st.booleans())
def test_an_answer_comes_back_as_it_was(said: tuple[Reply, ...], end: End, asked: bool) -> None:
    answer = Answer(said, end, "detail", 1.5, asked)
    assert Answer.from_mapping(answer.to_mapping()) == answer


@settings(max_examples=50)
@given(st.lists(replies, max_size=5))
def test_frames_come_back_as_they_were_sent(said: list[Reply]) -> None:
    sent = b"noise\n".join(
        b"\x1e" + repr(reply.to_mapping()).encode("utf-8", "backslashreplace") + b"\n" for reply in said
    )
    assert parse_frames(sent) == tuple(said)


@settings(max_examples=100)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_called_noise(data: bytes) -> None:
    for reply in parse_frames(b"\x1e" + data):
        assert reply.source
    assert all(reply.source == "noise" for reply in parse_frames(b"\x1e(" + data.replace(b"\n", b"") + b"("))


@pytest.mark.parametrize(
    "frame", [b"1", b"{'code': 0}", b"{'source': 1}", b"{'source': 'x', 'code': '0'}", b"{'source'"]
)
def test_damaged_frames_are_called_noise(frame: bytes) -> None:
    [reply] = parse_frames(b"\x1e" + frame + b"\n")
    assert (reply.source, reply.text != "") == ("noise", True)


def test_of_the_announcements_only_the_last_word_is_kept() -> None:
    one, two, fact = Reply("asking", text="one"), Reply("asking", text="two"), Reply("libcuda", code=0)
    assert drop_announcements([one, fact, two]) == (fact, two)
    assert drop_announcements([one, two, fact]) == (fact,)
    assert Answer((fact, two), End.TIMEOUT).interrupted_call == "two"
    assert Answer((fact,), End.TIMEOUT).interrupted_call == ""


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024", "550.54.14"),
        ("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.153.02  Release Build  (root@x)", "570.153.02"),
        ("NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  540.4.0  Release Build", "540.4.0"),
        ("NVRM version: NVIDIA UNIX x86_64 Kernel Module  390.157  Wed Oct 12", "390.157"),
        ("", ""),
        ("garbage", ""),
    ],
)
def test_releases_in_proc(tmp_path: Path, text: str, release: str) -> None:
    write(tmp_path, "/proc/driver/nvidia/version", f"{text}\nGCC version:  gcc version 12.2.0\n")
    assert read_kernel_release(Machine(root=str(tmp_path)))[0] == release


def test_sysfs_goes_before_proc_unless_it_is_damaged(tmp_path: Path) -> None:
    write(tmp_path, "/proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  x")
    write(tmp_path, "/sys/module/nvidia/version", "570.26\n")
    assert read_kernel_release(Machine(root=str(tmp_path)))[0] == "570.26"
    write(tmp_path, "/sys/module/nvidia/version", "n/a\n")
    assert read_kernel_release(Machine(root=str(tmp_path)))[0] == "550.54.14"


names = st.text(st.characters(codec="ascii", min_codepoint=48), min_size=1, max_size=8)


@given(st.lists(names, max_size=4))
def test_paths_in_the_loader_cache(directories: list[str]) -> None:
    paths = [f"/{name}/{LIBCUDA}" for name in directories]
    data = b"glibc-ld.so.cache1.1\0\1\2" + b"".join(LIBCUDA.encode() + b"\0" + path.encode() + b"\0" for path in paths)
    assert read_loader_cache(data + b"libcuda.so\0/usr/lib/libcuda.so\0", LIBCUDA) == paths


def test_each_library_is_found_once_and_in_order(tmp_path: Path) -> None:
    write(tmp_path, "/usr/lib64/libcuda.so.550.54.14", "x")
    (tmp_path / f"usr/lib64/{LIBCUDA}").symlink_to("libcuda.so.550.54.14")
    write(tmp_path, f"/opt/mine/{LIBCUDA}", "y")
    write(tmp_path, "/etc/ld.so.cache", f"/usr/lib64/{LIBCUDA}\0/opt/mine/{LIBCUDA}\0")
    machine = Machine(root=str(tmp_path), environ={"LD_LIBRARY_PATH": "relative::/opt/mine"})
    found = find_libraries(machine, LIBCUDA, wsl=False)
    assert [library.path for library in found] == [f"{tmp_path}/opt/mine/{LIBCUDA}", f"{tmp_path}/usr/lib64/{LIBCUDA}"]
    assert [library.release for library in found] == ["", "550.54.14"]
    assert find_libraries(machine, NVML, wsl=False) == ()


def test_a_broken_link_is_no_library(tmp_path: Path) -> None:
    (tmp_path / "usr/lib64").mkdir(parents=True)
    (tmp_path / f"usr/lib64/{LIBCUDA}").symlink_to("libcuda.so.550.54.14")
    assert find_libraries(Machine(root=str(tmp_path)), LIBCUDA, wsl=False) == ()


def test_a_list_of_directories_replaces_all_others(tmp_path: Path) -> None:
    write(tmp_path, f"/usr/lib64/{LIBCUDA}", "")
    write(tmp_path, f"/mine/{LIBCUDA}", "")
    machine = Machine(root=str(tmp_path), library_directories=("/mine",))
    assert [library.path for library in find_libraries(machine, LIBCUDA, wsl=True)] == [f"{tmp_path}/mine/{LIBCUDA}"]


def test_names_alone_are_tried_last_and_only_on_the_real_machine(tmp_path: Path) -> None:
    here = Machine(python="/python", pynvml_directory="")
    assert f"cuda={LIBCUDA}" in build_command(here, read_facts(here), want_gpus=True)
    for other in (replace(here, root=str(tmp_path)), replace(here, library_directories=())):
        assert f"cuda={LIBCUDA}" not in build_command(other, read_facts(other), want_gpus=True)


def test_the_probe_is_isolated_from_the_user_and_the_environment() -> None:
    command = build_command(Machine(python="/python", pynvml_directory=""), read_facts(Machine()), want_gpus=False)
    assert command[:5] == ["/python", "-I", "-S", "-E", "-B"]
    assert "gpus=1" not in command


def test_the_deprecated_pynvml_package_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "/a/pynvml/__init__.py", "")
    write(tmp_path, "/b/pynvml.py", "")
    monkeypatch.setattr("sys.path", [str(tmp_path / "a")])
    assert find_pynvml(Machine()) == ""
    monkeypatch.setattr("sys.path", [str(tmp_path / "b")])
    assert find_pynvml(Machine()) == str(tmp_path / "b")


def test_more_gpus_are_given_more_time_within_a_limit() -> None:
    deadlines = Deadlines()
    given_ = [deadlines.allow_devices(gpus) for gpus in (1, 2, 8, 16)]
    assert given_ == sorted(given_)
    assert given_[-1] == deadlines.devices_most
    allow = plan_deadlines(Deadlines(start=7, cuda=2, devices=5, devices_per_gpu=0), 1)
    assert allow(b"") == 7
    assert 2 <= allow(b"\x1e{'source': 'asking'}") < allow(b"\x1e{'source': 'devices'}")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("NVIDIA L4, 550.54.14, 23034, [N/A], 8.9", ("NVIDIA L4", "550.54.14", 23034, False, "8.9")),
        ("NVIDIA A100, 610.57.04, 40960, Enabled, 8.0", ("NVIDIA A100", "610.57.04", 40960, True, "8.0")),
        ("Orin (nvgpu), 540.4.0, [N/A], [N/A], [N/A]", ("Orin (nvgpu)", "540.4.0", None, False, "")),
        ("GPU, 610.57.04, [Insufficient Permissions], N/A, Not Supported", ("GPU", "610.57.04", None, False, "")),
    ],
)
def test_lines_of_nvidia_smi(line: str, found: tuple[str, str, int | None, bool, str]) -> None:
    [reply] = parse_table(f"{line}\n".encode(), FIELDS)
    assert (reply.name, reply.release, reply.memory_mib, reply.mig, reply.capability) == found


def test_several_identical_lines_are_several_gpus() -> None:
    said = b"NVIDIA L4, 550.54.14, 23034, [N/A], 8.9\n" * 4
    assert [reply.gpu for reply in parse_table(said, FIELDS)] == [0, 1, 2, 3]


BANNER = b"""\
| NVIDIA-SMI 610.57.04              KMD Version: 610.57.04     CUDA UMD Version: 13.3     |
NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.
No devices were found
Field "compute_cap" is not a valid field to query.
"""


def test_banners_and_complaints_are_no_gpus() -> None:
    assert parse_table(BANNER, FIELDS) == ()


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_any_output_of_nvidia_smi_is_read(data: bytes) -> None:
    assert all(reply.release for reply in parse_table(data, FIELDS))
