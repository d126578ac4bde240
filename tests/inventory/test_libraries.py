"""Which CUDA libraries would be loaded: real directories, and the real loader where there is a compiler."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_cuda_pin.explain.examination import describe_shadow
from conda_cuda_pin.inventory.elf import read_links
from conda_cuda_pin.inventory.libraries import find_shadows
from conda_cuda_pin.shadow import Reach, Shadow
from tests.inventory.places import SITES


def put(directory: Path, *names: str) -> Path:
    """Put libraries into a directory as toolkits do: ``libcudart.so.12.4.127`` with its SONAME and its plain name."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in names:
        (directory / name).write_text(name)
        stem, _, version = name.partition(".so.")
        if version.count(".") > 1:
            parts = 2 if version.startswith("11.") and stem == "libcudart" else 1
            soname = f"{stem}.so.{'.'.join(version.split('.')[:parts])}"
            for link in (soname.replace("11.8", "11.0"), f"{stem}.so"):
                (directory / link).symlink_to(name)
    return directory


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """An environment of conda with CUDA 12.4."""
    put(tmp_path / "env" / "lib", "libcudart.so.12.4.127", "libcublas.so.12.4.5.8", "libcudnn.so.9.1.0")
    return tmp_path / "env"


def test_nothing_is_shadowed_without_variables(prefix: Path) -> None:
    assert find_shadows(prefix, {}) == ()


def test_another_release_of_the_same_name_wins(prefix: Path, tmp_path: Path) -> None:
    other = put(tmp_path / "cuda-12.6", "libcudart.so.12.6.77", "libcudnn.so.9.5.1")
    found = find_shadows(prefix, {"LD_LIBRARY_PATH": f"/nowhere:{other}:"})
    assert [shadow.library for shadow in found] == ["libcudart", "libcudnn"]
    assert found[0] == Shadow(
        "libcudart",
        f"{other}/libcudart.so.12",
        f"{prefix}/lib/libcudart.so.12",
        f"LD_LIBRARY_PATH lists {other}",
    )
    assert f"shadowed libcudart: {other}/libcudart.so.12 is loaded for" in describe_shadow(found[0])


def test_the_tutorial(prefix: Path, tmp_path: Path) -> None:
    """CUDA_HOME is 11.8, LD_LIBRARY_PATH has 11.7 and 11.8 first, and the environment has its own 12.4."""
    homes = [tmp_path / "cuda-11.7", tmp_path / "cuda-11.8"]
    for home, version in zip(homes, ("11.7.99", "11.8.89"), strict=True):
        put(home / "lib64", f"libcudart.so.{version}", f"libcublas.so.{version}", "libcudnn.so.8.9.7")
    path = ":".join(f"{home}/lib64" for home in homes)
    found = find_shadows(prefix, {"LD_LIBRARY_PATH": path, "CUDA_HOME": str(homes[1])})
    assert [(shadow.library, shadow.reach) for shadow in found] == [
        ("libcudart", Reach.NAME),
        ("libcublas", Reach.NAME),
        ("libcudnn", Reach.NAME),
    ]
    assert {Path(shadow.winner).parent for shadow in found} == {homes[0] / "lib64"}
    assert "opens libcudart without a version" in describe_shadow(found[0])


def test_cuda_home_of_another_major_is_what_compilers_take(prefix: Path, tmp_path: Path) -> None:
    put(tmp_path / "cuda" / "lib64", "libcudart.so.11.8.89")
    (found,) = find_shadows(prefix, {"CUDA_HOME": str(tmp_path / "cuda")})
    assert (found.library, found.reach, found.why) == ("libcudart", Reach.COMPILER, f"CUDA_HOME is {tmp_path}/cuda")
    assert "compiled here" in describe_shadow(found)


def test_cuda_home_of_the_same_major_is_no_matter(prefix: Path, tmp_path: Path) -> None:
    put(tmp_path / "cuda" / "lib64", "libcudart.so.12.8.57")
    assert find_shadows(prefix, {"CUDA_HOME": str(tmp_path / "cuda")}) == ()


