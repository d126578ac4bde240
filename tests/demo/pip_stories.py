"""Real pip and real pip-cuda on captured hosts, on indexes of the loopback that are laid out as PyPI and PyTorch's."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from conda_cuda_pin.inventory import read_inventory
from pip_hook.asked import read_spec
from pip_hook.speech import BLOCKED
from tests.demo.story import Story, show
from tests.piprig.environment import Venv, make_venv
from tests.piprig.hook import make_hook
from tests.piprig.index import PYPI, Offer, make_page
from tests.piprig.pips import NEWEST, find_pip
from tests.piprig.sdist import Sdist
from tests.piprig.server import IndexServer
from tests.piprig.tool import Tool, make_tool
from tests.piprig.wheel import Wheel
from tests.piprig.world import make_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.rig.runner import Result

CHECK = "check"
"""What both sides say of the environment that pip alone has made."""
STORIES = (
    Story(
        "pip on the workstation: RTX 4090, driver 550.54 (CUDA 12.4); torch on PyPI is built for CUDA 13.2",
        "workstation-rtx4090",
        ("install requests", "install torch torchvision", CHECK, "install torch-scatter"),
    ),
    Story(
        "the same workstation, with the index for CUDA 12.6 added: pip takes the highest version of all indexes",
        "workstation-rtx4090",
        ("install torch --extra-index-url https://download.pytorch.org/whl/cu126",),
    ),
    Story(
        "pip on the server: V100, driver 580.95 (CUDA 13.0); as for Pascal and Maxwell, cu126 is the last with kernels",
        "server-v100",
        ("install torch", CHECK),
    ),
    Story(
        "pip on another server: H100, driver 580.95 (CUDA 13.0); NCCL for CUDA 12 and 13 are one file",
        "server-h100",
        ("install torch", "install nvidia-nccl-cu12==2.27.5", CHECK),
    ),
)
_ALONE = "pip alone"
_SOURCE = Offer(Sdist(Wheel("torch-scatter", "2.1.2"), imports=("torch",)))
_PAGE = make_page("data.pyg.org/whl/torch-2.14.0+cu126.html", Wheel("torch-scatter", "2.1.2+pt214cu126"))


@dataclass(frozen=True)
class Stage:
    """What one story is told on: for each side an environment of its own."""

    story: Story
    world: IndexServer
    scratch: Path

    @cached_property
    def plain(self) -> Venv:
        """The environment of pip alone."""
        return make_venv(self.scratch / "plain/env")

    @cached_property
    def guarded(self) -> Venv:
        """The environment of pip-cuda."""
        return make_venv(self.scratch / "guarded/env")

    @cached_property
    def pip(self) -> Tool:
        """Plain pip."""
        command = (find_pip(NEWEST).python, "-m", "pip", "--python", self.plain.python)
        return make_tool(command, self.scratch / "plain")

    @cached_property
    def hook(self) -> Tool:
        """pip-cuda."""
        made = make_hook(self.guarded, self.scratch / "guarded", self.world)
        own = {"CONDA_PLUGINS_CUDA_PIN_TARGET": str(self.story.file), "PIP_PYTHON": str(self.guarded.python)}
        return replace(made, command=made.command[: made.command.index("--python")], environ={**made.environ, **own})

    def ask(self, command: str) -> str:
        """Run one command on both sides and return what came of it."""
        words = shlex.split(command)
        there = [word.replace("https://", f"{self.world.url}/") for word in words]  # pip knows of no mirrors
        alone = self.pip.run(*there, env={"PIP_INDEX_URL": self.world.locate(PYPI)})
        if command == CHECK:
            checked = self.hook.run(CHECK, str(self.plain.prefix))
            return "\n".join([show(_ALONE, alone.stdout.strip(), ""), show("pip-cuda check", "", checked.stdout)])
        with_ours = self.hook.run(*words)
        sides = ((_ALONE, alone, self.plain), ("with pip-cuda", with_ours, self.guarded))
        names = [spec.name for word in words[1:] if (spec := read_spec(word)) is not None]
        return "\n".join(show(name, _conclude(result, env, names), _read_words(result)) for name, result, env in sides)


def make_demo_world() -> IndexServer:
    """Return the world: torch-scatter is source code on PyPI, and wheels on its own page."""
    pypi, *others = make_world()
    return IndexServer(replace(pypi, offers=(*pypi.offers, _SOURCE)), *others, _PAGE)


def tell_pip(scratch: Path) -> Iterator[str]:
    """Tell all stories, command by command, on both sides."""
    with make_demo_world() as world:
        for number, story in enumerate(STORIES):
            yield from tell_story(story, world, scratch / str(number))


def tell_story(story: Story, world: IndexServer, scratch: Path) -> Iterator[str]:
    """Tell one story."""
    stage = Stage(story, world, scratch)
    yield story.head
    for command in story.commands:
        yield f"\n$ pip {command}"
        yield stage.ask(command)


def _conclude(result: Result, env: Venv, names: Sequence[str]) -> str:
    """Return what is there of what was asked for; the build of torch is read from its files, as PyPI's does not say."""
    if result.returncode:
        return "refused" if result.returncode == BLOCKED else "failed"
    found = {package.name: str(package) for package in read_inventory(env.prefix)}
    return "; ".join(found[name] for name in names if name in found)


def _read_words(result: Result) -> str:
    """Return what a side said beside pip's own account; of a failure, its last line that says what went wrong."""
    if result.returncode in (0, BLOCKED):
        return result.stderr
    return next((line.strip() for line in reversed(result.stderr.splitlines()) if "Error:" in line), result.stderr)
