"""Frameworks that are imported in a child process: good ones, and all the ways in which they are bad."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conda_cuda_pin.explain.proof import describe_proof, document_proof
from conda_cuda_pin.host import Gpu, Host, State, Verdict
from conda_cuda_pin.proof import Discord, Proof
from conda_cuda_pin.trial import Ending, Stage
from conda_cuda_pin.verification import verify
from conda_cuda_pin.versions import CudaVersion
from tests.verification import places

HOST = Host("linux-64", Verdict(State.OK), CudaVersion(13, 0), gpus=(Gpu("NVIDIA L4"),))
BARE = Host("linux-64", Verdict(State.NONE))
ENVIRON = {name: value for name, value in os.environ.items() if name != "CUDA_VISIBLE_DEVICES"}
SHORT = 3.0
"""A deadline for what hangs."""


def prove(prefix: Path, host: Host = HOST, seconds: float = 60.0, **environ: str) -> Proof:
    (proof,) = verify(prefix, host, {**ENVIRON, **environ}, seconds)
    document_proof(proof)
    return proof


def test_a_good_one(tmp_path: Path) -> None:
    proof = prove(places.make_environment(tmp_path, places.GOOD))
    assert proof.discords == ()
    assert describe_proof(proof, HOST) == ["imported: torch 2.8.0+cu126, CUDA 12.6; sees NVIDIA L4"]


CASES = [
    ("cpu", places.CPU, [Discord.CPU_BUILD], "says that it has no CUDA, and a CUDA build is recorded"),
    ("unseen", places.UNSEEN, [Discord.NO_DEVICE], "sees no GPU (RuntimeError: The NVIDIA driver on your system is"),
    ("no-kernel", places.NO_KERNEL, [Discord.COMPUTATION], "cannot use it: RuntimeError: CUDA error: no kernel image"),
    ("other-cuda", places.OTHER, [Discord.OTHER_CUDA], "is built with CUDA 13.0, and another CUDA is recorded"),
    ("older", places.OLDER, [Discord.VERSION], "says that it is 2.7.1+cu126: another one is imported"),
    ("leaving", places.LEAVING, [Discord.CRASH], "ended its process in its import: exit status 3"),
    ("ending", places.ENDING, [Discord.CRASH], "ended its process in its import: exit status 0"),
    ("killed", places.KILLED, [Discord.CRASH], "ended its process in its import: SIGSEGV"),
    ("lacking", places.LACKING, [Discord.IMPORT], "libcudnn.so.9 is missing or not found"),
    ("lacking-dll", places.LACKING_DLL, [Discord.IMPORT], "cudnn_cnn64_9.dll is missing or not found"),
    ("raising", "1 / 0", [Discord.IMPORT], "cannot be imported: ZeroDivisionError: division by zero"),
    ("exiting", "raise SystemExit(4)", [Discord.IMPORT], "cannot be imported: SystemExit: 4"),
]


@pytest.mark.parametrize(("content", "discords", "words"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_a_bad_one(tmp_path: Path, content: str, discords: list[Discord], words: str) -> None:
    proof = prove(places.make_environment(tmp_path, content))
    assert list(proof.discords) == discords
    (line,) = [line for line in describe_proof(proof, HOST) if line.startswith("breaks: torch 2.8.0+cu126: torch ")]
    assert words in line


@pytest.mark.parametrize(
    ("content", "stage"), [(places.HANGING, Stage.IMPORT), (places.HANGING_LATE, Stage.DEVICES)], ids=["import", "late"]
)
def test_one_that_hangs_is_abandoned(tmp_path: Path, content: str, stage: Stage) -> None:
    proof = prove(places.make_environment(tmp_path, content), seconds=SHORT)
    assert (proof.trial.ending, proof.trial.stage, proof.discords) == (Ending.HUNG, stage, (Discord.HANG,))
    assert f"no answer within {SHORT:g} s" in describe_proof(proof, HOST)[-1]


@pytest.mark.parametrize("host", [BARE, Host("linux-64", Verdict(State.DECLARED), CudaVersion(13, 0), gpus=HOST.gpus)])
def test_no_gpu_is_missed_where_none_is_known(tmp_path: Path, host: Host) -> None:
    proof = prove(places.make_environment(tmp_path, places.UNSEEN), host)
    assert proof.discords == ()
    assert describe_proof(proof, host)[0].endswith("; sees no GPU")


def test_no_gpu_is_missed_where_they_are_hidden(tmp_path: Path) -> None:
    proof = prove(places.make_environment(tmp_path, places.UNSEEN), CUDA_VISIBLE_DEVICES="")
    assert proof.discords == ()
    assert describe_proof(proof, HOST)[0].endswith("sees no GPU (CUDA_VISIBLE_DEVICES is set)")


def test_a_cpu_build_that_is_recorded_as_one_is_right(tmp_path: Path) -> None:
    content = places.CPU.replace("cu126", "cpu")
    assert prove(places.make_environment(tmp_path, content, version="2.8.0+cpu")).discords == ()


CUPY = """
__version__ = "13.6.0"
class runtime:
    runtimeGetVersion = staticmethod(lambda: 12060)
    getDeviceCount = staticmethod(lambda: 1)
    getDeviceProperties = staticmethod(lambda number: {"name": b"NVIDIA L4"})
class cuda:
    runtime = runtime
class ones:
    def __init__(self, size): pass
    __add__ = lambda self, other: [2]
"""
TENSORFLOW = """
__version__ = "2.18.0"
class sysconfig:
    get_build_info = staticmethod(lambda: {"is_cuda_build": True, "cuda_version": "12.5.1"})
class config:
    list_physical_devices = staticmethod(lambda kind: [])
"""


def test_cupy_is_asked_in_its_own_words(tmp_path: Path) -> None:
    proof = prove(places.make_environment(tmp_path, CUPY, "cupy-cuda12x", "13.6.0"))
    assert (proof.trial.cuda, proof.trial.devices, proof.discords) == ("12.6", ("NVIDIA L4",), ())


def test_a_tensorflow_without_its_libraries_sees_nothing(tmp_path: Path) -> None:
    proof = prove(places.make_environment(tmp_path, TENSORFLOW, "tensorflow", "2.18.0"))
    assert (proof.trial.cuda, proof.discords) == ("12.5.1", (Discord.NO_DEVICE,))


def test_nothing_is_written_and_nothing_else_is_asked(tmp_path: Path) -> None:
    prefix = places.make_environment(tmp_path, places.GOOD)
    before = sorted(path for path in prefix.rglob("*") if "__pycache__" not in str(path))
    caches = sorted(prefix.rglob("torch/__pycache__/*"))
    prove(prefix)
    assert sorted(path for path in prefix.rglob("*") if "__pycache__" not in str(path)) == before
    assert sorted(prefix.rglob("torch/__pycache__/*")) == caches


def test_an_environment_without_frameworks(tmp_path: Path) -> None:
    assert verify(places.make_environment(tmp_path, "", "six", "1.16"), HOST, ENVIRON) == ()


def test_jaxlib_alone_is_not_imported(tmp_path: Path) -> None:
    assert verify(places.make_environment(tmp_path, "", "jaxlib", "0.7.0"), HOST, ENVIRON) == ()


def test_without_an_interpreter(tmp_path: Path) -> None:
    prefix = places.make_environment(tmp_path, places.GOOD)
    for path in (prefix / "bin").glob("python*"):
        path.unlink()
    assert prove(prefix).discords == (Discord.UNSTARTED,)
