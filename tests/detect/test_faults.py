"""What detection makes of drivers that work, hang, crash, lie or lack symbols. Each test runs a real child process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conda_cuda_pin.detect import detect_host
from conda_cuda_pin.detect.deadlines import Deadlines
from conda_cuda_pin.host import Outcome, State
from conda_cuda_pin.versions import ComputeCapability, CudaVersion

from .stub_machine import StubFactory, has_pynvml, write

if TYPE_CHECKING:
    from conda_cuda_pin.detect import Machine
    from conda_cuda_pin.host import Host

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stub driver libraries are built for Linux")
needs_pynvml = pytest.mark.skipif(not has_pynvml(), reason="nvidia-ml-py is not installed")

L4 = ComputeCapability(8, 9)
CUDA_12_4 = CudaVersion(12, 4)
NVML_CALLS = (
    "nvmlInit",
    "nvmlSystemGetDriverVersion",
    "nvmlSystemGetCudaDriverVersion_v2",
    "nvmlDeviceGetCount",
    "nvmlDeviceGetHandleByIndex",
    "nvmlDeviceGetCudaComputeCapability",
    "nvmlDeviceGetName",
    "nvmlDeviceGetMemoryInfo",
    "nvmlDeviceGetVirtualizationMode",
)
CUDA_CALLS = (
    "cuInit",
    "cuDeviceGetCount",
    "cuDeviceGet",
    "cuDeviceGetAttribute",
    "cuDeviceGetName",
    "cuDeviceTotalMem_v2",
)


def detail_of(host: Host, source: str) -> str:
    return "; ".join(piece.detail for piece in host.evidence if piece.source == source)


@needs_pynvml
def test_a_working_driver(stubs: StubFactory, tmp_path: Path) -> None:
    host = detect_host(machine=stubs.make(tmp_path))
    assert str(host.verdict) == "ok"
    assert (host.driver_cuda, str(host.driver_release)) == (CUDA_12_4, "550.54.14")
    assert [(gpu.name, gpu.compute_capability, gpu.memory_mib, gpu.mig) for gpu in host.gpus] == [
        ("NVIDIA L4", L4, 23034, False)
    ]
    assert host.source == "libcuda"
    assert {piece.source for piece in host.evidence} >= {"libcuda", "NVML", "/sys/module/nvidia/version"}


def test_the_version_alone_asks_nothing_else(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, nvmlInit="hang", cuInit="hang")
    host = detect_host(machine=machine, want_gpus=False)
    assert (str(host.verdict), host.driver_cuda, host.gpus) == ("ok", CUDA_12_4, ())


@pytest.mark.parametrize("visible", ["", "0,0", "7", "GPU-does-not-exist", "-1"])
def test_a_user_who_hides_gpus_does_not_hide_the_driver(stubs: StubFactory, tmp_path: Path, visible: str) -> None:
    machine = stubs.make(tmp_path, nvml=None)
    machine = replace(machine, environ={**machine.environ, "CUDA_VISIBLE_DEVICES": visible})
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda, host.capabilities) == ("ok", CUDA_12_4, (L4,))
    assert repr(visible) in detail_of(host, "CUDA_VISIBLE_DEVICES")


def test_a_driver_with_no_gpu(stubs: StubFactory, tmp_path: Path) -> None:
    host = detect_host(machine=stubs.make(tmp_path, GPUS=""))
    assert (host.verdict.state, host.driver_cuda, host.gpus) == (State.DRIVER_NO_GPU, CUDA_12_4, ())


@needs_pynvml
def test_two_different_gpus_and_the_same_twice(stubs: StubFactory, tmp_path: Path) -> None:
    host = detect_host(
        machine=stubs.make(tmp_path, GPUS="9.0|NVIDIA H100|81559;7.0|Tesla V100|16160;9.0|NVIDIA H100|81559")
    )
    assert [str(gpu.compute_capability) for gpu in host.gpus] == ["9.0", "7.0", "9.0"]
    assert host.capabilities == (ComputeCapability(7, 0), ComputeCapability(9, 0))


@needs_pynvml
def test_mig_gives_the_memory_of_a_slice(stubs: StubFactory, tmp_path: Path) -> None:
    host = detect_host(machine=stubs.make(tmp_path, GPUS="8.0|NVIDIA A100|40960", MIG="4864"))
    assert [(gpu.mig, gpu.memory_mib) for gpu in host.gpus] == [(True, 4864)]


@needs_pynvml
def test_a_guest_that_shares_a_gpu(stubs: StubFactory, tmp_path: Path) -> None:
    host = detect_host(machine=stubs.make(tmp_path, GPUS="7.5|GRID T4-8C|8192", VIRTUAL="2"))
    assert (str(host.verdict), host.kinds) == ("ok", frozenset({"vgpu"}))


def check_device_fault(machine: Machine, why: str) -> None:
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == (f"degraded:device-{why}", CUDA_12_4)
    assert host.source == "libcuda"
    assert any(piece.source == "probe" and piece.outcome is Outcome.FAILED for piece in host.evidence)


@needs_pynvml
@pytest.mark.parametrize("call", NVML_CALLS)
def test_nvml_hangs(stubs: StubFactory, tmp_path: Path, call: str) -> None:
    check_device_fault(stubs.make(tmp_path, **{call: "hang"}), "timeout")


@needs_pynvml
@pytest.mark.parametrize("fault", ["segv", "abort", "ill"])
@pytest.mark.parametrize("call", [NVML_CALLS[0], NVML_CALLS[-1]])
def test_nvml_dies(stubs: StubFactory, tmp_path: Path, call: str, fault: str) -> None:
    check_device_fault(stubs.make(tmp_path, **{call: fault}), "crash")


@pytest.mark.parametrize("call", CUDA_CALLS)
def test_cuda_hangs_behind_its_version(stubs: StubFactory, tmp_path: Path, call: str) -> None:
    check_device_fault(replace(stubs.make(tmp_path, **{call: "hang"}), pynvml_directory=""), "timeout")


@pytest.mark.parametrize("fault", ["segv", "abort", "ill"])
@pytest.mark.parametrize("call", [CUDA_CALLS[0], CUDA_CALLS[-1]])
def test_cuda_dies_behind_its_version(stubs: StubFactory, tmp_path: Path, call: str, fault: str) -> None:
    check_device_fault(replace(stubs.make(tmp_path, **{call: fault}), pynvml_directory=""), "crash")


@pytest.mark.parametrize(
    ("fault", "why", "words"),
    [
        ("segv", "crash", "SIGSEGV"),
        ("abort", "crash", "SIGABRT"),
        ("ill", "crash", "SIGILL"),
        ("hang", "timeout", "within"),
    ],
)
def test_the_version_itself_cannot_be_asked(
    stubs: StubFactory, tmp_path: Path, fault: str, why: str, words: str
) -> None:
    machine = stubs.make(tmp_path, cuDriverGetVersion=fault, nvmlInit=fault, CUDA="11040")
    host = detect_host(machine=machine)
    assert str(host.verdict) == f"degraded:{why}"
    assert (host.driver_cuda, host.source) == (CUDA_12_4, "table of driver releases")
    assert words in detail_of(host, "probe")
    assert "cuDriverGetVersion" in detail_of(host, "probe")


@pytest.mark.parametrize(("fault", "why"), [("segv", "crash"), ("hang", "timeout")])
def test_nvml_answers_where_libcuda_does_not(stubs: StubFactory, tmp_path: Path, fault: str, why: str) -> None:
    machine = stubs.make(tmp_path, cuDriverGetVersion=fault, NVML_CUDA="12020")
    patient = replace(machine.deadlines, cuda=2.0, devices=2.0)  # NVML is given as long as libcuda was
    host = detect_host(machine=replace(machine, deadlines=patient))
    assert (str(host.driver_cuda), host.source, str(host.verdict)) == ("12.2", "NVML", f"degraded:{why}")
    assert [str(gpu.compute_capability) for gpu in host.gpus] == ["8.9"]


@pytest.mark.parametrize(("fault", "why"), [("segv", "crash"), ("hang", "timeout")])
def test_without_a_release_nothing_is_known(stubs: StubFactory, tmp_path: Path, fault: str, why: str) -> None:
    machine = stubs.make(tmp_path, nvml=None, cuDriverGetVersion=fault)
    (tmp_path / "sys/module/nvidia/version").unlink()
    stubs.place(tmp_path / "usr/lib64", "libcuda")
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == (f"unknown:{why}", None)
    assert not host.has_no_nvidia


def test_a_hang_ends_at_its_deadline(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, cuDriverGetVersion="hang")
    machine = replace(machine, deadlines=replace(machine.deadlines, start=Deadlines().start))
    started = time.monotonic()
    assert str(detect_host(machine=machine).verdict) == "degraded:timeout"
    assert time.monotonic() - started < machine.deadlines.cuda + machine.deadlines.start


def test_users_wait_two_seconds_for_the_version() -> None:
    assert Deadlines().cuda == 2.0


@needs_pynvml
def test_gpus_learnt_before_a_crash_are_kept(stubs: StubFactory, tmp_path: Path) -> None:
    gpus = "8.9|NVIDIA L4|23034;9.0|NVIDIA H100|81559"
    host = detect_host(machine=stubs.make(tmp_path, GPUS=gpus, FROM="1", nvmlDeviceGetHandleByIndex="segv"))
    assert (str(host.verdict), host.capabilities) == ("degraded:device-crash", (L4,))
    assert "nvmlDeviceGetHandleByIndex 1" in detail_of(host, "probe")


@needs_pynvml
def test_an_upgrade_without_a_reboot(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, nvmlInit="rc=18", cuInit="rc=803", CUDA="12080")
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == ("degraded:reboot-pending", CudaVersion(12, 8))
    assert "803" in detail_of(host, "cuInit")
    assert "mismatch" in detail_of(host, "NVML").lower()


def test_a_newer_library_than_the_kernel_driver_is_a_pending_reboot(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, nvml=None, cuInit="rc=803")
    stubs.place(tmp_path / "usr/lib64", "libcuda", release="570.26")
    host = detect_host(machine=machine, want_gpus=False)
    assert str(host.verdict) == "degraded:reboot-pending"


def test_a_stub_of_a_toolkit_first_on_the_path_is_passed_over(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, nvml=None)
    stubs.place(tmp_path / "usr/local/cuda/lib64/stubs", "libcuda", "TOOLKIT_STUB")
    machine = replace(machine, environ={**machine.environ, "LD_LIBRARY_PATH": "/usr/local/cuda/lib64/stubs"})
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == ("ok", CUDA_12_4)


def test_a_stub_in_a_place_that_does_not_say_so_is_passed_over(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, nvml=None)
    stubs.place(tmp_path / "opt/toolkit", "libcuda", "TOOLKIT_STUB")
    machine = replace(machine, environ={**machine.environ, "LD_LIBRARY_PATH": "/opt/toolkit"})
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == ("ok", CUDA_12_4)
    assert "error 34" in detail_of(host, "libcuda")


def test_nothing_but_a_stub_is_no_driver(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, cuda=None, nvml=None)
    for path in ("sys/module/nvidia/version", "dev/nvidia0", "proc/driver/nvidia/gpus/0000_01_00.0"):
        (tmp_path / path).unlink()
    stubs.place(tmp_path / "usr/local/cuda/lib64/stubs", "libcuda", "TOOLKIT_STUB")
    machine = replace(machine, environ={**machine.environ, "LD_LIBRARY_PATH": "/usr/local/cuda/lib64/stubs"})
    host = detect_host(machine=machine)
    assert (host.verdict.state, host.has_no_nvidia) == (State.NONE, True)
    assert "stub" in detail_of(host, "libcuda file")


@needs_pynvml
def test_a_libcuda_that_lacks_the_symbol(stubs: StubFactory, tmp_path: Path) -> None:
    host = detect_host(machine=stubs.make(tmp_path, cuda="WITHOUT_DRIVER_VERSION"))
    assert (str(host.verdict), host.driver_cuda, host.source) == ("degraded:libcuda-failed", CUDA_12_4, "NVML")


@needs_pynvml
def test_an_nvml_that_lacks_the_newer_symbols(stubs: StubFactory, tmp_path: Path) -> None:
    host = detect_host(machine=stubs.make(tmp_path, nvml="WITHOUT_V2"))
    assert (str(host.verdict), host.driver_cuda, host.capabilities) == ("ok", CUDA_12_4, (L4,))


@pytest.mark.parametrize("call", ["cuDriverGetVersion", "nvmlInit", "cuInit"])
def test_a_library_that_prints(stubs: StubFactory, tmp_path: Path, call: str) -> None:
    host = detect_host(machine=stubs.make(tmp_path, **{call: "print"}))
    assert (str(host.verdict), host.driver_cuda) == ("ok", CUDA_12_4)


def test_a_driver_that_takes_its_time(stubs: StubFactory, tmp_path: Path) -> None:
    machine = replace(stubs.make(tmp_path, cuInit="delay=100", nvmlInit="delay=100"), deadlines=Deadlines())
    assert str(detect_host(machine=machine).verdict) == "ok"


def test_libcuda_without_nvml(stubs: StubFactory, tmp_path: Path) -> None:
    host = detect_host(machine=stubs.make(tmp_path, nvml=None))
    assert (str(host.verdict), host.driver_cuda) == ("ok", CUDA_12_4)
    assert [(gpu.name, gpu.compute_capability, gpu.memory_mib) for gpu in host.gpus] == [("NVIDIA L4", L4, 23034)]


def test_without_pynvml_cuda_is_asked_for_the_gpus(stubs: StubFactory, tmp_path: Path) -> None:
    host = detect_host(machine=replace(stubs.make(tmp_path), pynvml_directory=""))
    assert (str(host.verdict), host.capabilities) == ("ok", (L4,))
    assert "not installed" in detail_of(host, "NVML")


@needs_pynvml
def test_nvml_without_libcuda(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, cuda=None, nvmlSystemGetCudaDriverVersion_v2="rc=12")
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == ("degraded:no-libcuda", CUDA_12_4)
    assert host.source == "table of driver releases"
    assert host.capabilities == (L4,)


def test_a_compat_library_newer_than_the_kernel_driver(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, CUDA="12080", GPUS="9.0|NVIDIA H100|81559")
    stubs.place(tmp_path / "usr/local/cuda/compat", "libcuda", release="570.26")
    machine = replace(machine, environ={**machine.environ, "LD_LIBRARY_PATH": "/usr/local/cuda/compat"})
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == ("ok", CudaVersion(12, 8))
    assert "cuda-compat" in host.kinds


def test_a_compat_library_that_refuses_the_gpu(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, CUDA="12080", cuInit="rc=804")
    stubs.place(tmp_path / "usr/local/cuda/compat", "libcuda", release="570.26")
    machine = replace(machine, environ={**machine.environ, "LD_LIBRARY_PATH": "/usr/local/cuda/compat"})
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == ("degraded:forward-compat", CUDA_12_4)


@needs_pynvml
def test_wsl_reads_the_windows_table(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, cuda=None, nvml=None, cuDriverGetVersion="rc=999", RELEASE="526.98")
    (tmp_path / "sys/module/nvidia/version").unlink()
    write(tmp_path, "/dev/dxg", "")
    for name in ("libcuda", "libnvidia-ml"):
        stubs.place(tmp_path / "usr/lib/wsl/lib", name)
    machine = replace(machine, environ={**machine.environ, "STUB_nvmlSystemGetCudaDriverVersion_v2": "rc=999"})
    host = detect_host(machine=machine)
    assert (host.driver_cuda, str(host.driver_release)) == (CudaVersion(12, 0), "526.98")
    assert "wsl" in host.kinds


def test_wsl_has_its_own_library_first(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, nvml=None)
    write(tmp_path, "/dev/dxg", "")
    own = stubs.place(tmp_path / "usr/lib/wsl/lib", "libcuda")
    host = detect_host(machine=machine)
    assert str(own) in detail_of(host, "libcuda")


def test_a_jetson_without_nvml(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, cuda=None, nvml=None, GPUS="8.7|Orin|30536", CUDA="12060")
    for path in ("sys/module/nvidia/version", "dev/nvidia0", "proc/driver/nvidia/gpus/0000_01_00.0"):
        (tmp_path / path).unlink()
    write(tmp_path, "/etc/nv_tegra_release", "# R36 (release), REVISION: 4.0\n")
    stubs.place(tmp_path / "usr/lib/aarch64-linux-gnu/nvidia", "libcuda")
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == ("ok", CudaVersion(12, 6))
    assert host.capabilities == (ComputeCapability(8, 7),)
    assert host.kinds == frozenset({"tegra"})


def test_a_jetson_whose_libcuda_fails_is_not_looked_up_in_the_table(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, nvml=None, cuDriverGetVersion="rc=999")
    write(tmp_path, "/sys/module/nvidia/version", "540.4.0\n")
    write(tmp_path, "/etc/nv_tegra_release", "# R36 (release), REVISION: 4.0\n")
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == ("unknown:libcuda-failed", None)


def test_a_library_of_another_architecture_is_passed_over(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, nvml=None)
    write(tmp_path, "/opt/other/libcuda.so.1", "not a library")
    machine = replace(machine, environ={**machine.environ, "LD_LIBRARY_PATH": "/opt/other"})
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == ("ok", CUDA_12_4)
    assert "/opt/other" in detail_of(host, "libcuda")


@pytest.mark.parametrize("python", [None, "/nowhere/python"])
def test_a_probe_that_cannot_be_started(stubs: StubFactory, tmp_path: Path, python: str | None) -> None:
    host = detect_host(machine=replace(stubs.make(tmp_path), python=python))
    assert (str(host.verdict), host.driver_cuda) == ("degraded:spawn-failed", CUDA_12_4)
    assert host.source == "table of driver releases"


LIMITED = """
import os, resource, sys
from conda_cuda_pin.detect import detect_host, Machine
detect_host(machine=Machine(root=sys.argv[1], python="/nowhere/python"))  # imports all while it may
os.setgroups([]); os.setgid(65534); os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
host = detect_host(machine=Machine(root=sys.argv[1], python=sys.executable, environ=dict(os.environ)))
print(host.verdict, host.driver_cuda, [p.detail for p in host.evidence if p.source == "probe"])
"""


@pytest.mark.root
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root, to become a user with a limit")
def test_a_user_who_may_start_no_process(stubs: StubFactory) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        stubs.make(root)
        run = subprocess.run([sys.executable, "-c", LIMITED, name], capture_output=True, text=True, timeout=60)
    assert run.stdout.startswith("degraded:spawn-failed 12.4"), run.stderr
    assert "BlockingIOError" in run.stdout


def test_permission_to_the_devices_is_missing(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, nvmlInit="rc=4", cuInit="rc=100")
    host = detect_host(machine=machine)
    assert (str(host.verdict), host.driver_cuda) == (
        ("degraded:permission", CUDA_12_4) if has_pynvml() else ("driver-no-gpu", CUDA_12_4)
    )


def test_a_libcuda_of_another_maker(stubs: StubFactory, tmp_path: Path) -> None:
    machine = stubs.make(tmp_path, nvml=None, GPUS="8.8|AMD Radeon RX 7900 XTX [ZLUDA]|24560")
    for path in ("sys/module/nvidia/version", "dev/nvidia0", "proc/driver/nvidia/gpus/0000_01_00.0"):
        (tmp_path / path).unlink()
    assert str(detect_host(machine=machine).verdict) == "degraded:suspicious-libcuda"


def test_a_fault_of_our_own_is_a_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stubs: StubFactory) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr("conda_cuda_pin.detect.facts.read_facts", fail)
    host = detect_host(machine=stubs.make(tmp_path))
    assert str(host.verdict) == "unknown:unexpected-RuntimeError"
    assert [(piece.outcome, piece.detail) for piece in host.evidence] == [
        (Outcome.FAILED, "RuntimeError: a mistake of ours")
    ]
    assert not host.has_no_nvidia
