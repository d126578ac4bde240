"""Damaged environments: nothing raises, what can be read is read, and the rest is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conda_cuda_pin.inventory import take_inventory
from tests.inventory.places import SITES, add_record, add_wheel


def no_json(prefix: Path) -> None:
    add_record(prefix, "bad", "1").write_text('{"name": "bad", "ver')


def a_list(prefix: Path) -> None:
    add_record(prefix, "bad", "1").write_text("[1]")


def deep_json(prefix: Path) -> None:
    add_record(prefix, "bad", "1").write_text("[" * 200_000)


def no_version(prefix: Path) -> None:
    add_record(prefix, "bad", "1").write_text('{"name": "bad", "version": 1}')


def dangling_record(prefix: Path) -> None:
    path = add_record(prefix, "bad", "1")
    path.unlink()
    path.symlink_to("nowhere.json")


def record_is_a_directory(prefix: Path) -> None:
    path = add_record(prefix, "bad", "1")
    path.unlink()
    path.mkdir()


def no_metadata(prefix: Path) -> None:
    (add_wheel(prefix, "bad", "1") / "METADATA").unlink()


def empty_metadata(prefix: Path) -> None:
    (add_wheel(prefix, "bad", "1") / "METADATA").write_text("")


def dangling_metadata(prefix: Path) -> None:
    path = add_wheel(prefix, "bad", "1") / "METADATA"
    path.unlink()
    path.symlink_to("nowhere")


def circular_metadata(prefix: Path) -> None:
    path = add_wheel(prefix, "bad", "1") / "METADATA"
    path.unlink()
    path.symlink_to("METADATA")


def dist_info_is_a_file(prefix: Path) -> None:
    (prefix / SITES / "bad-1.dist-info").write_text("")


def half_removed(prefix: Path) -> None:
    (prefix / SITES / "~ad-1.dist-info").mkdir()


def link_to_nothing(prefix: Path) -> None:
    (prefix / SITES / "bad.egg-link").write_text("/nowhere\n")


def empty_link(prefix: Path) -> None:
    (prefix / SITES / "bad.egg-link").write_text("")


LOST: list[Callable[[Path], None]] = [
    no_json, a_list, deep_json, no_version, dangling_record, record_is_a_directory, no_metadata, empty_metadata,
    dangling_metadata, circular_metadata, dist_info_is_a_file, half_removed, link_to_nothing, empty_link,
]  # fmt: skip


@pytest.mark.parametrize("damage", LOST, ids=[damage.__name__ for damage in LOST])
def test_what_is_lost_is_named_and_the_rest_is_read(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    add_wheel(tmp_path, "good", "1")
    add_record(tmp_path, "fine", "1")
    damage(tmp_path)
    inventory = take_inventory(tmp_path)
    assert [package.name for package in inventory.packages] == ["fine", "good"]
    assert [problem for problem in inventory.problems if "ad" in problem.source and problem.detail]


@pytest.mark.parametrize(
    "about",
    [
        {"record": b"bad/libx.so,\xff\xfe,1\n"},
        {"direct_url_json": "{"},
        {"direct_url_json": b"\xff"},
        {"variant_json": "3"},
    ],
    ids=["record", "url", "bytes", "variant"],
)
def test_what_is_readable_is_kept(tmp_path: Path, about: dict[str, str | bytes]) -> None:
    add_wheel(tmp_path, "bad", "1", **about)  # type: ignore[arg-type]
    inventory = take_inventory(tmp_path)
    assert [str(package) for package in inventory.packages] == ["bad 1"]
    assert len(inventory.problems) == 1


def test_metadata_in_another_encoding_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = add_wheel(tmp_path, "bad", "1") / "METADATA"
    path.write_bytes("Name: bad\nAuthor: Jos\u00e9\nVersion: 1\n".encode("latin-1"))
    inventory = take_inventory(tmp_path)
    assert [str(package) for package in inventory.packages] == ["bad 1"]
    assert "UTF-8" in inventory.problems[0].detail


def test_of_two_versions_the_one_written_last_counts(tmp_path: Path) -> None:
    for version, time in (("2.1.0", 200), ("2.8.0", 100)):
        os.utime(add_wheel(tmp_path, "torch", version) / "METADATA", (time, time))
    inventory = take_inventory(tmp_path)
    assert [str(package) for package in inventory.packages] == ["torch 2.1.0"]
    assert "both there" in inventory.problems[0].detail


def test_a_prefix_that_cannot_be_looked_at(tmp_path: Path) -> None:
    assert take_inventory(tmp_path / ("x" * 300)).packages == ()
    (tmp_path / "file").write_text("")
    assert take_inventory(tmp_path / "file").packages == ()


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_bytes_are_survived(tmp_path: Path, one: bytes, two: bytes, three: bytes, four: bytes) -> None:
    path = add_wheel(tmp_path, "torch", "1", record=one, direct_url_json=two, variant_json=three)
    (path / "METADATA").write_bytes(b"Name: torch\nVersion: 1\n" + four)
    (tmp_path / SITES / "torch").mkdir(exist_ok=True)
    (tmp_path / SITES / "torch" / "version.py").write_bytes(one)
    (tmp_path / "pyvenv.cfg").write_bytes(two)
    add_record(tmp_path, "x", "1").write_bytes(three)
    take_inventory(tmp_path)
