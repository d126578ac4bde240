"""Wheels that several tests share, with what they require on PyPI and on the indexes of PyTorch."""

from __future__ import annotations

from tests.floors.fakes import make_host, make_wheel

LINUX = '; platform_system == "Linux"'
HOST = make_host("13.0", "8.0")
"""A machine that runs everything here."""
PYTORCH = "https://download.pytorch.org/whl"


def linux(*requirements: str) -> tuple[str, ...]:
    """Return requirements that count on Linux alone, as torch has them."""
    return tuple(requirement + LINUX for requirement in requirements)


TORCH_13 = make_wheel(
    "torch 2.14.1",
    *linux("cuda-toolkit[cublas,cudart,nvrtc]==13.0.3", "nvidia-cudnn-cu13==9.24.0.43", "nvidia-nccl-cu13==2.30.7"),
    *linux("nvidia-nvshmem-cu13==3.4.5", "triton~=3.8.0"),
)
TORCH_12 = make_wheel(
    "torch 2.8.0",
    *linux("nvidia-cuda-runtime-cu12==12.8.90", "nvidia-cudnn-cu12==9.10.2.21", "nvidia-nccl-cu12==2.27.3"),
)
TORCH_26_OLD = make_wheel("torch 2.6.0+cu124", *linux("nvidia-cuda-runtime-cu12==12.4.127"))
TORCH_26_NEW = make_wheel("torch 2.6.0+cu126", *linux("nvidia-cuda-runtime-cu12==12.6.77"))
TORCH_ROCM = make_wheel("torch 2.8.0+rocm6.4", index="download.pytorch.org/whl/rocm6.4")
TORCH_NONE = make_wheel("torch 2.8.0+cpu", index="download.pytorch.org/whl/cpu")
TOOLKIT_13 = make_wheel("cuda-toolkit 13.0.3")
CUDNN_13 = make_wheel("nvidia-cudnn-cu13 9.24.0.43", files=["nvidia/cudnn/lib/libcudnn.so.9=13"])
CUDNN_12 = make_wheel("nvidia-cudnn-cu12 9.10.2.21", files=["nvidia/cudnn/lib/libcudnn.so.9=12"])
NCCL_13 = make_wheel("nvidia-nccl-cu13 2.30.7", files=["nvidia/nccl/lib/libnccl.so.2=13"])
NCCL_12_OLD = make_wheel("nvidia-nccl-cu12 2.27.5", files=["nvidia/nccl/lib/libnccl.so.2=12"])
NCCL_12_NEW = make_wheel("nvidia-nccl-cu12 2.32.3", files=["nvidia/nccl/lib/libnccl.so.2=new"])
RUNTIME_12 = make_wheel("nvidia-cuda-runtime-cu12 12.9.79", files=["nvidia/cuda_runtime/lib/libcudart.so.12"])
XGBOOST = make_wheel("xgboost 3.2.0", "numpy", *linux("nvidia-nccl-cu12"))
CUPY_12X = make_wheel("cupy-cuda12x 14.2.0", "numpy", 'cuda-toolkit[cublas]==12.*; extra == "ctk"')
CUPY_13X = make_wheel("cupy-cuda13x 14.2.0", "numpy")
TENSORFLOW = make_wheel("tensorflow 2.21.0", 'nvidia-cuda-runtime-cu12<13,>=12.5.82; extra == "and-cuda"')
SCATTER = make_wheel("torch-scatter 2.1.2+pt28cu126", index="data.pyg.org/whl/torch-2.8.0+cu126.html")
VISION = make_wheel("torchvision 0.23.0", "numpy", "torch==2.8.0")
JAXLIB = make_wheel("jaxlib 0.10.2")
JAX_PLUGIN = make_wheel("jax-cuda12-plugin 0.10.2", "jax-cuda12-pjrt==0.10.2")
JAX_PJRT = make_wheel("jax-cuda12-pjrt 0.10.2")
ORT = make_wheel("onnxruntime 1.27.0")
ORT_GPU = make_wheel("onnxruntime-gpu 1.27.0")

WHEELS = (
    *(TORCH_13, TORCH_12, TORCH_26_OLD, TORCH_ROCM, TORCH_NONE, TOOLKIT_13, CUDNN_13, CUDNN_12, NCCL_13, NCCL_12_OLD),
    *(RUNTIME_12, XGBOOST, CUPY_12X, CUPY_13X, TENSORFLOW, SCATTER, VISION, JAXLIB, JAX_PLUGIN, ORT, ORT_GPU),
    make_wheel("numba-cuda 0.30.4"),
    make_wheel("nvidia-cuda-nvcc-cu12 12.9.86"),
)
"""A pool for property tests."""
