"""A prefix and a file judged by the rules, in words, as JSON and as SARIF."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from conda_cuda_pin.examination import Examination
from conda_cuda_pin.explain.examination import describe_examination, document_examination
from conda_cuda_pin.explain.sarif import document_sarif
from conda_cuda_pin.inventory.examine import examine, examine_file
from conda_cuda_pin.settings import Settings
from tests.floors.fakes import L4, make_host
from tests.inventory.places import SITES, add_record
from tests.inventory.test_documents import PIXI

HOST = make_host("12.4", L4)
LEVELS = {"enum": ["none", "note", "warning", "error"]}
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
RULE = {
    "type": "object",
    "required": ["id"],
    "properties": {"shortDescription": TEXT, "fullDescription": TEXT, "helpUri": {"type": "string", "format": "uri"}},
}
PLACE = {
    "type": "object",
    "required": ["artifactLocation"],
    "properties": {
        "artifactLocation": {"type": "object", "properties": {"uri": {"type": "string", "pattern": r"^\S+$"}}},
        "region": {"type": "object", "properties": {"startLine": {"type": "integer", "minimum": 1}}},
    },
}
RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "level", "locations"],
    "properties": {
        "message": TEXT,
        "level": LEVELS,
        "locations": {"type": "array", "minItems": 1, "items": {"properties": {"physicalLocation": PLACE}}},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
SCHEMA = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "properties": {
                            "driver": {
                                "required": ["name"],
                                "properties": {"rules": {"type": "array", "uniqueItems": True, "items": RULE}},
                            }
                        }
                    },
                    "results": {"type": "array", "items": RESULT},
                    "invocations": {"items": {"required": ["executionSuccessful"]}},
                },
            },
        },
    },
}
"""The parts that matter of https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json."""


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """An environment that is too new for the host, shadowed and damaged."""
    home = tmp_path / "env"
    add_record(home, "python", "3.11.7")
    add_record(home, "pytorch", "2.9.0", "cuda130_0", depends=["cuda-version >=13,<14"])
    add_record(home, "bad", "1").write_text("{")
    for directory in (home / "lib", tmp_path / "other"):
        directory.mkdir(exist_ok=True)
        (directory / "libcudart.so.13").write_text("")
    (home / SITES).mkdir(parents=True)
    return home


@pytest.fixture
def found(prefix: Path, tmp_path: Path) -> Examination:
    """What there is to say about it."""
    return examine(prefix, HOST, Settings(), environ={"LD_LIBRARY_PATH": str(tmp_path / "other")})


def test_a_prefix_is_judged_whole(found: Examination, prefix: Path) -> None:
    assert [finding.code for finding in found.judgement.blocks] == ["CUP101"]
    lines = describe_examination(found, HOST, notes=True).splitlines()
    assert lines[1].startswith("breaks: CUP101")
    assert [line.split(":")[0] for line in lines[2:]] == ["warning", "not judged"]
    facts = json.loads(json.dumps(document_examination(found)))
    assert (facts["prefix"], facts["kind"]) == (str(prefix), "prefix")
    assert [len(facts[key]) for key in ("findings", "shadows", "unread")] == [1, 1, 1]


def test_a_file_is_judged_environment_by_environment(tmp_path: Path) -> None:
    path = tmp_path / "pixi.lock"
    path.write_text(PIXI.format(version=6))
    found = examine_file(path, HOST, Settings())
    text = describe_examination(found, HOST, notes=True)
    assert "in cuda (gpu):\nwarning: CUP101 driver-too-old: cuda-version 13.0" in text
    assert "not judged: 1 without a settled version (mine)" in text
    facts = document_examination(found)
    assert [(part["name"], bool(part["findings"])) for part in facts["environments"]][1] == ("cuda (gpu)", True)
    assert facts["file"] == str(path)


def test_the_word_of_a_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    for pattern, warned in (("", True), ("=cpu*", False)):
        path.write_text(f"dependencies:\n- pytorch=2.5.1{pattern or '=cpu_mkl_0'}\n")
        codes = {finding.code for finding in examine_file(path, HOST, Settings()).judgement.new}
        assert ("CUP401" in codes) in (warned, False)


def test_sarif_of_a_prefix(found: Examination, prefix: Path) -> None:
    facts = document_sarif(found, prefix.as_uri())
    jsonschema.validate(facts, SCHEMA)
    (run,) = facts["runs"]
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [
        ("CUP101", "error"),
        ("shadowed-library", "warning"),
    ]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} == known
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 1


def test_sarif_of_a_file_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text("name: x\ndependencies:\n- python\n- cuda-version=13.0\n")
    facts = document_sarif(examine_file(path, HOST, Settings()), "environment.yml")
    jsonschema.validate(facts, SCHEMA)
    (result,) = [one for one in facts["runs"][0]["results"] if one["ruleId"] == "CUP101"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "environment.yml"}, "region": {"startLine": 4}}


def test_sarif_of_a_sound_file_is_empty_and_valid(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("numpy==1.26.4\n")
    facts = document_sarif(examine_file(path, HOST, Settings()), "requirements.txt")
    jsonschema.validate(facts, SCHEMA)
    assert facts["runs"][0]["results"] == []
