"""What a user says instead of letting the machine be asked: conda's semantics, and clear errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conda_cuda_pin.detect import Machine, Overrides, detect_host, read_overrides
from conda_cuda_pin.detect.answer import Answer, End, Reply
from conda_cuda_pin.detect.deadlines import Deadlines
from conda_cuda_pin.detect.overrides import parse_capability, parse_cuda
from conda_cuda_pin.errors import HostError
from conda_cuda_pin.host import State
from conda_cuda_pin.versions import ComputeCapability, CudaVersion

from .stub_machine import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conda_cuda_pin.detect.facts import Facts

CUDA, ARCH = "CONDA_OVERRIDE_CUDA", "CONDA_OVERRIDE_CUDA_ARCH"
NV_CUDA, NV_ARCH = "NV_VARIANT_PROVIDER_FORCE_CUDA_DRIVER_VERSION", "NV_VARIANT_PROVIDER_FORCE_SM_ARCH"


@dataclass(frozen=True)
class Answering(Machine):
    """A machine with a driver 12.4 and an L4 that counts how often it was asked."""

    asked: list[bool] = field(default_factory=list)

    def ask_probe(self, facts: Facts, *, want_gpus: bool) -> Answer:  # noqa: ARG002
        self.asked.append(want_gpus)
        gpu = Reply("NVML", gpu=0, name="NVIDIA L4", capability="8.9")
        return Answer((Reply("libcuda", code=0, cuda=12040), Reply("devices"), gpu), End.FINISHED)


@pytest.fixture
def machine(tmp_path: Path) -> Answering:
    write(tmp_path, "/usr/lib64/libcuda.so.1", "")
    write(tmp_path, "/dev/nvidia0", "")
    return Answering(root=str(tmp_path))


@pytest.mark.parametrize(
    ("environ", "settings", "cuda", "source"),
    [
        ({}, None, None, CUDA),
        ({}, {}, None, CUDA),
        ({CUDA: "12.4"}, {"cuda": "11.8"}, "12.4", CUDA),
        ({CUDA: ""}, {"cuda": "11.8"}, "", CUDA),
        ({NV_CUDA: "12.8"}, {"cuda": "11.8"}, "11.8", "override_virtual_packages in .condarc"),
        ({NV_CUDA: "12.8"}, {"__cuda": ""}, "", "override_virtual_packages in .condarc"),
        ({NV_CUDA: "12.8"}, {"glibc": "2.17"}, "12.8", NV_CUDA),
        ({NV_CUDA: ""}, None, None, CUDA),
    ],
)
def test_the_order_of_those_who_say_the_version(
    environ: dict[str, str], settings: dict[str, str] | None, cuda: str | None, source: str
) -> None:
    said = read_overrides(environ, settings)
    assert (said.cuda, said.source) == (cuda, source)


@pytest.mark.parametrize(
    ("environ", "settings", "arch", "source"),
    [
        ({ARCH: "8.9"}, {"cuda_arch": "7.0"}, "8.9", ARCH),
        ({ARCH: ""}, {"cuda_arch": "7.0"}, "", ARCH),
        ({NV_ARCH: "9.0"}, {"cuda_arch": "7.0"}, "7.0", "override_virtual_packages in .condarc"),
        ({NV_ARCH: "9.0"}, None, "9.0", NV_ARCH),
    ],
)
def test_the_order_of_those_who_say_the_capability(
    environ: dict[str, str], settings: dict[str, str] | None, arch: str, source: str
) -> None:
    said = read_overrides(environ, settings)
    assert (said.cuda_arch, said.arch_source) == (arch, source)


@pytest.mark.parametrize(
    ("text", "version"), [("12.4", "12.4"), (" 12.4\n", "12.4"), ("12", "12.0"), ("11.8.0", "11.8")]
)
def test_versions_that_conda_takes(text: str, version: str, machine: Answering) -> None:
    host = detect_host(read_overrides({CUDA: text}), machine)
    assert (str(host.driver_cuda), host.verdict.state, host.source) == (version, State.DECLARED, CUDA)


@pytest.mark.parametrize("variable", [CUDA, NV_CUDA])
@pytest.mark.parametrize(
    "text", ["foo", "500000", "12.x", "0.5", "0", "-1", "12,4", "12.4 sm_80", "v12.4", "1e3", "12.4.x"]
)
def test_garbage_names_the_variable_the_value_and_a_good_example(variable: str, text: str) -> None:
    with pytest.raises(HostError) as caught:
        read_overrides({variable: text})
    assert all(word in str(caught.value) for word in (variable, repr(text), "12.4"))


@pytest.mark.parametrize("variable", [ARCH, NV_ARCH])
@pytest.mark.parametrize("text", ["foo", "8", "89", "8.99", "0.1", "sm_", "8.x", "sm_8"])
def test_garbage_capabilities(variable: str, text: str) -> None:
    with pytest.raises(HostError) as caught:
        read_overrides({variable: text})
    assert all(word in str(caught.value) for word in (variable, repr(text), "8.9"))


def test_garbage_in_condarc_names_condarc() -> None:
    with pytest.raises(HostError, match=r"\.condarc is 'foo'"):
        read_overrides({}, {"cuda": "foo"})


@pytest.mark.parametrize("text", ["", " ", "\t"])
def test_blanks_say_that_there_is_no_driver_and_nobody_is_asked(text: str, machine: Answering) -> None:
    host = detect_host(read_overrides({CUDA: text, ARCH: "8.9"}), machine)
    assert (host.driver_cuda, host.gpus, host.has_no_nvidia) == (None, (), True)
    assert machine.asked == []


def test_both_said_nobody_is_asked(machine: Answering) -> None:
    host = detect_host(Overrides("12.6", "8.0"), machine)
    assert (host.driver_cuda, host.capabilities) == (CudaVersion(12, 6), (ComputeCapability(8, 0),))
    assert machine.asked == []


def test_the_version_said_the_gpus_are_those_found(machine: Answering) -> None:
    host = detect_host(Overrides("11.8"), machine)
    assert (host.driver_cuda, host.capabilities) == (CudaVersion(11, 8), (ComputeCapability(8, 9),))
    assert machine.asked == [True]


def test_where_the_version_is_said_the_driver_is_given_a_second() -> None:
    brief = Deadlines().in_brief()
    assert brief.cuda + brief.allow_devices(8) <= 1.0
    assert Deadlines(cuda=0.1, devices=0.1).in_brief().allow_devices(8) == 0.1


def test_the_capability_said_the_version_is_that_found(machine: Answering) -> None:
    host = detect_host(Overrides(cuda_arch="7.0"), machine)
    assert (host.driver_cuda, host.capabilities) == (CudaVersion(12, 4), (ComputeCapability(7, 0),))
    assert (str(host.verdict), host.source) == ("ok", "libcuda")


def test_a_capability_without_a_version_is_absent(tmp_path: Path) -> None:
    host = detect_host(Overrides(cuda_arch="8.9"), Machine(root=str(tmp_path)))
    assert (host.driver_cuda, host.capabilities, host.verdict.state) == (None, (), State.NONE)


def test_no_capability_said(machine: Answering) -> None:
    host = detect_host(Overrides(cuda_arch=""), machine)
    assert (host.driver_cuda, host.capabilities, len(host.gpus)) == (CudaVersion(12, 4), (), 1)


@given(st.integers(1, 99), st.integers(0, 9))
def test_every_plausible_version_is_read(major: int, minor: int) -> None:
    assert parse_cuda(f" {major}.{minor} ", "x") == CudaVersion(major, minor)


@given(st.integers(1, 99), st.integers(0, 9))
def test_capabilities_are_read_in_both_ways(major: int, minor: int) -> None:
    capability = ComputeCapability(major, minor)
    assert parse_capability(f"{major}.{minor}", "x") == parse_capability(f"sm_{major}{minor}", "x") == capability


@pytest.mark.parametrize("parse", [parse_cuda, parse_capability])
@settings(max_examples=50)
@given(text=st.text(max_size=12))
def test_any_text_is_read_or_refused(parse: Callable[[str, str], CudaVersion | ComputeCapability], text: str) -> None:
    try:
        value = parse(text, "x")
    except HostError:
        return
    assert 1 <= value.major <= 99
