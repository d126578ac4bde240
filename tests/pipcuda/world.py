"""A small world of indexes for pip-cuda: torch as it is on PyPI and on its own indexes, and what comes with it."""

from __future__ import annotations

from tests.piprig.index import Index, make_page, make_pypi, make_torch
from tests.piprig.wheel import Wheel, label_files

NCCL, CUDNN = "nvidia/nccl/lib/libnccl.so.2", "nvidia/cudnn/lib/libcudnn.so.9"


def library(name: str, version: str, *paths: str) -> Wheel:
    """Return a wheel of NVIDIA's with its libraries."""
    return Wheel(name, version, files=label_files(paths or (f"nvidia/{name}.so",), f"{name} {version}"))


def torch_13(version: str, toolkit: str, nccl: str = "2.30.7") -> Wheel:
    """Return a torch as PyPI has it since 2.11: CUDA 13, and no local part in its version."""
    needs = (f"cuda-toolkit=={toolkit}", "nvidia-cudnn-cu13==9.24.0.43", f"nvidia-nccl-cu13=={nccl}", "sympy>=1.13.3")
    return Wheel("torch", version, tuple(f'{need}; platform_system == "Linux"' for need in needs))


def torch_12(version: str, runtime: str) -> Wheel:
    """Return a torch of a CUDA 12 index."""
    needs = (f"nvidia-cuda-runtime-cu12=={runtime}", "nvidia-cudnn-cu12==9.24.0.43", "nvidia-nccl-cu12==2.30.7")
    return Wheel("torch", version, tuple(f'{need}; platform_system == "Linux"' for need in needs))


PYPI = make_pypi(
    torch_13("2.15.0", "13.2.2"),
    torch_13("2.14.1", "13.0.3"),
    torch_13("2.13.0", "13.0.3"),
    Wheel("torchvision", "0.30.0", ("torch==2.15.0",)),
    Wheel("torchvision", "0.29.1", ("torch==2.14.1",)),
    library("cuda-toolkit", "13.2.2"),
    library("cuda-toolkit", "13.0.3"),
    library("nvidia-cuda-runtime-cu12", "12.6.77", "nvidia/cuda_runtime/lib/libcudart.so.12"),
    library("nvidia-cudnn-cu12", "9.10.2.21", CUDNN),
    library("nvidia-cudnn-cu12", "9.24.0.43", CUDNN),
    library("nvidia-cudnn-cu13", "9.24.0.43", CUDNN),
    library("nvidia-nccl-cu12", "2.27.5", NCCL),
    library("nvidia-nccl-cu12", "2.30.7", NCCL),
    library("nvidia-nccl-cu12", "2.32.3", NCCL),
    library("nvidia-nccl-cu13", "2.30.7", NCCL),
    library("acme-collectives-cu12", "1.0", NCCL),
    Wheel("sympy", "1.10"),
    Wheel("sympy", "1.14.0"),
    Wheel("numpy", "2.4.0"),
    Wheel("pandas", "2.9.0", ("numpy>=2",)),
    Wheel("lightning", "2.6.0", ("torch>=2.1", "numpy")),
    Wheel("oldnet", "1.0", ("torch==2.13.0",)),
    Wheel("xgboost", "3.2.0", ("numpy", 'nvidia-nccl-cu12; platform_system == "Linux"')),
    Wheel("cupy-cuda12x", "14.2.0", ("numpy",), label_files(["cupy/_core/core.so"], "12x")),
    Wheel("cupy-cuda13x", "14.2.0", ("numpy",), label_files(["cupy/_core/core.so"], "13x")),
    Wheel("torch-scatter", "2.1.3", ()),
)
CU126 = make_torch(
    "cu126",
    torch_12("2.14.1+cu126", "12.6.77"),
    torch_12("2.13.0+cu126", "12.6.77"),
    Wheel("torchvision", "0.29.1+cu126", ("torch==2.14.1",)),
    Wheel("numpy", "99.0"),
)
PAIR = ("torch==2.15.0",)
CU130 = make_torch("cu130", torch_13("2.15.0+cu130", "13.0.3"), Wheel("torchvision", "0.30.0+cu130", PAIR))
CU132 = make_torch("cu132", torch_13("2.15.0+cu132", "13.2.2"), Wheel("torchvision", "0.30.0+cu132", PAIR))
CPU = make_torch(
    "cpu",
    Wheel("torch", "2.15.0+cpu"),
    Wheel("torch", "2.14.1+cpu"),
    Wheel("torchvision", "0.30.0+cpu", PAIR),
)
PYG = make_page("data.pyg.org/whl/torch-2.14.0+cu126.html", Wheel("torch-scatter", "2.1.2+pt214cu126"))
WORLD: tuple[Index, ...] = (PYPI, CU126, CU130, CU132, CPU, PYG)


def find(name: str, version: str) -> Wheel:
    """Return a wheel of this world; KeyError where it has none such."""
    wheels = (offer.file for index in WORLD for offer in index.offers)
    return {(wheel.name, wheel.version): wheel for wheel in wheels if isinstance(wheel, Wheel)}[name, version]
