"""The ``probe`` of a scenario as a machine: stub driver libraries, /proc, /dev, nvidia-smi, variables."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conda_cuda_pin.detect import Machine
from conda_cuda_pin.detect.deadlines import Deadlines
from conda_cuda_pin.detect.libraries import LIBCUDA, NVML, WSL_DIRECTORY
from conda_cuda_pin.versions import CudaVersion
from tests.detect.stub_machine import LIBRARIES, build_stub, has_pynvml, write
from tests.scenarios.hosts import find_platform
from tests.scenarios.scenario import ScenarioError, SkipScenario

if TYPE_CHECKING:
    from tests.scenarios.scenario import Json, Scenario

SYSTEMS = {"linux": "linux", "win": "win32", "osx": "darwin"}
PROC_VERSION = "/proc/driver/nvidia/version"
UNNAMED = {"name": "NVIDIA GPU", "compute_capability": "7.0"}
"""A GPU of which a scenario only says that it is there."""
_WINDOWS = {
    LIBCUDA: r"C:\Windows\System32\nvcuda.dll",
    NVML: r"C:\Windows\System32\nvml.dll",
    "nvidia-smi": r"C:\Windows\System32\nvidia-smi.exe",
}
_LINUX_DIRECTORY = "/usr/lib/x86_64-linux-gnu"
_NAMES = {LIBCUDA: "libcuda", NVML: "libnvidia-ml"}
_CALLS = {LIBCUDA: ("cuDriverGetVersion", "cuInit"), NVML: ("nvmlInit",)}
"""What a library does first: where it hangs or crashes, it does so in all of these."""
_ORDERS = {"hang": "hang", "crash": "segv"}
_NO_DEVICE = 100
_RELEASE = re.compile(r"\s([0-9]{3}\.[0-9.]+)\s")


def make_machine(scenario: Scenario, scratch: Path) -> Machine:
    """Return the machine that a probe describes, its files under ``scratch``.

    ScenarioError: the probe says something that is not in the format. SkipScenario: there is no compiler or no pynvml.
    """
    probe = scenario.probe
    _check(probe)
    platform = find_platform(scenario)
    environ = {str(name): str(value) for name, value in (probe.get("env") or {}).items()}
    machine = Machine(
        environ={"PATH": os.environ["PATH"], **environ, **_give_orders(probe, environ)},
        system=SYSTEMS[platform.partition("-")[0]],
        platform=platform,
        root=str(scratch / "machine"),
        python=sys.executable,
        deadlines=Deadlines(),
    )
    _write_files(machine, probe)
    for library, said in ((LIBCUDA, probe.get("libcuda")), (NVML, probe.get("nvml"))):
        if said and _behaves(said) != "missing":
            _place(machine, scratch / "stubs", library, probe)
    return machine


def _check(probe: Json) -> None:
    known = {"proc_version", "libcuda", "nvml", "nvidia_smi", "dev_nodes", "env"}
    unknown = sorted(probe.keys() - known)
    behaviours = {_behaves(probe[name]) for name in ("libcuda", "nvml") if probe.get(name)}
    wrong = sorted(behaviours - {"ok", "missing", *_ORDERS})
    if unknown or wrong:
        raise ScenarioError(f"the probe says {', '.join(unknown + wrong)}, which is not known")
    if behaviours - {"missing"} and shutil.which("gcc") is None:
        raise SkipScenario("gcc is missing: the stub driver libraries cannot be built")
    if behaviours - {"missing"} and not has_pynvml():
        raise SkipScenario("nvidia-ml-py is missing: NVML cannot be asked")


def _behaves(said: Json) -> str:
    return str(said.get("behaviour", "ok"))


def _write_files(machine: Machine, probe: Json) -> None:
    root = Path(machine.root)
    write(root, "/proc/sys/kernel/random/boot_id", "boot-of-a-scenario\n")
    if probe.get("proc_version"):
        write(root, PROC_VERSION, probe["proc_version"])
    for node in probe.get("dev_nodes") or ():
        write(root, node, "")
    if probe.get("nvidia_smi") is not None:
        text, place = root / "nvidia-smi.txt", "/usr/bin/nvidia-smi"
        text.write_text(probe["nvidia_smi"], encoding="utf-8")
        program = Path(machine.locate(_WINDOWS["nvidia-smi"] if machine.system == "win32" else place))
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\nexec /bin/cat '{text}'\n")
        program.chmod(0o755)


def _place(machine: Machine, stubs: Path, library: str, probe: Json) -> None:
    """Put a stub where a driver's library lies; that of a forward-compatibility package lies on the loader's path."""
    stub = build_stub(stubs, _NAMES[library])
    assert stub.name == LIBRARIES[_NAMES[library]]
    path = _find_place(machine, library)
    link = Path(machine.locate(path))
    link.parent.mkdir(parents=True, exist_ok=True)
    release = _find_release(probe)
    if machine.system == "win32" or "/compat" in path or not release:
        shutil.copy(stub, link)
        return
    file = link.with_name(f"{_NAMES[library]}.so.{release}")
    shutil.copy(stub, file)
    link.symlink_to(file.name)


def _find_place(machine: Machine, library: str) -> str:
    if machine.system == "win32":
        return _WINDOWS[library]
    searched = machine.environ.get("LD_LIBRARY_PATH", "").split(":")
    compat = [directory for directory in searched if "/compat" in directory and library == LIBCUDA]
    home = WSL_DIRECTORY if machine.exists("/dev/dxg") else _LINUX_DIRECTORY
    return f"{[*compat, home][0]}/{library}"


def _find_release(probe: Json) -> str:
    """Return the release that the driver's own files carry in their names."""
    match = _RELEASE.search(probe.get("proc_version") or "")
    return match[1] if match else str((probe.get("nvml") or {}).get("driver_version") or "")


