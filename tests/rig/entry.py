"""The rig's ``bin/conda``: this file with a ``#!`` line in front, run by the rig's own interpreter.

Called plainly it shuts out the caller's conda: its own HOME beside the base, and none of the variables
that point to another installation. A caller that sets ``RIG_HOME`` (:class:`tests.rig.runner.Conda`)
has done so itself, and its environment is taken as it is, with that directory as HOME.
"""

import os
import sys
import warnings
from collections.abc import MutableMapping
from importlib import import_module
from pathlib import Path

FOREIGN = (
    "CONDA_DEFAULT_ENV",
    "CONDA_EXE",
    "CONDA_PREFIX",
    "CONDA_PYTHON_EXE",
    "CONDA_ROOT",
    "CONDA_SHLVL",
    "CONDARC",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
)


def isolate(environ: MutableMapping[str, str], home: Path) -> None:
    """Give ``environ`` a HOME of its own; ``home`` is the one for callers that named none."""
    chosen = environ.pop("RIG_HOME", None)
    if chosen is None:
        for name in FOREIGN:
            environ.pop(name, None)
        home.mkdir(exist_ok=True)
    environ["HOME"] = chosen or str(home)


def main() -> int:
    """Run conda on ``sys.argv`` and return its exit status."""
    isolate(os.environ, Path(sys.prefix).parent / "home")
    # conda 24.7.1 is older than Python 3.13, which warns of a partial in its log filter
    warnings.filterwarnings("ignore", category=FutureWarning, module="conda")
    return int(import_module("conda.cli.main").main() or 0)


if __name__ == "__main__":
    sys.exit(main())
