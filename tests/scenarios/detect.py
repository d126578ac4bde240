"""The kind ``detect``: the real detection looks at the machine that a probe describes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.detect import detect_host, read_overrides
from conda_cuda_pin.errors import HostError
from conda_cuda_pin.explain.host import describe_status
from conda_cuda_pin.host import State
from conda_cuda_pin.judge import judge_state
from conda_cuda_pin.knowledge.drivers import cuda_of_release
from conda_cuda_pin.package import Package
from conda_cuda_pin.request import Request
from conda_cuda_pin.settings import Settings
from tests.scenarios.hosts import find_overrides
from tests.scenarios.outcome import Outcome
from tests.scenarios.probe import make_machine

if TYPE_CHECKING:
    from conda_cuda_pin.detect import Machine
    from conda_cuda_pin.host import Gpu, Host
    from conda_cuda_pin.rules import Finding
    from tests.scenarios.scenario import Json, Scenario

SAMPLE = (
    Package("pytorch", "2.0.1", "cuda112_py311h13fee9e_200", "conda-forge", ("cudatoolkit >=11.2,<12",)),
    Package("jaxlib", "0.4.14", "cpu_py311h0f7ae4c_1", "conda-forge"),
)
"""An environment that shows what the rules say of a host about which something is not certain."""
UNCERTAIN = "unknown-host"


def run_detect(scenario: Scenario) -> Outcome:
    """Return what detection finds on the scenario's machine."""
    with tempfile.TemporaryDirectory(prefix="scenario-") as scratch:
        machine = make_machine(scenario, Path(scratch))
        said = {**machine.environ, **find_overrides(scenario)}
        started = time.monotonic()
        host, complaint = _detect(machine, said)
        seconds = time.monotonic() - started
    found = _judge(host)
    texts = (*complaint, *describe_status(host), *(finding.message for finding in found))
    return Outcome(
        action="warn" if found or complaint else "inert",
        words=tuple(dict.fromkeys(finding.word for finding in found)),
        warned=tuple(dict.fromkeys(finding.word for finding in found)),
        texts=texts,
        details=texts,
        facts=list_facts(host, scenario.expect.get("host") or {}),
        seconds=seconds,
    )


def _detect(machine: Machine, said: dict[str, str]) -> tuple[Host, tuple[str, ...]]:
    """Look at the machine as the hooks do: an override that cannot be is told and left out."""
    try:
        return detect_host(read_overrides(said), machine), ()
    except HostError as error:
        return detect_host(machine=machine), (str(error),)


def _judge(host: Host) -> tuple[Finding, ...]:
    findings = judge_state(host, Settings(), Request("install"), SAMPLE).new
    return tuple(finding for finding in findings if finding.word == UNCERTAIN)


def list_facts(host: Host, expected: Json) -> dict[str, Any]:
    """Return those facts of a host that are expected, in the words of the format."""
    facts = {
        "platform": host.platform,
        "driver_cuda": _find_cuda(host, expected.get("driver_cuda")),
        "driver_release": str(host.driver_release) if host.driver_release else None,
        "gpus": [_list_gpu(gpu, wanted) for gpu, wanted in _pair(host.gpus, expected.get("gpus") or ())],
        "virtual": {name: _find_virtual(host, name) for name in expected.get("virtual") or ()},
        "verdict": str(host.verdict),
    }
    return {name: facts[name] for name in expected if name in facts}


def _pair(gpus: tuple[Gpu, ...], wanted: Any) -> list[tuple[Gpu, Json]]:
    return [(gpu, wanted[number] if number < len(wanted) else {}) for number, gpu in enumerate(gpus)]


def _list_gpu(gpu: Gpu, wanted: Json) -> dict[str, Any]:
    capability = str(gpu.compute_capability) if gpu.compute_capability else None
    facts = {"name": gpu.name, "compute_capability": capability, "memory_mib": gpu.memory_mib, "mig": gpu.mig}
    return {name: facts.get(name) for name in wanted}


def _find_cuda(host: Host, expected: str | None) -> str | None:
    """Return the CUDA version; where forward compatibility raises it, the kernel driver's own is as good an answer."""
    if _find_compat(host) and expected and host.driver_release:
        own = cuda_of_release(host.driver_release, windows=False)
        if own and str(own[0]) == expected:
            return expected
    return str(host.driver_cuda) if host.driver_cuda else None


def _find_virtual(host: Host, name: str) -> str | bool | None:
    return _find_compat(host) if name == "cuda_compat" else name.replace("_", "-") in host.kinds


def _find_compat(host: Host) -> str | None:
    raised = "cuda-compat" in host.kinds and host.verdict.state is not State.DEGRADED
    return str(host.driver_cuda) if raised and host.driver_cuda else None
