"""Judgements: only what a change adds or makes worse counts, and what the user ignores does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_cuda_pin.judge import Judgement, judge_change, judge_state
from conda_cuda_pin.package import Package
from conda_cuda_pin.request import Request
from conda_cuda_pin.rules import RULES, Severity
from conda_cuda_pin.settings import Settings

from .fakes import L4, make_host, make_package, make_request

TQDM = make_package("tqdm 4 0")
TORCH_130 = make_package("pytorch 2.9 cuda130_0", "cuda-version >=13.0,<14")
TORCH_126 = make_package("pytorch 2.7 cuda126_0", "cuda-version >=12.6,<13")
TORCH_CPU = make_package("pytorch 2.7 cpu_0")
CUDART_118 = make_package("cuda-cudart 11.8.89 0", channel="nvidia")
CUBLAS_12 = make_package("libcublas 12.1.0.26 0", channel="nvidia")
NVRTC_13 = make_package("cuda-nvrtc 13.0.88 0", channel="nvidia")
HOST = make_host("12.4", L4)


def judge(
    before: tuple[Package, ...], after: tuple[Package, ...], *specs: str, settings: Settings | None = None
) -> Judgement:
    return judge_change(HOST, settings or Settings(), make_request(*specs), before, after)


def words(findings: tuple[object, ...]) -> list[str]:
    return [getattr(finding, "word", "") for finding in findings]


def test_what_a_change_adds_is_new() -> None:
    assert words(judge((TQDM,), (TQDM, TORCH_130), "pytorch").blocks) == ["driver-too-old"]


def test_what_was_wrong_before_does_not_count() -> None:
    judgement = judge((TORCH_130,), (TORCH_130, TQDM), "tqdm")
    assert judgement.new == ()


def test_a_newer_version_with_the_same_fault_is_no_new_fault() -> None:
    newer = make_package("pytorch 2.10 cuda130_0", "cuda-version >=13.0,<14")
    assert judge((TORCH_130,), (newer,), "pytorch").blocks == ()


def test_making_it_worse_counts() -> None:
    judgement = judge((CUDART_118, CUBLAS_12), (CUDART_118, CUBLAS_12, NVRTC_13), "cuda-nvrtc")
    assert "mixed-toolkits" in words(judgement.blocks)


def test_a_fault_of_a_second_package_is_new() -> None:
    second = make_package("cupy 14 0", "cuda-version >=13,<14")
    assert [f.packages for f in judge((TORCH_130,), (TORCH_130, second), "cupy").blocks] == [(str(second),)]


def test_mending_leaves_nothing_to_say() -> None:
    assert judge((TORCH_130,), (TORCH_126,), "pytorch") == Judgement()


def test_losing_the_gpu_is_always_new() -> None:
    judgement = judge((TORCH_126,), (TORCH_CPU, TQDM), "tqdm")
    assert words(judgement.blocks) == ["gpu-lost"]
    assert "cpu-on-gpu" in words(judgement.warnings)


def test_the_users_word_for_cpu_is_judged_as_such() -> None:
    assert judge((TORCH_126,), (TORCH_CPU,), "pytorch=*=cpu*").new == ()


def test_an_environment_that_lives_with_a_cpu_build_is_not_warned_again() -> None:
    assert judge((TORCH_CPU,), (TORCH_CPU, TQDM), "tqdm").new == ()


@pytest.mark.parametrize("after", [TORCH_CPU, make_package("jaxlib 0.4 cpu_0"), make_package("dgl 2 cpu_0")])
def test_variant_cpu_speaks_for_every_family(after: Package) -> None:
    assert judge((), (after,), after.name, settings=Settings(variant="cpu")).new == ()


def test_variant_cuda_refuses_a_cpu_build() -> None:
    assert words(judge((), (TORCH_CPU,), "pytorch", settings=Settings(variant="cuda")).blocks) == ["cpu-on-gpu"]


@pytest.mark.parametrize("name", ["CUP101", "driver-too-old"])
def test_a_rule_is_ignored_by_code_and_by_word(name: str) -> None:
    settings = Settings(ignore=frozenset({name}))
    judgement = judge((), (TORCH_130, CUDART_118, CUBLAS_12), "pytorch", settings=settings)
    assert "driver-too-old" not in words(judgement.new)
    assert "mixed-toolkits" in words(judgement.blocks)  # the others still speak


def test_all_rules_ignored_say_nothing() -> None:
    settings = Settings(ignore=frozenset(rule.code for rule in RULES))
    assert judge((TORCH_126,), (TORCH_CPU, CUDART_118, CUBLAS_12), settings=settings) == Judgement()


def test_the_worst_comes_first() -> None:
    packages = (TORCH_130, make_package("cuda-version 12.9 0"), make_package("torchvision 0.2 cpu_0"))
    severities = [finding.severity for finding in judge((), packages, "pytorch").new]
    assert severities == sorted(severities, key=list(Severity).index)
    assert len(set(severities)) == 3


def test_a_state_is_judged_by_itself() -> None:
    judgement = judge_state(HOST, Settings(), Request("check"), (TORCH_130, TQDM))
    assert words(judgement.blocks) == ["driver-too-old"]


POOL = (TQDM, TORCH_130, CUDART_118, CUBLAS_12, NVRTC_13, make_package("cuda-version 12.9 0"))


@given(st.lists(st.sampled_from(POOL), unique=True), st.permutations(POOL))
def test_no_change_at_all_is_never_blocked(packages: list[Package], order: list[Package]) -> None:
    shuffled = tuple(package for package in order if package in packages)
    assert judge(tuple(packages), shuffled, "tqdm").new == ()
