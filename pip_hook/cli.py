"""The command ``pip-cuda``. Only ``debug`` is here yet; what installs comes next."""

from __future__ import annotations

import os
import sys

COMING = 2
"""Exit status of everything that is not here yet."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command line; return its exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["debug"] and set(words[1:]) <= {"--json"}:
        print(describe_machine(as_json="--json" in words))
        return 0
    print(
        "pip-cuda installs nothing yet: that comes in the next release. Here now: pip-cuda debug [--json]",
        file=sys.stderr,
    )
    return COMING


def describe_machine(as_json: bool) -> str:
    """Say what this machine can run and which source said what, as text or as JSON."""
    import json

    from conda_cuda_pin.detect import detect_host, host_to_json, read_overrides
    from conda_cuda_pin.errors import HostError
    from conda_cuda_pin.explain.host import describe_status

    try:
        host = detect_host(read_overrides(os.environ))
    except HostError as error:
        raise SystemExit(f"pip-cuda: {error}") from error
    return json.dumps({"host": host_to_json(host)}, indent=2) if as_json else "\n".join(describe_status(host))