def _give_orders(probe: Json, environ: Json) -> dict[str, str]:
    """Return the variables by which the stubs know what they are to do."""
    cuda, nvml = probe.get("libcuda") or {}, probe.get("nvml") or {}
    orders = {
        "CUDA": _encode(cuda.get("version")),
        "NVML_CUDA": _encode(nvml.get("cuda_version")),
        "RELEASE": str(nvml.get("driver_version") or ""),
        "GPUS": ";".join(map(_name_gpu, _list_gpus(probe))),
    }
    hidden = "CUDA_VISIBLE_DEVICES" in environ and cuda.get("rc") == _NO_DEVICE  # the stub sees to that by itself
    if cuda.get("rc") and not hidden:
        orders["cuInit"] = f"rc={cuda['rc']}"
    if nvml.get("rc"):
        orders["nvmlInit"] = f"rc={nvml['rc']}"
    if not nvml.get("cuda_version"):
        orders["nvmlSystemGetCudaDriverVersion_v2"] = "rc=3"  # NVML_ERROR_NOT_SUPPORTED
    for library, said in ((LIBCUDA, cuda), (NVML, nvml)):
        orders |= {call: _ORDERS[_behaves(said)] for call in _CALLS[library] if _behaves(said) in _ORDERS}
    return {f"STUB_{name}": value for name, value in orders.items()}


def _list_gpus(probe: Json) -> list[Json]:
    said = (probe.get("nvml") or {}).get("devices")
    if said is not None:
        return list(said)
    nodes = [node for node in probe.get("dev_nodes") or () if re.fullmatch(r"/dev/nvidia\d+", node)]
    return [UNNAMED] * max(len(nodes), 1)


def _name_gpu(gpu: Json) -> str:
    return f"{gpu.get('compute_capability', '0.0')}|{gpu.get('name', '')}|{gpu.get('memory_mib', 16384)}"


def _encode(version: str | None) -> str:
    """Write a CUDA version as ``cuDriverGetVersion`` gives it: 12040; 0 for none."""
    parsed = CudaVersion.parse(version) if version else None
    return str(parsed.major * 1000 + parsed.minor * 10) if parsed else "0"
