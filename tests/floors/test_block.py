"""A refusal: on one screen whatever was found, with value, reason and a way out that can be copied."""

from __future__ import annotations

import shlex
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_cuda_pin.explain.block import describe_block, describe_findings
from conda_cuda_pin.explain.command import ONCE, describe_command, suggest_command
from conda_cuda_pin.host import Host
from conda_cuda_pin.judge import judge_state
from conda_cuda_pin.package import Package
from conda_cuda_pin.request import Request
from conda_cuda_pin.settings import Settings

from .fakes import L4, OLD_CHANNELS, RTX5090, V100, make_host, make_package, make_request, make_spec

HOST = make_host("12.4", L4)
TORCH_130 = make_package("pytorch 2.9.0 cuda130_mkl_py312_300", "cuda-version >=13.0,<14")
MANY = tuple(make_package(f"package{number} 1.0 cuda130_0", "cuda-version >=13.0,<14") for number in range(300))
MINORS = ("11.7.99", "11.8.89", "12.0.107", "12.1.105", "12.4.127", "12.6.77", "12.8.57", "12.9.37", "13.0.48")
PARTS = tuple(make_package(f"cuda-{part} {v} 0", channel="nvidia") for v in MINORS for part in ("cudart", "nvrtc"))
CPU_MIX = (make_package("pytorch 2.7.0 cpu_0"), make_package("torchvision 0.22 cuda126_0", "cuda-version >=12.6,<13"))


def screen(
    *packages: Package, request: Request | None = None, host: Host = HOST, settings: Settings | None = None
) -> str:
    """Return the screen of a refusal."""
    asked = request or make_request("pytorch", where="-n work")
    policy = settings or Settings()
    judgement = judge_state(host, policy, asked, packages)
    assert judgement.blocks
    return describe_block(judgement, asked, host, policy)


def rows_of(text: str) -> dict[str, list[str]]:
    """Return the lines of a screen by the head of their row."""
    rows: dict[str, list[str]] = {}
    head = ""
    for line in text.splitlines()[2:]:
        head = line[2:10].strip() or head
        rows.setdefault(head, []).append(line[11:])
    return rows


@pytest.mark.parametrize("packages", [MANY, PARTS, (*MANY, *PARTS, *CPU_MIX)], ids=["many", "parts", "everything"])
@pytest.mark.parametrize("host", [HOST, make_host("12.4", V100, RTX5090)], ids=["one-gpu", "two-gpus"])
def test_a_refusal_fits_one_screen(packages: tuple[Package, ...], host: Host) -> None:
    text = screen(*packages, host=host)
    assert sum(ceil(len(line) / 200) or 1 for line in text.splitlines()) <= 24


def test_a_long_list_is_counted() -> None:
    assert "and 298 more" in screen(*MANY)


def test_two_of_a_kind_are_named_and_not_counted() -> None:
    lines = rows_of(screen(*MANY[:2]))["breaks"]
    assert len(lines) == 2
    assert not [line for line in lines if "more" in line]


def test_a_refusal_says_what_was_asked_what_is_here_what_breaks_and_the_ways_out() -> None:
    rows = rows_of(screen(TORCH_130))
    assert rows["asked"] == ["conda install -n work pytorch"]
    assert "12.4" in rows["host"][0]
    assert "CUP101 driver-too-old" in rows["breaks"][0]
    assert "pytorch 2.9.0" in rows["breaks"][0]
    assert rows["instead"] == ["conda install -n work pytorch 'cuda-version<13'"]
    assert rows["anyway"][0].startswith(f"{ONCE} conda install -n work pytorch")
    assert "cuda_pin_ignore: [CUP101]" in rows["anyway"][0]
    assert rows["more"] == ["conda cuda-pin explain CUP101"]


def test_what_was_asked_for_is_named_before_what_came_along() -> None:
    lines = describe_findings(
        judge_state(HOST, Settings(), Request(), (*MANY, TORCH_130)).blocks, make_request("pytorch")
    )
    assert "pytorch 2.9.0" in lines[0]


