"""Runs the demonstration: conda and pip on captured hosts, each alone and with this project."""

from __future__ import annotations

import tempfile
from itertools import chain
from pathlib import Path

from tests.demo.conda_stories import tell_conda
from tests.demo.pip_stories import tell_pip
from tests.piprig.pips import PipMissing

with tempfile.TemporaryDirectory() as scratch:
    try:
        for part in chain(tell_conda(Path(scratch, "conda")), tell_pip(Path(scratch, "pip"))):
            print(part, flush=True)
    except PipMissing as reason:
        print(f"\nthe stories of pip are left out: {reason}")
