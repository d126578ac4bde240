"""What is not about CUDA is pip's, to the letter: exit status and output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.pipcuda.world import WORLD
from tests.piprig.environment import make_venv
from tests.piprig.hook import find_hook
from tests.piprig.pips import PipMissing
from tests.piprig.server import IndexServer
from tests.piprig.tool import Tool, make_tool
from tests.rig.runner import Result

pytestmark = pytest.mark.pip

LINES = """
--version
--help
help
install --help
download -h
list
list --format json
freeze
show numpy
show nothing
check
inspect
config list
config debug
cache dir
cache info
cache purge
nothing
index versions numpy
hash requirements.txt
install
install --nothing numpy
install nothing-at-all
install numpy
install -v --dry-run pandas
install --dry-run pandas
install --dry-run --report - -q pandas
install -U numpy
install --force-reinstall numpy
install -r requirements.txt
install -r missing.txt
install -c requirements.txt pandas
install ./missing
install --target there pandas
install --no-deps pandas
install --no-index numpy
install --require-hashes numpy
install --only-binary :all: pandas
install -e .
download pandas
download -d there pandas
wheel pandas
uninstall -y pandas
uninstall -y nothing
uninstall
search numpy
""".strip().splitlines()


@pytest.fixture(scope="module")
def earth() -> Iterator[IndexServer]:
    with IndexServer(*WORLD) as server:
        yield server


@pytest.fixture(scope="module")
def both(earth: IndexServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Tool, Tool]:
    """Two environments that are given the same commands one after the other: so they stay alike."""
    root = tmp_path_factory.mktemp("both")

    def make(name: str, module: str) -> Tool:
        place = root / name
        target = make_venv(place / "env")
        tool = make_tool((find_hook().python, "-m", module, "--python", target.python), place)
        (tool.at / "requirements.txt").write_text("pandas>=2\n", encoding="utf-8")
        tool.run("install", "--quiet", "numpy", *index(earth), check=True)
        return tool

    try:
        return make("bare", "pip"), make("hook", "pip_hook")
    except PipMissing as reason:
        pytest.skip(str(reason))


def run_both(both: tuple[Tool, Tool], *words: str) -> Iterator[Result]:
    """Run one command in both environments, at the same time."""
    with ThreadPoolExecutor(2) as pool:
        return pool.map(lambda tool: tool.run(*words), both)


def index(earth: IndexServer) -> tuple[str, ...]:
    return ("--index-url", earth.locate("pypi.org/simple"))


def clean(text: str) -> str:
    """Leave out what differs between two runs of pip itself."""
    text = re.sub(r"/(bare|hook)/", "/X/", text)
    text = re.sub(r"(pip-[a-z-]+)-\w{8}", r"\1", text)
    text = re.sub(r"\d+(\.\d+)? ?(kB|MB|bytes|s\b)", "N", text)
    return re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.,]+", "TIME", text)


def compare(one: Result, other: Result) -> None:
    assert other.returncode == one.returncode
    assert clean(other.stdout) == clean(one.stdout)
    assert clean(other.stderr) == clean(one.stderr)


@pytest.mark.parametrize("line", LINES)
def test_the_same_as_pip(both: tuple[Tool, Tool], earth: IndexServer, line: str) -> None:
    verb = line.split(maxsplit=1)[0]
    words = [*line.split(), *(index(earth) if verb in ("install", "download", "wheel", "index") else ())]
    compare(*run_both(both, *words))


def test_nothing_is_left_behind(both: tuple[Tool, Tool], earth: IndexServer) -> None:
    plain, ours = both
    run_both(both, "install", "pandas", *index(earth))

    def files(tool: Tool) -> set[str]:
        root = tool.at.parent
        found = {path.relative_to(root).as_posix() for path in root.rglob("*")}
        return {name for name in found if not name.startswith("home/cache/") and "__pycache__" not in name}

    assert files(ours) == files(plain)


def test_its_own_pip_without_a_target(tmp_path: Path) -> None:
    hook = find_hook()
    plain = make_tool((hook.python, "-m", "pip"), tmp_path / "bare").run("list")
    ours = make_tool((hook.python, "-m", "pip_hook"), tmp_path / "hook").run("list")
    compare(plain, ours)