WISHES = [
    ("too-old", HOST, (TORCH_130,), make_request("pytorch", "numpy>=2"), "numpy>=2"),
    ("old-major", make_host("11.4", L4), (TORCH_130,), make_request("pytorch", "numpy>=2"), "numpy>=2"),
    ("volta", make_host("13.0", V100), (TORCH_130,), make_request("pytorch", "numpy>=2"), "numpy>=2"),
    ("beyond", HOST, (TORCH_130,), make_request("pytorch", "cuda-version=13.0", "numpy>=2"), "numpy>=2"),
    ("build", HOST, (TORCH_130,), make_request("pytorch=2.9=cuda130*"), "pytorch=2.9"),
    ("parts", HOST, PARTS[2:6], make_request("cuda-nvrtc", "numpy>=2"), "numpy>=2"),
    ("cpu", HOST, CPU_MIX, make_request("torchvision", "numpy>=2"), "numpy>=2"),
]


@pytest.mark.parametrize(
    ("host", "packages", "request_", "kept"), [row[1:] for row in WISHES], ids=[row[0] for row in WISHES]
)
def test_the_command_to_copy_keeps_the_rest_of_the_wish(
    host: Host, packages: tuple[Package, ...], request_: Request, kept: str
) -> None:
    (command,) = rows_of(screen(*packages, host=host, request=request_)).get("instead", ["conda install numpy>=2"])
    assert shlex.split(command)[:2] == ["conda", "install"]
    assert kept in shlex.split(command)


@pytest.mark.parametrize(("host", "packages", "request_"), [row[1:4] for row in WISHES], ids=[row[0] for row in WISHES])
def test_what_was_just_refused_is_never_offered_instead(
    host: Host, packages: tuple[Package, ...], request_: Request
) -> None:
    rows = rows_of(screen(*packages, host=host, request=request_))
    assert rows["asked"] != rows.get("instead")


def test_the_command_to_copy_keeps_the_options_that_it_needs() -> None:
    request = Request("create", (make_spec("pytorch"),), OLD_CHANNELS, "-n 'my env'", "-c pytorch -c nvidia")
    blocks = judge_state(HOST, Settings(), request, (TORCH_130,)).blocks
    words = shlex.split(suggest_command(blocks, request, HOST, Settings()))
    assert words == ["conda", "create", "-n", "my env", "-c", "pytorch", "-c", "nvidia", "pytorch", "cuda-version<13"]


def test_a_selector_that_cannot_work_leaves_the_command_for_one_that_can() -> None:
    request = make_request("pytorch", "cudatoolkit=11.8", "numpy", channels=("pytorch",))
    packages = (make_package("pytorch 2.4.0 py3.12_cpu_0", channel="pytorch"),)
    command = suggest_command(judge_state(HOST, Settings(), request, packages).blocks, request, HOST, Settings())
    assert shlex.split(command)[2:] == ["-c", "nvidia", "pytorch", "numpy", "pytorch-cuda=11.8"]


def test_a_mended_update_is_an_install() -> None:
    """``conda update`` takes no versions."""
    request = make_request("pytorch", verb="update")
    blocks = judge_state(HOST, Settings(), request, (TORCH_130,)).blocks
    assert suggest_command(blocks, request, HOST, Settings()).startswith("conda install ")
    assert describe_command(request) == "conda update pytorch"
    assert describe_command(Request("update")) == "conda update --all"
    assert describe_command(Request("install")) == "conda install"


names = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
tails = st.sampled_from(["", "=2.5", ">=2,<3", "=*=*cu*", "==1.0", "<13", "!=2.1", "=2.5=cuda126*"])


@given(st.lists(st.builds(str.__add__, names, tails), min_size=1, max_size=5), names)
def test_a_command_parses_back_to_its_specs(specs: list[str], environment: str) -> None:
    request = make_request(*specs, where=f"-n {environment}")
    assert shlex.split(describe_command(request)) == ["conda", "install", "-n", environment, *specs]
