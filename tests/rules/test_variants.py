"""CUP4xx: CPU where CUDA was meant, CUDA lost, and variants that must agree."""

from __future__ import annotations

import pytest

from conda_cuda_pin.host import Host, State
from conda_cuda_pin.package import Package
from conda_cuda_pin.request import Request
from tests.floors.fakes import L4, make_host, make_package, make_request

from .cases import TORCH_126, TORCH_CPU, VISION_126, VISION_CPU, find, severities

HOST = make_host("12.4", L4)
NOWHERE = make_host(None)
BOOST_CPU = make_package("libxgboost 2.1 cpu_0")
JAX_CPU = make_package("jaxlib 0.4.34 cpu_py312_0")
SCATTER_118 = make_package("pytorch-scatter 2.1 py310_torch_2.0.0_cu118", "pytorch 2.0.*", channel="pyg")
SCATTER_CPU = make_package("pytorch-scatter 2.1 py310_torch_2.0.0_cpu", "pytorch 2.0.*", channel="pyg")

TORCH_OWN_CPU = make_package("pytorch 2.4.0 py3.12_cpu_0", channel="pytorch")
ON_GPU = [
    ("unasked", HOST, TORCH_CPU, "pytorch", "warn", "pytorch=*=*cu*"),
    ("cheap", HOST, BOOST_CPU, "xgboost", "info", "libxgboost=*=*cu*"),
    ("demanded-by-selector", HOST, TORCH_CPU, "pytorch pytorch-cuda=12.1", "block", "pytorch::pytorch"),
    ("demanded-without-driver", NOWHERE, TORCH_CPU, "pytorch pytorch-cuda=12.1", "block", "pytorch::pytorch"),
    ("bounded-and-not-demanded", HOST, TORCH_CPU, "pytorch cuda-version=12", "warn", "pytorch=*=*cu*"),
    ("demanded-but-not-named", HOST, TORCH_CPU, "timm cuda-version=12", "warn", "pytorch=*=*cu*"),
    ("demanded-by-name", HOST, BOOST_CPU, "py-xgboost-gpu", "block", "libxgboost=*=*cu*"),
    ("demanded-by-wrapper", NOWHERE, TORCH_CPU, "pytorch-gpu", "block", "pytorch=*=*cu*"),
    ("old-selector", HOST, TORCH_CPU, "pytorch cudatoolkit=11.8", "block", "cuda-version=11.8"),
    ("old-selector-own", HOST, TORCH_OWN_CPU, "pytorch cudatoolkit=11.8", "block", "pytorch-cuda=11.8"),
    ("own-channel", HOST, TORCH_OWN_CPU, "pytorch pytorch-cuda=12.1", "block", "pytorch=*=*cu*"),
    ("old-selector-other-family", HOST, JAX_CPU, "jaxlib cudatoolkit=11.8", "warn", "jaxlib=*=*cu*"),
]


@pytest.mark.parametrize(
    ("host", "package", "asked", "severity", "remedy"), [row[1:] for row in ON_GPU], ids=[row[0] for row in ON_GPU]
)
def test_cpu_on_gpu_fires(host: Host, package: Package, asked: str, severity: str, remedy: str) -> None:
    findings = find("cpu-on-gpu", host, package, request=make_request(*asked.split(" ")))
    assert severities(findings) == [severity]
    assert str(package) in findings[0].message
    assert findings[0].remedy == (remedy,)


def test_cpu_on_gpu_blocks_where_the_settings_demand_cuda() -> None:
    (finding,) = find("cpu-on-gpu", NOWHERE, TORCH_CPU, wants_cuda=True)
    assert finding.severity.value == "block"
    assert "cuda_pin_variant asks for CUDA" in finding.message


def test_cpu_on_gpu_names_the_spec_that_demands_cuda() -> None:
    (finding,) = find("cpu-on-gpu", HOST, TORCH_CPU, request=make_request("pytorch", "pytorch-cuda=12.1"))
    assert "pytorch-cuda=12.1 asks for CUDA" in finding.message


def test_cpu_on_gpu_names_the_selector_that_was_left() -> None:
    left, asked = make_package("cpuonly 2.0 0", channel="pytorch"), make_request("pytorch", "cudatoolkit=10.1")
    (finding,) = find("cpu-on-gpu", HOST, TORCH_OWN_CPU, left, request=asked, before=[left])
    assert "conda remove cpuonly" in finding.message
    (finding,) = find("cpu-on-gpu", HOST, TORCH_OWN_CPU, left, request=asked)
    assert "cpuonly" not in finding.message


def test_cpu_on_gpu_tells_of_a_family_once_and_names_the_framework() -> None:
    libtorch = make_package("libtorch 2.7.0 cpu_mkl_0")
    for order in ((libtorch, VISION_CPU, TORCH_CPU), (TORCH_CPU, VISION_CPU, libtorch)):
        (finding,) = find("cpu-on-gpu", HOST, *order)
        assert str(TORCH_CPU) in finding.message


