"""Libraries that are looked at: whose a contested file is, and which are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conda_cuda_pin.inventory import take_inventory
from conda_cuda_pin.inventory.contents import look_at_files
from conda_cuda_pin.inventory.problems import Problems
from tests.piprig.environment import make_venv
from tests.piprig.wheel import Wheel, label_files

if TYPE_CHECKING:
    from pathlib import Path

    from conda_cuda_pin.package import Package

NCCL = "nvidia/nccl/lib/libnccl.so.2"
OLD = Wheel("nvidia-nccl-cu12", "2.27.5", files=label_files([NCCL, "nvidia/a.so"], "old"))
NEW = Wheel("nvidia-nccl-cu13", "2.30.7", files=label_files([NCCL], "new"))


def look(prefix: Path) -> dict[str, Package]:
    inventory, problems = take_inventory(prefix), Problems()
    found = {package.name: package for package in look_at_files(inventory.packages, inventory.sites, problems)}
    assert problems == []
    return found


def test_of_two_owners_the_last_one_written_is_known(tmp_path: Path) -> None:
    for last, first in ((OLD, NEW), (NEW, OLD)):
        venv = make_venv(tmp_path / last.version)
        venv.unpack(first, last)
        found = {name: {file.path: file for file in package.files} for name, package in look(venv.prefix).items()}
        winner = found[last.project][NCCL]
        assert winner.actual == winner.digest
        assert found[first.project][NCCL].actual == winner.digest
        assert found["nvidia-nccl-cu12"]["nvidia/a.so"].actual is None  # nobody else claims it: it is not read


def test_a_file_that_is_gone_is_noted(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "env")
    venv.unpack(NEW)
    (venv.packages / NCCL).unlink()
    assert [file.actual for file in look(venv.prefix)["nvidia-nccl-cu13"].files] == [""]


def test_a_digest_of_another_kind_is_not_compared(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "env")
    venv.unpack(OLD, NEW)
    record = venv.packages / NEW.info / "RECORD"
    record.write_text(record.read_text().replace("sha256=", "sha512="))
    assert [file.actual for file in look(venv.prefix)["nvidia-nccl-cu13"].files] == [None]
