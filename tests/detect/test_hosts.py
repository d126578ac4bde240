"""Captured machines: the name of each directory is the answer that detection must come to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conda_cuda_pin.detect import declared_host, detect_host, host_from_json, host_to_json
from conda_cuda_pin.detect.__main__ import main
from conda_cuda_pin.detect.capture import ANSWERS, CapturedMachine, capture_host, name_answer
from conda_cuda_pin.host import Outcome, State

from .stub_machine import StubFactory, write

HOSTS = sorted(path.parent for path in (Path(__file__).parents[1] / "hosts").glob(f"*/{ANSWERS}"))
EVERY_HOST = pytest.mark.parametrize("directory", HOSTS, ids=[directory.name for directory in HOSTS])


def test_there_are_hosts_of_every_state_but_declared() -> None:
    states = {detect_host(machine=CapturedMachine.load(directory)).verdict.state for directory in HOSTS}
    assert states == set(State) - {State.DECLARED}


@EVERY_HOST
def test_a_captured_machine_gives_the_answer_in_its_name(directory: Path) -> None:
    host = detect_host(machine=CapturedMachine.load(directory))
    assert name_answer(host) == directory.name.partition("--")[0]


@EVERY_HOST
def test_whatever_is_known_has_evidence(directory: Path) -> None:
    host = detect_host(machine=CapturedMachine.load(directory))
    assert host.evidence
    if host.driver_cuda is not None:
        assert host.evidence[0].outcome is Outcome.FOUND
        assert str(host.driver_cuda) in host.evidence[0].detail
    if host.verdict.state in (State.DEGRADED, State.UNKNOWN):
        assert host.verdict.why
        assert not host.has_no_nvidia


@EVERY_HOST
def test_a_captured_machine_can_be_printed_and_declared(directory: Path) -> None:
    host = detect_host(machine=CapturedMachine.load(directory))
    printed = json.loads(json.dumps(host_to_json(host)))
    assert host_from_json(printed) == host
    assert declared_host(printed, "linux-64").driver_cuda == host.driver_cuda


@EVERY_HOST
def test_a_directory_says_where_it_comes_from_and_names_no_machine(directory: Path) -> None:
    said = json.loads((directory / ANSWERS).read_text(encoding="utf-8"))
    assert said["origin"].startswith(("captured", "composed after https://"))
    assert not any(":" in path.name for path in directory.rglob("*"))
    assert not [path for path in directory.rglob("*") if path.is_symlink() and not path.exists()]


def test_a_machine_is_written_down_and_read_back(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path / "machine", GPUS="9.0|NVIDIA H100|81559")
    root = tmp_path / "machine"
    write(root, "/proc/sys/kernel/random/boot_id", "a secret of this boot\n")
    write(root, "/sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n")
    write(root, "/sys/bus/pci/devices/0000:01:00.0/class", "0x030200\n")
    (root / "sys/bus/pci/devices/0000:01:00.0/driver").symlink_to("../../../../bus/pci/drivers/nvidia")
    write(root, "/sys/bus/pci/devices/0000:02:00.0/vendor", "0x8086\n")
    written = capture_host(tmp_path / "hosts", machine)
    assert written.name == "linux-driver550.54.14-cuda12.4-sm90-ok"
    again = detect_host(machine=CapturedMachine.load(written))
    first = detect_host(machine=machine)
    assert (again.driver_cuda, again.gpus, again.driver_release) == (
        first.driver_cuda,
        first.gpus,
        first.driver_release,
    )
    kept = [path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()]
    assert "root/sys/bus/pci/devices/0000%3A01%3A00.0/vendor" in kept
    assert not any("0000%3A02" in path for path in kept)
    assert not any("secret" in path.read_text(errors="replace") for path in written.rglob("*") if path.is_file())


def test_the_command_that_captures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--capture", str(tmp_path)]) == 0
    written = Path(capsys.readouterr().out.strip())
    assert written.parent == tmp_path
    assert name_answer(detect_host(machine=CapturedMachine.load(written))) == written.name


def test_the_command_that_prints(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "12.4")
    assert main([]) == 0
    host = host_from_json(json.loads(capsys.readouterr().out))
    assert (str(host.driver_cuda), host.source) == ("12.4", "CONDA_OVERRIDE_CUDA")
