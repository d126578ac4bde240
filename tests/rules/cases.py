"""One call to put a rule before an environment, and the environments that several tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conda_cuda_pin.component import read_components
from conda_cuda_pin.intent import decided_families
from conda_cuda_pin.request import Request
from conda_cuda_pin.rules import Finding, State, apply, find_rules
from tests.floors.fakes import make_package

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conda_cuda_pin.host import Host
    from conda_cuda_pin.package import Package

FORGE_12 = "cuda-version >=12.6,<13"
FORGE_13 = "cuda-version >=13.0,<14"
TORCH_126 = make_package("pytorch 2.7.0 cuda126_mkl_py312_300", FORGE_12)
TORCH_130 = make_package("pytorch 2.9.0 cuda130_mkl_py312_300", FORGE_13)
TORCH_CPU = make_package("pytorch 2.7.0 cpu_mkl_py312_100")
VISION_CPU = make_package("torchvision 0.22.0 cpu_py312_0", "pytorch")
VISION_126 = make_package("torchvision 0.22.0 cuda126_py312_0", FORGE_12)
CUPY_12 = make_package("cupy 13.3.0 py312h_0", "cuda-version >=12.0,<13", "python")
TOOLKIT_118 = make_package("cudatoolkit 11.8.0 h0")


def find(
    word: str,
    host: Host,
    *packages: Package,
    request: Request | None = None,
    before: Sequence[Package] = (),
    wants_cuda: bool = False,
) -> list[Finding]:
    """Return what one rule finds in an environment on a host."""
    rule = find_rules(word)[0]
    asked = request or Request()
    previous = read_components(before, host.platform)
    components = read_components(packages, host.platform)
    owners = tuple(package for package in packages if package.files)
    return list(apply(rule, State(host, asked, components, previous, decided_families(asked), wants_cuda, owners)))


def severities(findings: list[Finding]) -> list[str]:
    """Return the severities as words."""
    return [finding.severity.value for finding in findings]
