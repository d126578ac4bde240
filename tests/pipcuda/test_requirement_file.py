"""Requirements files: read, and written again without their indexes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pip_hook.argv import read_command
from pip_hook.asked import read_asked, read_spec
from pip_hook.requirement_file import read_requirement_files, write_copies

CU126 = "https://download.pytorch.org/whl/cu126"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text(
        "# a comment\n"
        f"--extra-index-url {CU126}\n"
        "torch==2.8.0 \\\n"
        "    --hash=sha256:abc\n"
        "-r more/base.txt  # and more\n"
        "numpy ; python_version >= '3.8'\n"
        "-e ./local[gpu]\n",
        encoding="utf-8",
    )
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "base.txt").write_text("requests[socks]>=2\n-c bounds.txt\n-f ./wheels\n", encoding="utf-8")
    (tmp_path / "more" / "bounds.txt").write_text("sympy<2\n", encoding="utf-8")
    (tmp_path / "more" / "wheels").mkdir()
    return tmp_path


def test_names_indexes_and_bounds_are_found_through_includes(folder: Path) -> None:
    asked = read_asked(read_command(["install", "-r", str(folder / "requirements.txt")]), {}, {})
    assert asked.names == {"torch", "numpy", "requests"}
    assert [str(spec) for spec in asked.specs if spec.name == "torch"] == ["torch==2.8.0"]
    assert asked.named == (CU126, str(folder / "more" / "wheels"))
    assert asked.indexes == ("https://pypi.org/simple", CU126)
    assert [spec.name for spec in asked.constraints] == ["sympy"]


def test_a_copy_keeps_everything_but_the_indexes_and_each_line_its_number(folder: Path, tmp_path: Path) -> None:
    files = read_requirement_files([str(folder / "requirements.txt")], {})
    copies = write_copies(files, tmp_path)
    assert set(copies) == {str(folder / "requirements.txt"), str(folder / "more" / "base.txt")}
    text = Path(copies[str(folder / "requirements.txt")]).read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[:2] == ["", ""]
    assert lines[2].split() == ["torch==2.8.0", "--hash=sha256:abc"]
    assert lines[4] == f"--requirement {copies[str(folder / 'more' / 'base.txt')]}"
    assert lines[5].startswith("numpy ;")
    assert lines[6] == "-e ./local[gpu]"
    base = Path(copies[str(folder / "more" / "base.txt")]).read_text(encoding="utf-8")
    assert base.splitlines() == ["requests[socks]>=2", f"--constraint {folder / 'more' / 'bounds.txt'}", ""]


def test_a_file_without_indexes_is_used_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("torch\n", encoding="utf-8")
    assert write_copies(read_requirement_files([str(tmp_path / "r.txt")], {}), tmp_path) == {}


def test_files_that_include_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("-r b.txt\ntorch\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("-r a.txt\nnumpy\n", encoding="utf-8")
    asked = read_asked(read_command(["install", "-r", str(tmp_path / "a.txt")]), {}, {})
    assert asked.names == {"torch", "numpy"}


def test_variables_stand_for_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("--index-url https://${USER_NAME}@corp/simple\n", encoding="utf-8")
    (file,) = read_requirement_files([str(tmp_path / "r.txt")], {"USER_NAME": "me"})
    assert file.values("--index-url") == ("https://me@corp/simple",)


def test_a_file_that_is_not_there_is_for_pip_to_refuse(tmp_path: Path) -> None:
    assert read_requirement_files([str(tmp_path / "none.txt"), str(tmp_path), "https://corp/r.txt"], {}) == ()


def test_a_hundred_thousand_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("".join(f"package-{n}==1.{n}\n" for n in range(100_000)), encoding="utf-8")
    asked = read_asked(read_command(["install", "-r", str(tmp_path / "r.txt")]), {}, {})
    assert len(asked.names) == 100_000


SPECS = [
    ("torch", "torch"),
    ("Torch_Scatter == 2.1.2", "torch-scatter==2.1.2"),
    ("torch>=2,<3 ; python_version>'3'", "torch>=2,<3"),
    ("jax[cuda12]==0.10", "jax==0.10"),
    ("torch (>=2)", "torch>=2"),
    ("torch @ https://host/torch-2.8.0%2Bcu126-cp311-cp311-linux_x86_64.whl", "torch==2.8.0+cu126"),
    ("./dist/torch-2.8.0+cu126-cp311-cp311-linux_x86_64.whl", "torch==2.8.0+cu126"),
    (
        "https://host/flash_attn-2.7.4.post1+cu12torch2.6-cp311-cp311-linux_x86_64.whl#sha256=1",
        "flash-attn==2.7.4.post1+cu12torch2.6",
    ),
    ("pkg @ git+https://host/pkg.git@main", "pkg"),
    ("numpy==2.0 --hash=sha256:1", "numpy==2.0"),
]


@pytest.mark.parametrize(("text", "spec"), SPECS)
def test_a_requirement_has_a_name_and_a_version(text: str, spec: str) -> None:
    assert str(read_spec(text)) == spec


@pytest.mark.parametrize("text", [".", "./project", "git+https://host/pkg.git", "https://host/pkg.tar.gz", ""])
def test_what_has_no_name_is_left_out(text: str) -> None:
    assert read_spec(text) is None