def test_the_environment_itself_and_the_same_release_shadow_nothing(prefix: Path, tmp_path: Path) -> None:
    same = put(tmp_path / "cuda-12.4", "libcudart.so.12.4.127")
    assert find_shadows(prefix, {"LD_LIBRARY_PATH": f"{prefix}/lib"}) == ()
    assert find_shadows(prefix, {"LD_LIBRARY_PATH": str(same)}) == ()
    (tmp_path / "link").symlink_to(prefix)
    assert find_shadows(prefix, {"LD_LIBRARY_PATH": f"{tmp_path}/link/lib"}) == ()


def test_the_environment_first_keeps_its_own(prefix: Path, tmp_path: Path) -> None:
    other = put(tmp_path / "cuda-12.6", "libcudart.so.12.6.77")
    assert find_shadows(prefix, {"LD_LIBRARY_PATH": f"{prefix}/lib:{other}"}) == ()


def test_what_the_environment_does_not_have_cannot_be_shadowed(tmp_path: Path) -> None:
    other = put(tmp_path / "cuda", "libcudart.so.12.6.77", "libnccl.so.2.21.5")
    put(tmp_path / "env" / "lib", "libnccl.so.2.18.3")
    assert [shadow.library for shadow in find_shadows(tmp_path / "env", {"LD_LIBRARY_PATH": str(other)})] == ["libnccl"]


def test_libraries_of_wheels_are_the_environment_s(tmp_path: Path) -> None:
    other = put(tmp_path / "nccl", "libnccl.so.2.18.3")
    own = tmp_path / "env" / SITES / "nvidia" / "nccl" / "lib"
    own.mkdir(parents=True)
    (own / "libnccl.so.2").write_text("")
    (found,) = find_shadows(tmp_path / "env", {"LD_LIBRARY_PATH": str(other)})
    assert found.shadowed == f"{own}/libnccl.so.2"


def test_a_link_to_nothing_is_not_loaded(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "cuda").mkdir()
    (tmp_path / "cuda" / "libcudart.so.12").symlink_to("gone")
    assert find_shadows(prefix, {"LD_LIBRARY_PATH": str(tmp_path / "cuda")}) == ()


def test_preloaded(prefix: Path, tmp_path: Path) -> None:
    file = put(tmp_path / "cuda", "libcudart.so.12.6.77") / "libcudart.so.12"
    (found,) = find_shadows(prefix, {"LD_PRELOAD": f"libc.so {file}"})
    assert found.why == f"LD_PRELOAD names {file}"


SCRIPTS = [
    ("export LD_LIBRARY_PATH=$HOME/cuda:$LD_LIBRARY_PATH", True),
    ("LD_LIBRARY_PATH='{home}/cuda'", True),
    ('export LD_LIBRARY_PATH="${{HOME}}/cuda${{LD_LIBRARY_PATH:+:${{LD_LIBRARY_PATH}}}}"  # ours', True),
    ("export CUDA_HOME=$HOME\nexport LD_LIBRARY_PATH=${{CUDA_HOME}}/cuda", True),
    ("export LD_LIBRARY_PATH=${{NOSUCH:-$HOME/cuda}}", True),
    ('export LD_LIBRARY_PATH="$CONDA_PREFIX/lib:$HOME/cuda"', False),
    ("# export LD_LIBRARY_PATH=$HOME/cuda", False),
    ("export LD_LIBRARY_PATH=$(dirname $HOME/cuda/x)", False),
    ("export MY_LD_LIBRARY_PATH=$HOME/cuda", False),
]


@pytest.mark.parametrize(("script", "expected"), SCRIPTS)
def test_activation_scripts_are_read(prefix: Path, tmp_path: Path, script: str, expected: bool) -> None:
    put(tmp_path / "cuda", "libcudart.so.12.6.77")
    scripts = prefix / "etc" / "conda" / "activate.d"
    scripts.mkdir(parents=True)
    (scripts / "own.sh").write_text(f"#!/bin/sh\n{script.format(home=tmp_path)}\n")
    (scripts / "own.fish").write_text("set -x LD_LIBRARY_PATH /x\n")
    assert bool(find_shadows(prefix, {"HOME": str(tmp_path)})) == expected
    active = {"HOME": str(tmp_path), "CONDA_PREFIX": str(prefix)}
    assert find_shadows(prefix, active) == ()


