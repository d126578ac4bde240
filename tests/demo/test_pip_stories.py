"""The stories of pip end as they are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demo.pip_stories import STORIES, make_demo_world, tell_story
from tests.demo.story import Story
from tests.piprig.pips import PipMissing

pytestmark = pytest.mark.pip

ENDS = (
    (
        "pip alone:            torch 2.15.0+cu132; torchvision 0.29.2",
        "with pip-cuda:        torch 2.14.1+cu126; torchvision 0.29.1+cu126",
        "pip alone:            No broken requirements found.",
        "breaks: CUP101 driver-too-old: torch 2.15.0+cu132",
        "pip alone:            failed",
        "with pip-cuda:        torch-scatter 2.1.2+pt214cu126",
    ),
    ("pip alone:            torch 2.15.0+cu132", "with pip-cuda:        torch 2.14.1+cu126"),
    (
        "pip alone:            torch 2.15.0+cu132",
        "with pip-cuda:        torch 2.14.1+cu126",
        "breaks: CUP103 arch-unsupported: torch 2.15.0+cu132 has no kernels for compute capability 7.0",
    ),
    (
        "with pip-cuda:        torch 2.15.0+cu130",
        "pip alone:            nvidia-nccl-cu12 2.27.5",
        "with pip-cuda:        refused",
        "instead  pip-cuda install 'nvidia-nccl-cu12>=2.30.7'",
        "pip alone:            No broken requirements found.",
        "breaks: CUP202 file-clobber: nvidia-nccl-cu12 2.27.5",
    ),
)


@pytest.mark.parametrize(("story", "ends"), [*zip(STORIES, ENDS, strict=True)], ids=[story.host for story in STORIES])
def test_a_story_ends_as_it_is_told(story: Story, ends: tuple[str, ...], tmp_path: Path) -> None:
    try:
        with make_demo_world() as world:
            told = "\n".join(tell_story(story, world, tmp_path))
    except PipMissing as reason:
        pytest.skip(str(reason))
    places = [told.find(end) for end in ends]
    assert -1 not in places, told
    assert places == sorted(places), told
