"""The steps of a build, each done only when what it is made from has changed."""

import fcntl
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.rig import base, channels, plugin
from tests.rig.stamp import Stamps, hash_inputs
from tests.rig.table import PAYLOADS, TABLES, list_tables

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / ".rig"
COMMAND = "python -m tests.rig"


def build(at: Path = DEFAULT, root: Path = ROOT) -> None:
    """Build what is missing or out of date under ``at``: conda, channels, plugin; one line for each.

    BuildError: a step failed; the steps before it stand, and the next run goes on from there.
    """
    at = at.resolve()
    at.mkdir(parents=True, exist_ok=True)
    with (at / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = hash_inputs(base.SOURCES, sys.version, str(at))
        project = hash_inputs(root.glob(plugin.PROJECT), made, str(root))
        stamps = Stamps(at / "stamps.json")
        _bring(stamps, "conda", made, lambda: base.build_base(at), "plugin")
        _bring(stamps, "channels", hash_channels(), lambda: channels.build_channels(at))
        _bring(stamps, "plugin", project, lambda: plugin.install_plugin(at, root))


def hash_channels() -> str:
    """Return the digest of all that the channels are made from."""
    return hash_inputs((*channels.SOURCES, *list_tables(), TABLES / PAYLOADS))


def find_fault(at: Path = DEFAULT) -> str | None:
    """Return what is wrong with the rig at ``at`` and the command that mends it; None when it is complete."""
    stamps = Stamps(at / "stamps.json").read()
    if "conda" not in stamps:
        return f"there is no test rig: build it with `{COMMAND}`"
    if stamps.get("channels") != hash_channels():
        return f"the tables have changed since the test rig was built: run `{COMMAND}`"
    return None


def _bring(stamps: Stamps, step: str, digest: str, work: Callable[[], str], *undone: str) -> None:
    """Do ``work`` unless ``step`` is complete for this digest, and say in one line what happened.

    ``undone`` names the steps whose result the work destroys.
    """
    if stamps.read().get(step) == digest:
        print(f"{step:9} up to date")
        return
    started = time.monotonic()
    for name in (step, *undone):
        stamps.write(name, None)
    word = work()
    stamps.write(step, digest)
    print(f"{step:9} {word} ({time.monotonic() - started:.1f} s)", flush=True)
