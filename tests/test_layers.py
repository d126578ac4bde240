"""The import rule: a module imports its own floor or lower, and the pure floors look at nothing."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FLOORS = {
    0: ("__init__", "versions", "errors", "span"),
    1: ("host", "package", "request", "settings", "pin", "shadow", "tag", "trial"),
    2: ("knowledge",),
    3: (
        *("component", "requirement", "wheel", "intent", "limit", "caps"),
        *("plan", "climb", "ladder", "price", "rules", "judge", "examination", "proof", "routing", "repair"),
    ),
    4: ("explain",),
    5: ("detect", "inventory", "verification", "workbench"),
    6: ("hooks",),
    7: ("plugin",),
}
FLOOR = {f"conda_cuda_pin.{name}": floor for floor, names in FLOORS.items() for name in names}
IMPURE = {"conda", "ctypes", "os", "pathlib", "subprocess", "pynvml", "urllib", "socket", "shutil", "tempfile"}
READS_FILES = {"importlib", "json", "io"}
HOME_OF_CONDA = ("conda_cuda_pin.hooks", "conda_cuda_pin.plugin")


def find_imports(source: str, module: str, is_package: bool) -> Iterator[str]:
    """Yield everything that a source imports, wherever it stands, by its full name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            path = module.split(".")
            base = path[: len(path) + is_package - node.level] if node.level else []
            parts = [*base, *([node.module] if node.module else [])]
            yield from (".".join([*parts, alias.name]) for alias in node.names)


def lies_in(name: str, *homes: str) -> bool:
    """Whether a module is one of these, or lies in one."""
    return any(name == home or name.startswith(f"{home}.") for home in homes)


def find_floor(module: str) -> int | None:
    """Return the floor of a module of ours, None for one of others; KeyError for one that has no floor."""
    if lies_in(module, "pip_hook"):
        return 6
    if not lies_in(module, "conda_cuda_pin"):
        return None
    return FLOOR[".".join([*module.split("."), "__init__"][:2])]


def find_breaches(source: str, module: str, is_package: bool = False) -> list[str]:
    """Return the imports that a module may not have."""
    floor = find_floor(module)
    assert floor is not None
    banned = IMPURE if lies_in(module, "conda_cuda_pin.knowledge") else IMPURE | READS_FILES
    breaches = []
    for name in find_imports(source, module, is_package):
        above = find_floor(name)
        wrong = above is not None and above > floor
        wrong |= floor <= 4 and name.split(".")[0] in banned
        wrong |= lies_in(name, "conda") and not lies_in(module, *HOME_OF_CONDA)
        wrong |= lies_in(module, "pip_hook") and lies_in(name, *HOME_OF_CONDA)
        breaches += [name] if wrong else []
    return breaches


FILES = [path for package in ("conda_cuda_pin", "pip_hook") for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=[path.relative_to(ROOT).as_posix() for path in FILES])
def test_a_module_imports_its_own_floor_or_lower(path: Path) -> None:
    is_package = path.name == "__init__.py"
    parts = path.relative_to(ROOT).with_suffix("").parts
    module = ".".join(parts[:-1] if is_package else parts)
    assert find_breaches(path.read_text(encoding="utf-8"), module, is_package) == []


PLANTED = [
    ("conda_cuda_pin.span", "from .plan import Plan", "conda_cuda_pin.plan.Plan"),
    ("conda_cuda_pin.pin", "from . import judge", "conda_cuda_pin.judge"),
    ("conda_cuda_pin.host", "def f():\n    from .detect.facts import x", "conda_cuda_pin.detect.facts.x"),
    ("conda_cuda_pin.rules.abi", "from ..explain.host import x", "conda_cuda_pin.explain.host.x"),
    ("conda_cuda_pin.rules.abi", "from .. import hooks", "conda_cuda_pin.hooks"),
    ("conda_cuda_pin.judge", "import conda_cuda_pin.explain.host", "conda_cuda_pin.explain.host"),
    ("conda_cuda_pin.host", "if TYPE_CHECKING:\n    from .component import x", "conda_cuda_pin.component.x"),
    ("conda_cuda_pin.plan", "import os.path", "os.path"),
    ("conda_cuda_pin.explain.host", "from pathlib import Path", "pathlib.Path"),
    ("conda_cuda_pin.versions", "import json", "json"),
    ("conda_cuda_pin.knowledge.table", "import subprocess", "subprocess"),
    ("conda_cuda_pin.detect.probe", "def f():\n    import conda.base", "conda.base"),
    ("conda_cuda_pin.detect.probe", "from conda import plugins", "conda.plugins"),
    ("conda_cuda_pin.hooks.case", "from .. import plugin", "conda_cuda_pin.plugin"),
    ("pip_hook.cli", "from conda_cuda_pin.hooks import case", "conda_cuda_pin.hooks.case"),
    ("pip_hook.cli", "from conda.base import context", "conda.base.context"),
]
ALLOWED = [
    ("conda_cuda_pin.span", "from .versions import CudaVersion"),
    ("conda_cuda_pin.rules.abi", "from ..limit import x\nfrom .rule import Rule\nfrom . import driver"),
    ("conda_cuda_pin.knowledge.table", "import json\nfrom importlib import resources"),
    ("conda_cuda_pin.hooks.case", "from conda.base.context import context\nfrom ..detect import find_host\nimport os"),
    ("conda_cuda_pin.detect.probe", "import ctypes, os, subprocess\nfrom ..host import Host"),
    ("conda_cuda_pin.plan", "import condax, ossaudiodev, re\nfrom fnmatch import fnmatchcase"),
    ("pip_hook.cli", "from conda_cuda_pin.judge import judge_state\nfrom conda_cuda_pin.detect import x"),
]


@pytest.mark.parametrize(("module", "source", "breach"), PLANTED, ids=[row[1].split("\n")[-1] for row in PLANTED])
def test_a_planted_breach_is_found(module: str, source: str, breach: str) -> None:
    assert find_breaches(source, module) == [breach]


@pytest.mark.parametrize(("module", "source"), ALLOWED, ids=[row[0] for row in ALLOWED])
def test_what_is_allowed_is_no_breach(module: str, source: str) -> None:
    assert find_breaches(source, module) == []


def test_in_a_package_a_dot_means_the_package_itself() -> None:
    assert find_breaches("from . import driver\nfrom ..limit import x", "conda_cuda_pin.rules", is_package=True) == []
    assert find_breaches("from ..plugin import x", "conda_cuda_pin.rules", is_package=True)


def test_a_module_without_a_floor_is_an_error() -> None:
    with pytest.raises(KeyError):
        find_breaches("", "conda_cuda_pin.attic")
