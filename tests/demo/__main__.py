"""Runs the demonstration: real conda on captured hosts, without the plugin and with it."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from tests.demo.stories import STORIES, Story
from tests.rig.build import DEFAULT
from tests.rig.runner import Conda, Result

TELLING = ("pytorch", "torchvision", "torchaudio", "cupy", "pytorch-cuda", "cuda-version", "libcurand")
"""Packages by which an environment is told apart here."""


def main() -> int:
    """Tell all stories; exit status 1 if conda itself broke down in one."""
    with tempfile.TemporaryDirectory() as scratch:
        sides = {
            "conda alone": Conda(DEFAULT / "conda/bin/conda", Path(scratch, "plain")),
            "with conda-cuda-pin": Conda(DEFAULT / "conda/bin/conda", Path(scratch, "pinned")),
        }
        for story in STORIES:
            tell(story, sides)
    return 0


def tell(story: Story, sides: dict[str, Conda]) -> None:
    """Tell one story, command by command, on both sides."""
    print(f"\n{'=' * 100}\n{story.title}\n{'=' * 100}")
    if story.start:
        plain, pinned = (conda.prefix(story.start) for conda in sides.values())
        shutil.rmtree(plain)
        shutil.copytree(pinned, plain, symlinks=True)  # both begin with the same CUDA builds
    for command in story.commands:
        print(f"\n$ conda {command}")
        for name, conda in sides.items():
            result = conda.run(*shlex.split(command), env=_environ(story, alone=name == "conda alone"))
            _show(name, result, conda.prefix(_environment(command)))


def _environ(story: Story, alone: bool) -> dict[str, str]:
    if alone:
        return {"CONDA_NO_PLUGINS": "true", "CONDA_OVERRIDE_CUDA": story.cuda}
    return {"CONDA_PLUGINS_CUDA_PIN_TARGET": str(story.file)}


def _environment(command: str) -> str:
    words = shlex.split(command)
    return words[words.index("-n") + 1]


def _show(name: str, result: Result, prefix: Path) -> None:
    outcome = "refused" if result.returncode else "; ".join(_list(prefix)) or "nothing installed"
    print(f"  {name + ':':21} {outcome}")
    for line in result.stderr.strip().splitlines():
        print(f"  {'':21} | {line}")


def _list(prefix: Path) -> list[str]:
    records = [json.loads(file.read_text(encoding="utf-8")) for file in (prefix / "conda-meta").glob("*.json")]
    found = {record["name"]: f"{record['name']} {record['version']} {_variant(record['build'])}" for record in records}
    return [found[name].strip() for name in TELLING if name in found]


def _variant(build: str) -> str:
    words = [word for word in build.split("_") if "cu" in word or word == "cpu"]
    return f"({words[0]})" if words else ""


if __name__ == "__main__":
    sys.exit(main())
