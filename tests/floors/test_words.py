"""Hosts, plans, rules and findings in words and as JSON: for every state there is, and without raising."""

from __future__ import annotations

import json
from itertools import product

import pytest

from conda_cuda_pin.examination import Examination, Part
from conda_cuda_pin.explain import document, findings, host, plan
from conda_cuda_pin.explain.examination import describe_examination
from conda_cuda_pin.host import Evidence, Gpu, Host, Outcome, State, Verdict
from conda_cuda_pin.judge import judge_state
from conda_cuda_pin.plan import make_plan
from conda_cuda_pin.request import Request
from conda_cuda_pin.rules import RULES, Rule
from conda_cuda_pin.settings import OPTIONS, Settings
from conda_cuda_pin.versions import ComputeCapability, CudaVersion, DriverRelease

from .fakes import L4, OLD_CHANNELS, RTX5090, make_host, make_package, make_request

WHYS = ("", "timeout")
STATES = [
    Host("linux-64", Verdict(state, why), CudaVersion.parse(driver) if driver else None, at_least=at_least)
    for state, why, driver, at_least in product(State, WHYS, (None, "12.4"), (False, True))
]


@pytest.mark.parametrize("machine", STATES, ids=lambda m: f"{m.verdict}-{m.driver_cuda}-{m.at_least}")
def test_every_host_is_described_in_one_line(machine: Host) -> None:
    line = host.describe_host(machine)
    assert line.strip()
    assert "\n" not in line
    assert "None" not in line
    assert "()" not in line
    if machine.driver_cuda is not None:
        assert "12.4" in line
        assert ("at least" in line) is machine.at_least


@pytest.mark.parametrize("state", list(State))
def test_why_is_said_once(state: State) -> None:
    line = host.describe_host(Host("linux-64", Verdict(state, "permission")))
    assert line.count("permission") == 1


def test_only_a_host_that_was_looked_at_is_said_to_have_nothing() -> None:
    lines = {state: host.describe_host(Host("linux-64", Verdict(state))) for state in State}
    assert len(set(lines.values())) == len(lines)
    assert [state for state, line in lines.items() if line.startswith("no NVIDIA driver and")] == [State.NONE]


def test_a_host_is_described_with_release_source_and_gpus() -> None:
    gpus = (Gpu("L4", ComputeCapability(8, 9)), Gpu("L4", ComputeCapability(8, 9)), Gpu("mystery"))
    evidence = (Evidence("libcuda", Outcome.FAILED, "hangs"), Evidence("NVML", Outcome.FOUND, "12.4"))
    release = DriverRelease("550.54.14")
    machine = Host("linux-64", Verdict(State.OK), CudaVersion(12, 4), release, gpus, evidence=evidence)
    line = host.describe_host(machine)
    for words in ("12.4", "550.54.14", "says NVML", "2 x L4 (compute capability 8.9, Ada)", "mystery"):
        assert words in line
    assert "1 x" not in line
    assert "; " not in host.describe_host(Host("linux-64", Verdict(State.OK), CudaVersion(12, 4)))


def test_evidence_is_described_with_its_time_where_that_is_known() -> None:
    timed = host.describe_evidence(Evidence("libcuda", Outcome.FOUND, "12.4", 1.25))
    assert timed == "libcuda: found: 12.4  [1.2 ms]"
    assert "ms" not in host.describe_evidence(Evidence("libcuda", Outcome.SKIPPED, "not needed"))


@pytest.mark.parametrize("machine", STATES, ids=lambda m: f"{m.verdict}-{m.driver_cuda}-{m.at_least}")
def test_every_plan_is_described_and_documented(machine: Host) -> None:
    made = make_plan(machine, Settings(), make_request("pytorch", channels=OLD_CHANNELS), ())
    text = plan.describe_plan(made)
    assert text.strip()
    assert [pin.name for pin in made.pins[:3] if f"{pin}" not in text] == []
    assert len(text.splitlines()) < 24
    assert len(json.loads(json.dumps(document.document_plan(made)))["pins"]) == len(made.pins)


