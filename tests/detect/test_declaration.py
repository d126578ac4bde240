"""Declared hosts, and hosts as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conda_cuda_pin.detect import declared_host, host_from_json, host_to_json
from conda_cuda_pin.errors import HostError
from conda_cuda_pin.host import Evidence, Gpu, Host, Outcome, State, Verdict
from conda_cuda_pin.versions import ComputeCapability, CudaVersion, DriverRelease

numbers = st.integers(0, 99)
versions = st.builds(CudaVersion, numbers, numbers)
capabilities = st.builds(ComputeCapability, numbers, st.integers(0, 9))
releases = st.builds(lambda a, b, c: DriverRelease(f"{a}.{b}.{c:02}"), st.integers(300, 999), numbers, numbers)
gpus = st.builds(Gpu, st.text(), st.none() | capabilities, st.none() | st.integers(0, 1 << 20), st.booleans())
evidence = st.builds(Evidence, st.text(), st.sampled_from(Outcome), st.text(), st.none() | st.floats(0, 1e6))
hosts = st.builds(
    Host,
    platform=st.sampled_from(["linux-64", "win-64", "osx-arm64"]),
    verdict=st.builds(Verdict, st.sampled_from(State), st.sampled_from(["", "timeout", "reboot-pending"])),
    driver_cuda=st.none() | versions,
    driver_release=st.none() | releases,
    gpus=st.lists(gpus, max_size=4).map(tuple),
    at_least=st.booleans(),
    kinds=st.frozensets(st.sampled_from(["wsl", "container", "vgpu"])),
    evidence=st.lists(evidence, max_size=4).map(tuple),
)


@settings(max_examples=40)
@given(hosts)
def test_a_host_comes_back_from_json_as_it_was(host: Host) -> None:
    assert host_from_json(json.loads(json.dumps(host_to_json(host)))) == host


@settings(max_examples=40)
@given(hosts)
def test_a_host_of_another_machine_can_be_declared(host: Host) -> None:
    declared = declared_host(host_to_json(host), "linux-64", "node.json")
    assert declared.verdict.state is State.DECLARED
    assert (declared.driver_cuda, declared.gpus, declared.platform) == (host.driver_cuda, host.gpus, host.platform)
    assert declared.source == "node.json"


@pytest.mark.parametrize(
    ("text", "cuda", "found"),
    [
        ("12.6", "12.6", []),
        ("12.6 sm_80", "12.6", ["8.0"]),
        ("12.6 8.0", "12.6", ["8.0"]),
        (" 13.0, sm_90a  sm_120 ", "13.0", ["9.0", "12.0"]),
    ],
)
def test_a_target_in_words(text: str, cuda: str, found: list[str]) -> None:
    host = declared_host(text, "linux-64")
    assert (str(host.driver_cuda), [str(capability) for capability in host.capabilities]) == (cuda, found)
    assert (host.verdict.state, host.platform, host.source) == (State.DECLARED, "linux-64", "cuda_pin_target")


def test_a_target_without_a_driver() -> None:
    assert declared_host("none", "linux-64").has_no_nvidia


@pytest.mark.parametrize("text", ["", "  ", "foo", "sm_80", "12.6 foo", "12.6 8", "12.6 none", "500000"])
def test_targets_that_cannot_be(text: str) -> None:
    with pytest.raises(HostError, match="cuda_pin_target"):
        declared_host(text, "linux-64")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"driver_cuda": "foo"}, "foo"),
        ({"driver_cuda": 12.6}, "12.6"),
        ({"verdict": "great"}, "great"),
        ({"gpus": {}}, "gpus"),
        ({"gpus": ["L4"]}, "L4"),
        ({"gpus": [{"name": 3}]}, "name"),
        ({"gpus": [{"memory_mib": "much"}]}, "much"),
        ({"gpus": [{"compute_capability": "big"}]}, "big"),
        ({"evidence": [{"source": "x", "outcome": "maybe"}]}, "maybe"),
        ({"evidence": ["x"]}, "evidence"),
        ({"driver_release": "new"}, "new"),
        ({"format": 2}, "format"),
        ({"platform": 64}, "platform"),
    ],
)
def test_damaged_json_names_what_is_wrong(change: dict[str, Any], word: str) -> None:
    mapping = {**host_to_json(Host("linux-64", Verdict(State.OK))), **change}
    with pytest.raises(HostError, match=word):
        host_from_json(mapping)
    with pytest.raises(HostError, match=r"node\.json"):
        declared_host(mapping, "linux-64", "node.json")


@pytest.mark.parametrize("target", [["12.6"], 12.6, None])
def test_json_that_is_no_host_at_all(target: Any) -> None:
    with pytest.raises(HostError, match=r"node\.json"):
        declared_host(target, "linux-64", "node.json")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
KEYS = ("format", "platform", "verdict", "driver_cuda", "driver_release", "gpus", "at_least", "kinds", "evidence")


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(KEYS), json_values))
def test_any_json_is_read_or_refused(mapping: dict[str, Any]) -> None:
    try:
        host = host_from_json(mapping)
    except HostError:
        return
    assert host_from_json(host_to_json(host)) == host
