"""What holds for every rule: how it is named, and what must not change what it says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from conda_cuda_pin.component import read_components
from conda_cuda_pin.errors import SettingsError
from conda_cuda_pin.judge import judge_state
from conda_cuda_pin.package import Package
from conda_cuda_pin.request import Request
from conda_cuda_pin.rules import RULES, Finding, Rule, State, apply, check_ignored, find_rules
from conda_cuda_pin.settings import Settings
from tests.floors.fakes import make_host, make_package, make_wheel

from .cases import CUPY_12, TOOLKIT_118, TORCH_126, TORCH_130, TORCH_CPU, VISION_126, VISION_CPU, find
from .wheels import TORCH_13, WHEELS

by_code = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
FAMILIES = {
    "1": ("driver-too-old", "ptx-too-new", "arch-unsupported", "unknown-host"),
    "2": ("mixed-toolkits", "file-clobber", "broken-by-removal"),
    "3": ("abi-mismatch",),
    "4": ("cpu-on-gpu", "gpu-lost", "mixed-variants"),
    "5": ("channel-mix", "pip-over-conda", "wrong-index"),
}


def test_codes_and_words_are_those_of_the_families() -> None:
    assert {rule.word: rule.code[3] for rule in RULES} == {w: number for number, ws in FAMILIES.items() for w in ws}
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)


@by_code
def test_a_rule_explains_itself_and_names_its_source(rule: Rule) -> None:
    assert re.fullmatch(r"CUP\d{3}", rule.code)
    assert rule.source.startswith("https://")
    assert len(rule.title) < 70
    assert 150 < len(rule.explanation) < 800
    assert all(part.endswith(".") and part == part.strip() for part in (rule.fires, rule.breaks, rule.mends))


@by_code
def test_a_rule_is_found_by_code_and_by_word_in_any_case(rule: Rule) -> None:
    assert {find_rules(rule.code), find_rules(rule.code.lower())} == {(rule,)}
    same = tuple(other for other in RULES if other.word == rule.word)
    assert {find_rules(rule.word), find_rules(rule.word.upper())} == {same}


@pytest.mark.parametrize("name", ["", "CUP", "CUP999", "driver", "pytorch"])
def test_what_is_no_rule_is_not_found(name: str) -> None:
    assert find_rules(name) == ()


def test_a_word_of_two_rules_ignores_both() -> None:
    wheels = (TORCH_13, make_wheel("nvidia-cudnn-cu13 9.20.0.1"), PLUGIN, JAXLIB)
    for ignored, left in (("abi-mismatch", set()), ("CUP301", {"CUP302"}), ("CUP302", {"CUP301"})):
        settings = Settings(ignore=frozenset({ignored}))
        found = judge_state(make_host("13.0"), settings, Request("check"), wheels).blocks
        assert {finding.code for finding in found if finding.word == "abi-mismatch"} == left


def test_what_is_ignored_and_does_not_exist_is_named() -> None:
    check_ignored(Settings(ignore=frozenset({"CUP101", "abi-mismatch"})))
    for name in ("CUP999", "driver-too-new"):
        with pytest.raises(SettingsError, match=f"{name}.*no rule; there are CUP101 driver-too-old"):
            check_ignored(Settings(ignore=frozenset({"CUP101", name})))


PLUGIN, JAXLIB = make_wheel("jax-cuda12-plugin 0.9.0"), make_wheel("jaxlib 0.10.2")
POOL = (
    TORCH_126,
    TORCH_130,
    TORCH_CPU,
    VISION_126,
    VISION_CPU,
    CUPY_12,
    TOOLKIT_118,
    make_package("cuda-version 12.9 0"),
    make_package("cudatoolkit 10.1.243 0", channel="defaults"),
    make_package("cuda-cudart 11.8.89 0", channel="nvidia"),
    make_package("libcublas 12.1.0.26 0", channel="nvidia"),
    make_package("libcurand 10.3.5.119 0", "cuda-version >=12.4,<12.5.0a0"),
    make_package("openmm 8.2 py312_0", "cuda-version >=12,<13"),
    make_package("pytorch-cuda 12.1 0", channel="pytorch"),
    make_package("cuda90 1.0 0", channel="pytorch"),
    make_package("cuda100 1.0 0", channel="pytorch"),
    make_package("faiss 1.6.3 py37_0_cuda", "cudatoolkit >=10.0,<11"),
    make_package("jaxlib 0.4.35 cuda126_0", "cuda-version >=12.6,<13", "cudnn >=9,<10"),
    make_package("libxgboost 2.1 cpu_0"),
    *WHEELS,
)
UNRELATED = (
    make_wheel("numpy 2.4.0"),
    make_package("numpy 2.1 0"),
    make_package("tqdm 4 0", "python"),
    make_package("libblas 3 1_mkl"),
)
drivers = st.sampled_from([None, "9.1", "10.2", "11.4", "12.4", "12.9", "13.0"])
gpus = st.lists(st.sampled_from(["3.7", "7.0", "8.9", "12.0"]), max_size=2)
environments = st.lists(st.sampled_from(POOL), unique=True, max_size=6)


def keys(driver: str | None, capabilities: list[str], packages: list[Package]) -> set[tuple[object, ...]]:
    """Return what every rule says, by what a judgement compares."""
    components = read_components(packages)
    state = State(make_host(driver, *capabilities), Request(), components, components[::-1])
    findings: list[Finding] = [finding for rule in RULES for finding in apply(rule, state)]
    return {(finding.code, finding.severity, finding.subject) for finding in findings}


@tries(max_examples=60)
@given(drivers, gpus, environments, st.randoms(use_true_random=False))
def test_the_order_of_packages_does_not_matter(
    driver: str | None, capabilities: list[str], packages: list[Package], random: object
) -> None:
    named = list({(package.name, package.ecosystem): package for package in packages}.values())
    shuffled = list(named)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert keys(driver, capabilities, shuffled) == keys(driver, capabilities, named)


@tries(max_examples=40)
@given(drivers, gpus, environments, st.integers(0, 6))
def test_an_unrelated_package_changes_nothing(
    driver: str | None, capabilities: list[str], packages: list[Package], place: int
) -> None:
    more = [*packages[:place], *UNRELATED, *packages[place:]]
    assert keys(driver, capabilities, more) == keys(driver, capabilities, packages)


@tries(max_examples=60)
@given(
    st.integers(8, 14), st.integers(0, 9), st.integers(8, 14), st.integers(0, 9), gpus, st.lists(st.sampled_from(POOL))
)
def test_a_newer_driver_never_turns_allow_into_block(
    major: int, minor: int, other: int, rest: int, capabilities: list[str], packages: list[Package]
) -> None:
    (old_major, old_minor), (new_major, new_minor) = sorted([(major, minor), (other, rest)])
    older = find("driver-too-old", make_host(f"{old_major}.{old_minor}", *capabilities), *packages)
    newer = find("driver-too-old", make_host(f"{new_major}.{new_minor}", *capabilities), *packages)
    assert {finding.subject for finding in newer} <= {finding.subject for finding in older}


@tries(max_examples=40)
@given(drivers, gpus, environments)
def test_every_finding_is_one_line_that_names_something(
    driver: str | None, capabilities: list[str], packages: list[Package]
) -> None:
    for rule in RULES:
        for finding in find(rule.code, make_host(driver, *capabilities), *packages):
            assert (finding.code, finding.word) == (rule.code, rule.word)
            assert "\n" not in finding.message
            assert any(char.isdigit() for char in finding.message)
            assert finding.subject
