"""A real conda 24.7.1 as a base environment, from PyPI packages alone.

conda itself is not on PyPI, but the conda_lock wheel carries all of it under ``conda_lock/_vendor``;
a virtual environment with that directory under its true name is a working base environment
(no ``conda init``, no libmamba). Source: https://pypi.org/project/conda-lock/4.0.3/
"""

import json
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path
from typing import Any

PURELIB = "import sysconfig; print(sysconfig.get_path('purelib'))"
HERE = Path(__file__).parent
FACTS: dict[str, Any] = json.loads((HERE / "base.json").read_text())
SOURCES = tuple(HERE / name for name in ("base.py", "base.json", "entry.py"))


class BuildError(Exception):
    """A step of the build failed; the text says which command and what it printed."""


def run(*command: str | Path) -> str:
    """Run ``command`` and return its standard output; BuildError when it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def run_pip(prefix: Path, *arguments: str) -> None:
    """Run the pip of the environment ``prefix``; BuildError when it fails."""
    run(prefix / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments)


def build_base(at: Path) -> str:
    """Make the conda base environment ``at/conda`` anew and return a word on what it is.

    BuildError: pip could not get or build what it needs.
    """
    prefix = at / "conda"
    shutil.rmtree(prefix, ignore_errors=True)
    venv.create(prefix, with_pip=True, symlinks=True)
    run_pip(prefix, "install", *FACTS["requirements"])
    solver = _install_sat_solver(prefix)
    _install_conda(prefix)
    _make_base(prefix)
    condarc = {**FACTS["condarc"], "sat_solver": solver, "channel_alias": (at / "channels").as_uri()}
    (prefix / ".condarc").write_text(json.dumps(condarc, indent=2) + "\n")
    version = ".".join(map(str, sys.version_info[:3]))
    return f"conda {FACTS['version']} on Python {version} with {solver}"


def _install_sat_solver(prefix: Path) -> str:
    """Install the first SAT solver that this machine can: pycosat needs a C compiler, pysat has wheels."""
    *wished, last = FACTS["sat_solvers"].items()
    for name, requirement in wished:
        try:
            run_pip(prefix, "install", requirement)
        except BuildError:
            continue
        return str(name)
    run_pip(prefix, "install", last[1])
    return str(last[0])


def _install_conda(prefix: Path) -> None:
    """Put conda under its true name into ``prefix``, with the metadata that entry points need."""
    purelib = Path(run(prefix / "bin" / "python", "-c", PURELIB).strip())
    with tempfile.TemporaryDirectory() as scratch:
        run_pip(prefix, "download", "--no-deps", "--dest", scratch, FACTS["wheel"])
        for wheel in Path(scratch).glob("*.whl"):
            _unpack(wheel, purelib / "conda")
    info = purelib / f"conda-{FACTS['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: conda\nVersion: {FACTS['version']}\n")
    (info / "INSTALLER").write_text("rig\n")
    (info / "RECORD").write_text("")


def _unpack(wheel: Path, target: Path) -> None:
    """Copy the vendored conda out of ``wheel``, undoing the vendoring and what Python 3.13 removed."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.startswith(FACTS["vendored"]) or name.endswith("/"):
                continue
            content = archive.read(name)
            if name.endswith(".py"):
                for old, new in FACTS["replacements"]:
                    content = content.replace(old.encode(), new.encode())
            file = target / name.removeprefix(FACTS["vendored"])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def _make_base(prefix: Path) -> None:
    """Make ``prefix`` a conda environment and give it the command ``conda``."""
    (prefix / "conda-meta").mkdir()
    (prefix / "conda-meta" / "history").touch()
    script = prefix / "bin" / "conda"
    script.write_text(f"#!{prefix / 'bin' / 'python'}\n" + (HERE / "entry.py").read_text())
    script.chmod(0o755)
