"""The test rig itself: its tables, its archives, its conda, and what plain conda makes of them."""

import json
import tarfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.rig import entry
from tests.rig.archive import digest, pack
from tests.rig.channels import build_channels
from tests.rig.fixtures import Rig
from tests.rig.runner import checksum
from tests.rig.server import ChannelServer, Fault
from tests.rig.stamp import Stamps, hash_inputs
from tests.rig.table import SCHEMA, TABLES, list_tables, load_packages, load_payloads

PACKAGES = load_packages()


def find_records(channel: str, name: str) -> list[Mapping[str, Any]]:
    records = [package.record for package in PACKAGES if package.channel == channel]
    return [record for record in records if record["name"] == name]


# --- tables


@pytest.mark.parametrize("path", list_tables(), ids=lambda path: path.stem)
def test_table_meets_the_schema(path: Path) -> None:
    table = json.loads(path.read_text())
    jsonschema.validate(table, json.loads((TABLES / SCHEMA).read_text()))
    assert {row["source"] for row in table["rows"]} == set(table["sources"])


def test_no_two_packages_share_an_archive() -> None:
    places = [(package.channel, package.subdir, package.file) for package in PACKAGES]
    assert len(places) == len(set(places))


def test_payloads_belong_to_packages() -> None:
    assert set(load_payloads()) <= {package.record["name"] for package in PACKAGES}


@pytest.mark.parametrize("record", find_records("conda-forge", "cuda-version"), ids=itemgetter("version"))
def test_cuda_version_excludes_older_drivers_by_major_only(record: Mapping[str, Any]) -> None:
    version = record["version"]
    expected = {f"cudatoolkit {version}|{version}.*", f"__cuda >={version.split('.')[0]}"}
    assert set(record["constrains"]) == expected


def test_torchvision_variants_tie_on_the_build_number() -> None:
    records = find_records("conda-forge", "torchvision")
    newest = [record for record in records if record["version"] == "0.27.1"]
    assert {record["build"].split("_")[0] for record in newest} == {"cpu", "cuda129", "cuda130"}
    assert len({record["build_number"] for record in newest}) == 1


def test_pytorch_cuda_leaves_two_libraries_unbounded() -> None:
    for record in find_records("pytorch", "pytorch-cuda"):
        bounded = {spec.split()[0] for spec in record["depends"]}
        assert "libcublas" in bounded
        assert not bounded & {"libcurand", "libcufile"}


def test_no_package_of_the_pytorch_channel_knows_the_driver() -> None:
    records = [package.record for package in PACKAGES if package.channel == "pytorch"]
    specs = {spec for record in records for spec in (*record["depends"], *record["constrains"])}
    assert not [spec for spec in specs if "__cuda" in spec]


# --- archives and channels


def test_archive_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    record = {"name": "some", "version": "1", "build": "0", "build_number": 0, "depends": []}
    content = pack(record, {"share/some.txt": "some 1 0\n"})
    assert content == pack({**record, "size": 3}, {"share/some.txt": "some 1 0\n"})
    file = tmp_path / "some.tar.bz2"
    file.write_bytes(content)
    with tarfile.open(file) as archive:
        assert archive.getnames() == ["info/files", "info/index.json", "info/paths.json", "share/some.txt"]
        index = archive.extractfile("info/index.json")
        assert index
        assert json.loads(index.read()) == record
    assert digest(content)["size"] == file.stat().st_size


def test_channels_are_built_whole_and_alike(tmp_path: Path) -> None:
    for at in (tmp_path / "a", tmp_path / "b"):
        at.mkdir()
        (at / "channels").mkdir()
        (at / "channels" / "stale").touch()
        assert build_channels(at) == f"{len(PACKAGES)} packages in 3 channels"
        assert {path.name for path in (at / "channels").iterdir()} == {"conda-forge", "nvidia", "pytorch"}
    assert checksum(tmp_path / "a") == checksum(tmp_path / "b")


def test_rig_has_every_archive_that_its_repodata_names(rig: Rig) -> None:
    seen = 0
    for file in rig.channels.glob("*/*/repodata.json"):
        for name, record in json.loads(file.read_text())["packages"].items():
            assert digest((file.parent / name).read_bytes()).items() <= record.items()
            seen += 1
    assert seen == len(PACKAGES)


# --- stamps and isolation


def test_a_stamp_tells_contents_and_survives_a_spoilt_file(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "stamps.json")
    assert stamps.read() == {}
    stamps.write("a", "1")
    stamps.write("b", "2")
    stamps.write("a", None)
    assert stamps.read() == {"b": "2"}
    stamps.path.write_text("{")
    assert stamps.read() == {}


def test_digest_of_inputs_follows_names_contents_and_words(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("x")
    other.write_text("x")
    digests = {hash_inputs([one]), hash_inputs([other]), hash_inputs([one], "word")}
    assert len(digests) == 3
    assert hash_inputs([one, other]) == hash_inputs([other, one])


def test_entry_shuts_out_the_callers_conda(tmp_path: Path) -> None:
    environ = dict.fromkeys(entry.FOREIGN, "theirs") | {"HOME": "theirs", "CONDA_OVERRIDE_CUDA": "12.4"}
    entry.isolate(environ, tmp_path / "home")
    assert environ == {"HOME": str(tmp_path / "home"), "CONDA_OVERRIDE_CUDA": "12.4"}


def test_entry_trusts_a_caller_that_names_a_home(tmp_path: Path) -> None:
    environ = {"RIG_HOME": "mine", "CONDA_PREFIX": "active"}
    entry.isolate(environ, tmp_path / "home")
    assert environ == {"HOME": "mine", "CONDA_PREFIX": "active"}
    assert not (tmp_path / "home").exists()


# --- server


def fetch(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_server_gives_files_faults_and_a_log(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with ChannelServer(tmp_path) as server:
        assert fetch(f"{server.url}/a.json") == (200, b"{}")
        server.faults["/a.json"] = Fault(200, b"garbage")
        assert fetch(f"{server.url}/a.json") == (200, b"garbage")
        server.faults["/a.json"] = Fault()
        assert fetch(f"{server.url}/a.json") == (500, b"")
        assert fetch(f"{server.url}/b.json")[0] == 404
        assert server.requested == ["/a.json"] * 3 + ["/b.json"]