@pytest.mark.parametrize(
    ("host", "packages", "request_"),
    [
        (HOST, (TORCH_126,), make_request("pytorch")),
        (HOST, (TORCH_126, VISION_CPU), make_request("torchvision")),
        (HOST, (TORCH_CPU,), make_request("pytorch=*=cpu*")),
        (HOST, (TORCH_CPU,), make_request("cpuonly", "pytorch-cuda=12.1")),
        (NOWHERE, (TORCH_CPU,), make_request("pytorch")),
        (NOWHERE, (TORCH_CPU,), make_request("pytorch", "cuda-version=12.6")),
        (make_host(None, state=State.UNKNOWN), (TORCH_CPU,), make_request("pytorch")),
        (HOST, (make_package("catboost 1.2 py312hff52083_5"),), make_request("catboost")),
        (HOST, (make_package("numpy 2.1 0"),), make_request("numpy")),
    ],
    ids=[
        "cuda",
        "family-has-cuda",
        "asked-for",
        "selected",
        "no-driver",
        "no-driver-and-a-bound",
        "unknown",
        "says-nothing",
        "unrelated",
    ],
)
def test_cpu_on_gpu_is_silent(host: Host, packages: tuple[Package, ...], request_: Request) -> None:
    assert find("cpu-on-gpu", host, *packages, request=request_) == []


def test_cpu_on_gpu_warns_of_the_build_that_does_not_find_the_gpu() -> None:
    defective = make_package("jaxlib 0.4.34 cuda120py312h_0", "cuda-version >=12.0,<13")
    (finding,) = find("cpu-on-gpu", HOST, defective)
    assert finding.severity.value == "warn"
    assert "https://" in finding.message
    assert finding.remedy == ("jaxlib>=0.4.35",)
    assert find("cpu-on-gpu", HOST, make_package("jaxlib 0.4.35 cuda120py312h_0", "cuda-version >=12,<13")) == []


@pytest.mark.parametrize("host", [HOST, NOWHERE, make_host(None, state=State.UNKNOWN)], ids=lambda h: str(h.verdict))
def test_gpu_lost_blocks_a_swap_to_a_cpu_build(host: Host) -> None:
    newer = make_package("pytorch 2.8.0 cpu_generic_py312_0")
    (finding,) = find("gpu-lost", host, newer, request=make_request("tqdm"), before=[TORCH_126])
    assert finding.severity.value == "block"
    assert str(TORCH_126) in finding.message
    assert "2.8.0 cpu_generic" in finding.message
    assert finding.remedy == ("pytorch>=2.7.0=*cu*",)


@pytest.mark.parametrize(
    ("before", "after", "request_"),
    [
        (TORCH_126, TORCH_126, make_request("tqdm")),
        (TORCH_126, make_package("pytorch 2.9 cuda130_0", "cuda-version >=13,<14"), make_request("pytorch")),
        (TORCH_CPU, make_package("pytorch 2.8 cpu_0"), make_request("pytorch")),
        (TORCH_126, TORCH_CPU, make_request("pytorch=*=cpu*")),
        (TORCH_126, TORCH_CPU, make_request("pytorch-cpu")),
        (TORCH_126, make_package("tqdm 4 0"), make_request("tqdm")),
        (make_package("nccl 2 0", "cuda-version >=12,<13"), make_package("nccl 2.1 cpu_0"), make_request("nccl")),
    ],
    ids=["kept", "still-cuda", "was-cpu", "asked-for", "selected", "removed", "no-framework"],
)
def test_gpu_lost_is_silent(before: Package, after: Package, request_: Request) -> None:
    assert find("gpu-lost", HOST, after, request=request_, before=[before]) == []


MIXED = [
    ("extension-cannot-load", (TORCH_CPU, VISION_126), "block", "torchvision=*=*cpu*"),
    ("wheelhouse-extension", (TORCH_CPU, SCATTER_118), "block", "pytorch-scatter=*=*cpu*"),
    ("operators-stay-behind", (TORCH_126, VISION_CPU), "warn", "torchvision=*=*cu*"),
    ("cpu-extension", (TORCH_126, SCATTER_CPU), "warn", "pytorch-scatter=*=*cu*"),
]


@pytest.mark.parametrize(("packages", "severity", "remedy"), [row[1:] for row in MIXED], ids=[row[0] for row in MIXED])
def test_mixed_variants_fires(packages: tuple[Package, ...], severity: str, remedy: str) -> None:
    findings = find("mixed-variants", HOST, *packages)
    assert severities(findings) == [severity]
    assert findings[0].remedy == (remedy,)
    assert [str(package) for package in packages if str(package) not in findings[0].message] == []


def test_mixed_variants_warns_of_two_old_selectors_in_any_order() -> None:
    old = [make_package("cuda90 1.0 0", channel="pytorch"), make_package("cuda100 1.0 0", channel="pytorch")]
    (one,), (other,) = find("mixed-variants", HOST, *old), find("mixed-variants", HOST, *reversed(old))
    assert one.severity.value == "warn"
    assert one.subject == other.subject


@pytest.mark.parametrize(
    "packages",
    [
        (TORCH_126, VISION_126),
        (TORCH_CPU, VISION_CPU),
        (TORCH_CPU, SCATTER_CPU),
        (TORCH_126, JAX_CPU, BOOST_CPU),
        (VISION_CPU, SCATTER_118),
        (make_package("pytorch 2.1 py3.11_rocm5.6_0"), VISION_CPU),
        (TORCH_126, make_package("pytorch-mutex 1.0 cpu")),
        (make_package("cuda90 1.0 0"),),
    ],
    ids=["cuda", "cpu", "cpu-extension", "other-families", "no-framework", "rocm", "selector", "one-old-selector"],
)
def test_mixed_variants_is_silent(packages: tuple[Package, ...]) -> None:
    assert find("mixed-variants", HOST, *packages) == []
