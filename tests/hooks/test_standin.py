"""What was measured on libmamba, held by a stand-in backend of the same interface (see ``standin``)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.rig.fixtures import Rig

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.conda


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def ask(rig: Rig, home: Path, scenario: str = "", cuda: str = "12.4") -> dict[str, Any]:
    """Run the stand-in in the rig's Python and return the facts."""
    env = {"HOME": str(home), "CONDA_OVERRIDE_CUDA": cuda, "PATH": "/usr/bin:/bin"}
    command = [str(rig.python), "-m", "tests.hooks.standin", scenario]
    result = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    facts: dict[str, Any] = json.loads(result.stdout)
    return facts


def test_a_second_solve_is_free_of_the_pins_of_the_first(rig: Rig, home: Path) -> None:
    facts = ask(rig, home)
    first, second = facts["calls"]
    assert not any("torchvision" in pin for pin in first)
    assert any("torchvision" in pin and "cu" in pin for pin in second)
    assert len(second) == len({pin.split("[")[0].split("<")[0] for pin in second}), "a pin of the first solve leaked"


def test_the_index_is_loaded_once_and_its_installed_repo_made_anew(rig: Rig, home: Path) -> None:
    facts = ask(rig, home)
    assert (facts["loads"], len(facts["calls"])) == (1, 2)
    assert facts["priorities"] == 1, "the repo priorities are lost with the repo that was replaced"


def test_changed_internals_cost_a_load_and_not_the_answer(rig: Rig, home: Path) -> None:
    facts = ask(rig, home, "broken-internals")
    assert (facts["loads"], facts["build"]) == (2, "cuda129_py313_h0_0")


def test_one_solve_where_nothing_is_to_be_wished_for(rig: Rig, home: Path) -> None:
    facts = ask(rig, home, cuda="")
    assert (len(facts["calls"]), facts["build"]) == (1, "cpu_py313_h0_0")


def test_the_index_is_let_go_when_the_solve_is_over(rig: Rig, home: Path) -> None:
    assert ask(rig, home)["kept"] is None


def test_the_signature_of_the_backend_is_untouched(rig: Rig, home: Path) -> None:
    facts = ask(rig, home)
    assert facts["subset"], "conda would no longer pass build_repodata_subset"
    assert not facts["own_init"]


def test_a_backend_is_wrapped_once_under_its_own_name(rig: Rig, home: Path) -> None:
    facts = ask(rig, home)
    assert facts["same_class"]
    assert facts["name"] == "LibMambaLike"


def test_what_cannot_be_wrapped_is_left_as_it_is(rig: Rig, home: Path) -> None:
    assert ask(rig, home)["unwrapped"]
