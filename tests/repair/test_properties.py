"""Whatever is there: a planned step never adds what breaks, and a plan ends with less than it began with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from conda_cuda_pin.judge import judge_state
from conda_cuda_pin.repair import plan_repair
from conda_cuda_pin.repair.planning import weigh
from conda_cuda_pin.repair.scene import identify
from conda_cuda_pin.request import Request
from conda_cuda_pin.rules import Severity
from conda_cuda_pin.settings import Settings
from tests.floors.fakes import make_host, make_package
from tests.rules.cases import CUPY_12, TOOLKIT_118, TORCH_126, TORCH_130, TORCH_CPU, VISION_CPU
from tests.rules.wheels import WHEELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conda_cuda_pin.host import Host
    from conda_cuda_pin.package import Package
    from conda_cuda_pin.rules import Finding

CHECK = Request("check")
HOSTS = [make_host(None), make_host("11.8", "7.5"), make_host("12.4", "8.9"), make_host("13.0", "7.0")]
PACKED = (CUPY_12, TOOLKIT_118, TORCH_126, TORCH_CPU, VISION_CPU, make_package("cuda-cudart 13.0.48 h0"))
POOL = (*WHEELS, *PACKED, TORCH_130)


def judge(host: Host, packages: Iterable[Package]) -> list[Finding]:
    found = judge_state(host, Settings(), CHECK, packages).new
    return [finding for finding in found if finding.severity is not Severity.INFO]


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(HOSTS),
    st.lists(st.sampled_from(POOL), max_size=8, unique_by=lambda package: (package.ecosystem, package.name)),
)
def test_no_step_adds_what_breaks_and_the_plan_leaves_less(host: Host, packages: list[Package]) -> None:
    before, there = judge(host, packages), tuple(packages)
    repair = plan_repair(host, Settings(), CHECK, packages)
    found = before
    for step in repair.steps:
        there = step.effect.apply(there)
        after = judge(host, there)
        known = {identify(finding) for finding in before}
        assert [one for one in after if one.severity is Severity.BLOCK and identify(one) not in known] == []
        found = after
    assert weigh(found) < weigh(before) if repair.steps else found == before
    assert {identify(finding) for finding in found} <= {identify(one.finding) for one in repair.left}
