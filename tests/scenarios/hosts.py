"""The machine of a scenario as the product's own value, with ordinary values for what is not said."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conda_cuda_pin.detect import declared_host, host_from_json, read_overrides
from conda_cuda_pin.detect.detection import apply_overrides
from conda_cuda_pin.knowledge.drivers import cuda_of_release
from conda_cuda_pin.versions import CudaVersion, DriverRelease

if TYPE_CHECKING:
    from conda_cuda_pin.host import Host
    from tests.scenarios.scenario import Json, Scenario

PLATFORM = "linux-64"
"""The platform of a host that names none."""
OVERRIDE = "CONDA_OVERRIDE_CUDA"


def read_host(scenario: Scenario) -> Host:
    """Return the host that counts: the declared target, else what an override says, else the machine.

    HostError: the product refuses the override or the target.
    """
    target = scenario.config.get("target")
    if target:
        described = target if isinstance(target, str) else _describe(target)
        return declared_host(described, PLATFORM)
    return apply_overrides(host_from_json(_describe(scenario.host)), read_overrides(find_overrides(scenario)))


def find_overrides(scenario: Scenario) -> dict[str, str]:
    """Return the variables that override the machine."""
    return {name: str(value) for name, value in (scenario.host.get("override") or {}).items()}


def find_platform(scenario: Scenario) -> str:
    """Return conda's name of the host's platform, that of the target where one is declared."""
    target = scenario.config.get("target")
    facts = target if isinstance(target, dict) else scenario.host
    return str(facts.get("platform", PLATFORM))


def is_foreign(scenario: Scenario) -> bool:
    """Whether the request is for a platform other than the host's."""
    args = scenario.args
    named = [value for option, value in pairwise(args) if option in ("--platform", "--subdir")]
    return bool(named) and named[-1] != find_platform(scenario)


def _describe(facts: Json) -> dict[str, Any]:
    """Return a host as the product's JSON has it."""
    virtual = facts.get("virtual") or {}
    cuda = _find_cuda(facts, virtual)
    outcome = "found" if cuda else "absent"
    without = "gpu-no-driver" if facts.get("gpus") else "none"
    return {
        "platform": facts.get("platform", PLATFORM),
        "verdict": "ok" if cuda else without,
        "driver_cuda": cuda,
        "driver_release": facts.get("driver_release"),
        "gpus": list(facts.get("gpus") or ()),
        "kinds": [name.replace("_", "-") for name, value in virtual.items() if value],
        "evidence": [{"source": "driver", "outcome": outcome, "detail": f"CUDA {cuda}" if cuda else "no driver"}],
    }


def _find_cuda(facts: Json, virtual: Json) -> str | None:
    """Return what the driver runs: forward compatibility raises it, and a release alone implies it."""
    said = [text for text in (facts.get("driver_cuda"), virtual.get("cuda_compat")) if isinstance(text, str)]
    if said:
        return max(said, key=CudaVersion.parse)
    release = facts.get("driver_release")
    if "driver_cuda" in facts or not release:
        return None
    windows = str(facts.get("platform", PLATFORM)).startswith("win")
    row = cuda_of_release(DriverRelease.parse(release), windows=windows)
    return str(row[0]) if row else None