def test_a_plan_tells_every_part_that_it_has() -> None:
    settings = Settings(channels=("rapidsai",), channel_priority="strict")
    made = make_plan(make_host("12.9", RTX5090), settings, make_request("pytorch=*=cpu*"), ())
    text = plan.describe_plan(made)
    for words in ("cuda-version<13.0", "CUDA 12.9", "CUDA builds", ">=12.8", "torch (cpu", "rapidsai", "strict"):
        assert words in text


def test_a_plan_says_why_it_prefers_cpu_builds() -> None:
    made = make_plan(make_host(None), Settings(), make_request("pytorch"), ())
    assert "CPU builds of families that nobody decided about (no NVIDIA driver here)" in plan.describe_plan(made)


def test_an_empty_plan_says_so() -> None:
    made = make_plan(make_host(None, state=State.UNKNOWN), Settings(), Request(), ())
    assert "nothing would be asked" in plan.describe_plan(made)


def test_settings_are_told_where_they_differ() -> None:
    assert plan.describe_settings(Settings()) == "mode enforce"
    told = plan.describe_settings(
        Settings("warn", "minor", "cpu", "12.2", CudaVersion(12, 4), ignore=frozenset({"CUP101"}))
    )
    for words in ("warn", "minor", "cpu", "12.2", "12.4", "CUP101"):
        assert words in told


def test_settings_are_documented_by_their_keys_and_read_back() -> None:
    mirrors = (("https://a.org/whl", "https://b.org"), ("https://c.org", "https://d.org"))
    ignore = frozenset({"CUP101"})
    settings = Settings("warn", "minor", "cpu", "12.2", CudaVersion(12, 4), ("a",), "strict", ignore, mirrors)
    values = json.loads(json.dumps(document.document_settings(settings)))
    assert list(values) == [option.key for option in OPTIONS]
    assert Settings.from_mapping(values) == settings
    assert Settings.from_mapping(document.document_settings(Settings())) == Settings()


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_every_rule_is_explained_with_its_proof_and_how_to_ignore_it(rule: Rule) -> None:
    text = findings.describe_rule(rule)
    for words in (rule.code, rule.word, rule.title, rule.source, rule.page, f"cuda_pin_ignore: [{rule.code}]"):
        assert words in text
    assert max(map(len, text.splitlines())) <= 120
    assert json.loads(json.dumps(document.document_rule(rule)))["explanation"] == rule.explanation


PACKAGES = (
    make_package("pytorch 2.9 cuda130_0", "cuda-version >=13,<14"),
    make_package("cuda-version 12.9 0"),
    make_package("torchvision 0.2 cpu_0"),
)


def test_an_environment_is_told_with_its_notes_when_asked_for() -> None:
    machine = make_host("12.4", L4)
    judgement = judge_state(machine, Settings(), Request("check"), PACKAGES)
    found = Examination("/env", "prefix", (Part("", judgement),))
    short, long = (describe_examination(found, machine, notes) for notes in (False, True))
    assert "breaks: CUP101" in short
    assert "[try: cuda-version<13]" in short
    assert "(1 notes" in short
    assert "note: CUP102" not in short
    assert "note: CUP102" in long
    told = json.loads(json.dumps(document.document_findings(judgement.new)))
    assert [finding["code"] for finding in told] == [finding.code for finding in judgement.new]


def test_a_sound_environment_is_told_in_two_lines() -> None:
    machine = make_host("12.4", L4)
    judgement = judge_state(machine, Settings(), Request("check"), ())
    text = describe_examination(Examination("/env", "prefix", (Part("", judgement),)), machine, notes=True)
    assert text.splitlines() == [f"host: {host.describe_host(machine)}", "CUDA packages: nothing wrong"]