def test_variables_of_the_environment_count(prefix: Path, tmp_path: Path) -> None:
    other = put(tmp_path / "cuda", "libcudart.so.12.6.77")
    (prefix / "conda-meta").mkdir()
    (prefix / "conda-meta" / "state").write_text(f'{{"env_vars": {{"LD_LIBRARY_PATH": "{other}"}}}}')
    assert find_shadows(prefix, {})
    (prefix / "conda-meta" / "state").write_text('{"env_vars": 3')
    assert find_shadows(prefix, {}) == ()


def compile_library(target: Path, *options: str) -> Path:
    """Build a shared library, or with -pie a program."""
    target.parent.mkdir(parents=True, exist_ok=True)
    kind = [] if "-pie" in options else ["-shared"]
    command = ["gcc", *kind, "-x", "c", "-", "-x", "none", "-o", str(target), "-Wl,--no-as-needed", *options]
    subprocess.run(command, input="int main(void) { return 0; }", text=True, check=True)
    return target


NAME = "libcudart.so.12"
LINKS = {
    "rpath": (["-Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib"], False),
    "runpath": (["-Wl,--enable-new-dtags,-rpath,$ORIGIN/../lib"], True),
    "neither": ([], True),
    "elsewhere": (["-Wl,--disable-new-dtags,-rpath,/nowhere"], True),
}


@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is missing, which builds the libraries")
@pytest.mark.skipif(sys.platform != "linux", reason="the loader in question is Linux's")
@pytest.mark.parametrize("kind", LINKS)
def test_the_loader_agrees(tmp_path: Path, kind: str) -> None:
    """A library that needs libcudart gets the one that we say, whatever it tells the loader."""
    options, misled = LINKS[kind]
    own, other = (compile_library(tmp_path / name / NAME, f"-Wl,-soname,{NAME}") for name in ("env/lib", "other"))
    asker = compile_library(tmp_path / "env" / "lib" / "libasker.so", str(own), *options)
    environ = {"LD_LIBRARY_PATH": f"{other.parent}:{own.parent}"}
    code = f"import ctypes; ctypes.CDLL({str(asker)!r}); print(open('/proc/self/maps').read())"
    maps = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True).stdout
    assert (str(other) in maps, str(own) in maps) == (misled, not misled)
    found = find_shadows(tmp_path / "env", environ)
    assert [(shadow.winner, shadow.shadowed) for shadow in found] == ([(str(other), str(own))] if misled else [])


@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is missing, which builds the libraries")
def test_the_rpath_of_the_program_counts_too(tmp_path: Path) -> None:
    put(tmp_path / "env" / "lib", "libcudart.so.12.4.127")
    other = put(tmp_path / "other", "libcudart.so.12.6.77")
    environ = {"LD_LIBRARY_PATH": str(other)}
    assert find_shadows(tmp_path / "env", environ)
    compile_library(tmp_path / "env/bin/python", "-pie", "-fPIE", "-Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib")
    assert find_shadows(tmp_path / "env", environ) == ()
    preloaded = {"LD_PRELOAD": f"{other}/libcudart.so.12"}
    assert [shadow.library for shadow in find_shadows(tmp_path / "env", preloaded)] == ["libcudart"]


@given(st.binary(max_size=200), st.integers(6, 63), st.binary(max_size=8))
def test_any_bytes_are_links_or_none(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, at: int, patch: bytes
) -> None:
    header = bytearray(b"\x7fELF\x02\x01" + bytes(58))
    header[32:40], header[54:58] = (64).to_bytes(8, "little"), b"\x38\x00\x02\x00"
    header[at : at + len(patch)] = patch
    path = tmp_path_factory.getbasetemp() / "any.so"
    path.write_bytes(bytes(header) + tail)
    links = read_links(path)
    assert links is None or links.path == path
