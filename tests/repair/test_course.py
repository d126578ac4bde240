"""A repair that is carried out: it ends where a command fails, breaks something, or does not help."""

from __future__ import annotations

from dataclasses import dataclass, field

from conda_cuda_pin.host import Host
from conda_cuda_pin.judge import judge_state
from conda_cuda_pin.package import Package
from conda_cuda_pin.repair import Step, carry_out, plan_repair
from conda_cuda_pin.request import Request
from conda_cuda_pin.rules import Finding
from conda_cuda_pin.settings import Settings
from tests.floors.fakes import make_host, make_package, make_wheel
from tests.rules.wheels import CUPY_12X, CUPY_13X, NCCL_12_OLD, ORT_GPU, TORCH_13

HOST = make_host("12.4", "8.9")
CHECK = Request("check")


@dataclass
class Bench:
    """An environment that changes as the steps say, but for what is told."""

    packages: tuple[Package, ...]
    code: int = 0
    rehearsed: int = 0
    works: bool = True
    brings: tuple[Package, ...] = ()
    host: Host = HOST
    ran: list[Step] = field(default_factory=list)

    def run(self, step: Step) -> int:
        self.ran.append(step)
        if not self.code and self.works:
            self.packages = (*step.effect.apply(self.packages), *self.brings)
        return self.code

    def rehearse(self, step: Step) -> int:
        assert not step.effect.removed
        return self.rehearsed

    def judge(self) -> tuple[Finding, ...]:
        return judge_state(self.host, Settings(), CHECK, self.packages).new


def plan(*packages: Package) -> tuple[Step, ...]:
    return plan_repair(HOST, Settings(), CHECK, packages).steps


def test_a_repair_that_works_is_run_to_its_end() -> None:
    bench = Bench((TORCH_13, CUPY_13X))
    steps = plan(*bench.packages)
    outcome = carry_out(steps, bench)
    assert (outcome.done, outcome.failed, bench.ran) == (steps, None, list(steps))
    assert [finding for finding in bench.judge() if finding.severity == "block"] == []


def test_a_step_whose_faults_are_mended_already_is_left_out() -> None:
    """`cuda-version<12` may leave one toolkit; whether it does, only the solver knows."""
    parts = (make_package("cuda-cudart 11.8.89 0"), make_package("libcublas 12.1.0.26 0"))
    host = make_host("11.8")
    steps = plan_repair(host, Settings(), CHECK, parts).steps
    assert [step.words[1] for step in steps] == ["cuda-version<12", "cuda-version=11"]
    bench = Bench(parts, host=host)
    assert carry_out(steps, bench).done == steps[:1]
    assert bench.ran == [steps[0]]


def test_it_ends_at_the_first_command_that_fails() -> None:
    bench = Bench((TORCH_13, CUPY_13X), code=30)
    steps = plan(*bench.packages)
    outcome = carry_out(steps, bench)
    assert (outcome.done, outcome.failed, len(bench.ran)) == ((), steps[0], 1)
    assert outcome.why == "its exit status is 30"


def test_it_ends_where_a_command_does_not_mend() -> None:
    bench = Bench((ORT_GPU,), works=False)
    outcome = carry_out(plan(*bench.packages), bench)
    assert outcome.failed is not None
    assert outcome.why.startswith("CUP101 driver-too-old is still there")


def test_it_ends_where_something_new_breaks() -> None:
    bench = Bench((ORT_GPU,), brings=(make_wheel("cupy-cuda13x 14.2.0"),))
    outcome = carry_out(plan(*bench.packages), bench)
    assert outcome.why.startswith("after it CUP101 driver-too-old is new: cupy-cuda13x")


def test_nothing_is_removed_if_its_successor_cannot_be_had() -> None:
    bench = Bench((CUPY_12X, CUPY_13X, NCCL_12_OLD), rehearsed=1)
    steps = plan(*bench.packages)
    outcome = carry_out(steps, bench)
    assert (outcome.done, outcome.failed, bench.ran) == ((), steps[1], [])
    assert "nothing was removed" in outcome.why
