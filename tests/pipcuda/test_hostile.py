"""Bad indexes, bad files, and being stopped: an error that says what is wrong, and nothing left behind."""

from __future__ import annotations

import signal
import subprocess
import time
from dataclasses import replace as change

import pytest

from pip_hook.page import read_page
from tests.pipcuda.conftest import TARGET, Hook
from tests.pipcuda.world import torch_12
from tests.piprig.fault import SILENCE, Fault, redirect, replace, truncate
from tests.piprig.index import Offer, make_torch
from tests.piprig.wheel import Wheel

pytestmark = pytest.mark.pip

PAGE = "*/cu126/torch/"
TORCH = torch_12("2.14.1+cu126", "12.6.77")
QUICK = ("--timeout", "1", "--retries", "0")
FAULTS = {
    "loop": (PAGE, redirect("/download.pytorch.org/whl/cu126/torch/"), "this page could not be read"),
    "slow": (PAGE, Fault(delay=20), "this page could not be read"),
    "dropped": (PAGE, SILENCE, "this page could not be read"),
    "garbage": (
        PAGE,
        replace(b"\xff\xfe\x00<a href='http://[bad'>x</a><<<a href=torch-0-x>"),
        "no index of torch has a build",
    ),
    "metadata dropped": ("*.metadata", SILENCE, "connection"),
    "metadata lies": ("*/torch-*.metadata", replace(b"Name: torch\nVersion: 9\n"), "HASHES"),
    "wheel cut": ("*.whl", truncate(300), "incomplete"),
    "wheel is none": ("*.whl", replace(b"no archive"), "HASHES"),
}
LIES = {
    "hash": (Offer(TORCH, told_hash="0" * 64), "HASHES"),
    "requirements": (Offer(TORCH, told_metadata=Wheel("torch", TORCH.version).metadata), "inconsistent Requires-Dist"),
    "path in the archive": (Offer(Wheel("torch", TORCH.version, files={"../../evil": b""})), "outside the target"),
    "path in the name": (Offer(TORCH, name="..%2F..%2Ftorch-2.14.1%2Bcu126-py3-none-any.whl"), "torch"),
}


def check(hook: Hook, *words: str, said: str) -> None:
    """Run, and see that it fails as it should."""
    result = hook.run("install", *QUICK, *words)
    told = result.stdout + result.stderr
    assert result.returncode not in (0, 2), told
    assert said in told
    assert "Traceback" not in told
    assert "internal error" not in told
    assert hook.installed == {}
    assert hook.left == []
    assert not list(hook.target.prefix.parent.rglob("evil"))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_server(hook: Hook, fault: str) -> None:
    pattern, answer, said = FAULTS[fault]
    hook.world.faults[pattern] = answer
    check(hook, "torch", said=said)


@pytest.mark.parametrize("lie", LIES)
def test_an_index_that_lies(hook: Hook, lie: str) -> None:
    offer, said = LIES[lie]
    hook.world.indexes[1] = make_torch("cu126", offer)
    check(hook, "torch", said=said)


def test_a_page_without_end_is_no_page() -> None:
    """Neither deep nesting nor bad addresses are more than a page that lists nothing."""
    with pytest.raises((ValueError, RecursionError)):
        read_page('{"files": ' + "[" * 100_000, "application/json")
    assert [entry.filename for entry in read_page("<a href='//[x'></a><a href='a/b-1.whl'></a>", "text/html")] == [
        "",
        "b-1.whl",
    ]


def test_a_requires_python_that_is_none_excludes_nothing(hook: Hook) -> None:
    hook.world.indexes[1] = make_torch("cu126", change(TORCH, requires_python="three"))
    assert hook.run("install", "--explain", "torch").stdout.count("2.14.1+cu126") > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plugins:\n  cuda_pin_mode: [x\n", ".condarc, line 3: this cannot be read as YAML"),
        ("plugins:\n  cuda_pin_mode: loud\n", ".condarc, line 2: allowed: enforce, warn, off"),
    ],
)
def test_settings_that_cannot_be_read(hook: Hook, text: str, said: str) -> None:
    hook.place(".condarc", text)
    check(hook, "torch", said=said)


def test_a_file_of_a_hundred_thousand_lines(hook: Hook) -> None:
    lines = "".join(f"package-{number}==1.{number} ; python_version > '3'\n" for number in range(100_000))
    hook.place("r.txt", "torch\n" + lines)
    result = hook.run("install", "--explain", "-r", "r.txt")
    assert result.returncode == 0, result.stderr[-2000:]
    assert "download.pytorch.org/whl/cu126" in result.stdout
    assert hook.left == []


@pytest.mark.parametrize("name", ["torch", "lightning"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 1), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_being_stopped_while_pip_resolves(hook: Hook, name: str, number: signal.Signals, code: int) -> None:
    hook.world.faults["*.metadata"] = Fault(delay=20)
    words = [*hook.tool.command, "install", name]
    environ = {**hook.tool.environ, TARGET: "12.4 8.9"}
    with subprocess.Popen(words, env=environ, cwd=hook.tool.at, stdout=-1, stderr=-1, text=True) as process:
        page = f"/{name}/"
        while len([one for one in hook.world.asked if one.path.endswith(page)]) < (2 if name == "torch" else 1):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert "Traceback" not in out + err
    assert hook.installed == {}
    assert hook.left == []
