"""Real conda on captured hosts, without the plugin and with it."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.demo.story import Story, show
from tests.rig.build import DEFAULT
from tests.rig.runner import Conda

if TYPE_CHECKING:
    from collections.abc import Iterator

STORIES = (
    Story(
        "a workstation: RTX 4090, driver 550.54 (CUDA 12.4)",
        "workstation-rtx4090",
        (
            "create -n work pytorch torchvision",
            "install -n work tqdm",
            "install -n work cuda-version=13.0",
            "create -n array cupy",
            "create -n legacy -c pytorch -c nvidia pytorch pytorch-cuda=11.8",
        ),
        cuda="12.4",
    ),
    Story(
        "a server: V100, driver 580.95 (CUDA 13.0, and no kernels for a V100 in CUDA 13)",
        "server-v100",
        ("create -n volta pytorch", "create -n forced 'pytorch=*=cuda130*'"),
        cuda="13.0",
    ),
    Story(
        "a cluster: T4, driver 470.82 (CUDA 11.4)",
        "cluster-t4",
        ("create -n old pytorch", "create -n older 'pytorch=*=*cu*'", "create -n arrays cupy"),
        cuda="11.4",
    ),
    Story(
        "its login node: no GPU, no driver",
        "login-node",
        ("create -n cpu -c pytorch -c nvidia pytorch=2.4", "install -n work torchaudio"),
        start="work",
    ),
)
TELLING = ("pytorch", "torchvision", "torchaudio", "cupy", "pytorch-cuda", "cuda-version", "libcurand")
"""Packages by which an environment is told apart here."""
_ALONE = "conda alone"


def tell_conda(scratch: Path) -> Iterator[str]:
    """Tell all stories, command by command, on both sides; environments last from one story to the next."""
    conda = DEFAULT / "conda/bin/conda"
    sides = {_ALONE: Conda(conda, scratch / "plain"), "with conda-cuda-pin": Conda(conda, scratch / "pinned")}
    for story in STORIES:
        yield story.head
        if story.start:
            plain, pinned = (side.prefix(story.start) for side in sides.values())
            shutil.rmtree(plain)
            shutil.copytree(pinned, plain, symlinks=True)  # both begin with the same CUDA builds
        for command in story.commands:
            yield f"\n$ conda {command}"
            yield from (_try(name, side, command, story) for name, side in sides.items())


def _try(name: str, side: Conda, command: str, story: Story) -> str:
    words = shlex.split(command)
    result = side.run(*words, env=_environ(story, alone=name == _ALONE))
    prefix = side.prefix(words[words.index("-n") + 1])
    outcome = "refused" if result.returncode else "; ".join(_list(prefix)) or "nothing installed"
    return show(name, outcome, result.stderr)


def _environ(story: Story, alone: bool) -> dict[str, str]:
    if alone:
        return {"CONDA_NO_PLUGINS": "true", "CONDA_OVERRIDE_CUDA": story.cuda}
    return {"CONDA_PLUGINS_CUDA_PIN_TARGET": str(story.file)}


def _list(prefix: Path) -> list[str]:
    records = [json.loads(file.read_text(encoding="utf-8")) for file in (prefix / "conda-meta").glob("*.json")]
    found = {record["name"]: f"{record['name']} {record['version']} {_variant(record['build'])}" for record in records}
    return [found[name].strip() for name in TELLING if name in found]


def _variant(build: str) -> str:
    words = [word for word in build.split("_") if "cu" in word or word == "cpu"]
    return f"({words[0]})" if words else ""
