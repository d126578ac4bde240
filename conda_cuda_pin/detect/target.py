"""The declared host that the setting ``cuda_pin_target`` names, written out or as a file."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import HostError
from .declaration import declared_host

if TYPE_CHECKING:
    from ..host import Host


@functools.cache
def read_target(target: str, platform: str) -> Host:
    """Return the host of a CUDA version with or without capabilities, or of a file of ``status --json``.

    ``platform`` counts where the target does not name one. Raises HostError for a value no host can have, and for a
    file that cannot be read.
    """
    looks_like_file = target.endswith(".json") or os.sep in target
    return declared_host(_read_file(target) if looks_like_file else target, platform)


def _read_file(target: str) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads(Path(target).expanduser().read_text(encoding="utf-8"))
        host: dict[str, Any] = facts.get("host", facts)
    except (OSError, ValueError, AttributeError) as error:
        advice = "`conda cuda-pin status --json` or `pip-cuda debug --json` writes one; or give a version such as 12.4"
        raise HostError(
            f"cuda_pin_target names {target!r}, which is no readable host file ({error}); {advice}"
        ) from error
    return host
