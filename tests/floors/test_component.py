"""What a package says about CUDA: role, toolkit and span, from its dependencies before its build string."""

from __future__ import annotations

import pytest

from conda_cuda_pin.component import Component, Role, Variant, read_component, read_components
from conda_cuda_pin.span import ANY, Span
from conda_cuda_pin.versions import CudaVersion

from .fakes import make_component, make_package

ROLES = [
    ("cudatoolkit 11.8.0 h6a678d5_0", (), Role.MONOLITH, "11.8"),
    ("cuda-version 12.9 h4f385c5_3", (), Role.SELECTOR, "12.9"),
    ("pytorch-cuda 12.1 ha16c6d3_5", ("libcublas >=12.1.0.26,<12.1.3.1",), Role.SELECTOR, "12.1"),
    ("cuda90 1.0 h6433d27_0", (), Role.SELECTOR, "9.0"),
    ("cuda100 1.0 0", (), Role.SELECTOR, "10.0"),
    ("cuda-cudart 12.1.105 0", (), Role.PART, "12.1"),
    ("cuda-nvrtc 12.9.86 h5888daf_0", ("cuda-version >=12.9,<12.10.0a0",), Role.PART, "12.9"),
    ("libcublas 11.11.3.6 0", (), Role.PART, "11.8"),
    ("libcurand 10.3.5.119 0", (), Role.PART, "12.4"),
    ("libcufile 1.9.0.20 0", (), Role.PART, "12.4"),
    ("libcurand 10.3.10.19 h676940d_1", ("cuda-version >=12.9,<12.10.0a0",), Role.PART, "12.9"),
    ("libcufft-dev 11.4.0.6 h5888daf_0", ("cuda-version >=12.9,<12.10.0a0",), Role.PART, "12.9"),
    ("pytorch 2.5.1 cuda126_mkl_py310_h1_300", ("cuda-version >=12.6,<13",), Role.FRAMEWORK, "12.6"),
    ("cupy 13.3.0 py310h1b77274_2", ("cuda-version >=12.0,<13", "python"), Role.USER, "12.0"),
    ("nccl 2.28.9.1 h4d09622_0", ("cuda-version >=12.2,<13",), Role.USER, "12.2"),
    ("cudnn 7.6.5.32 hc0a50b0_1", ("cudatoolkit 10.1|10.1.*",), Role.USER, "10.1"),
]


@pytest.mark.parametrize(("text", "depends", "role", "toolkit"), ROLES, ids=[text for text, *_ in ROLES])
def test_a_package_has_a_role_and_a_toolkit(text: str, depends: tuple[str, ...], role: Role, toolkit: str) -> None:
    component = make_component(text, *depends)
    assert (component.role, str(component.toolkit)) == (role, toolkit)
    assert component.variant is Variant.CUDA


UNRELATED = [
    ("numpy 2.1.0 py312hcuda", ("python >=3.12",)),
    ("tqdm 4.66.5 pyhd8ed1ab_0", ()),
    ("ucx 1.17.0 h53b9c8a_3", ("libgcc >=13",)),
    ("numpy 1.24.3 py310h5f9d8c6_mkl_0", ()),
    ("libblas 3.9.0 24_linux64_mkl", ("mkl >=2024",)),
    ("jax 0.4.35 pyhd8ed1ab_0", ("jaxlib >=0.4.34", "python")),
    ("cudatoolkit unknown 0", ()),
    ("cuda-cudart dev 0", ()),
    ("cpuinfo 1.0 cpu_0", ()),
]


@pytest.mark.parametrize(("text", "depends"), UNRELATED, ids=[text for text, _ in UNRELATED])
def test_what_has_nothing_to_do_with_cuda_is_left_out(text: str, depends: tuple[str, ...]) -> None:
    assert read_component(make_package(text, *depends)) is None


def test_dependencies_win_over_the_build_string() -> None:
    component = make_component("triton 3.1.0 cuda120py310h_5", "cuda-version >=12.6,<13")
    assert str(component.toolkit) == "12.6"
    assert component.span == Span(CudaVersion(12, 6), CudaVersion(13, 0))


def test_a_library_alone_says_the_toolkit_where_the_build_string_lies() -> None:
    component = make_component("torchvision 0.20.1 cuda120py312h_0", "libcublas >=12.6.3.3,<13.0a0", "pytorch * cuda*")
    assert str(component.toolkit) == "12.6"


def test_a_library_of_cuda_11_is_read_through_its_own_numbers() -> None:
    """The version of libcublas is not the toolkit's before CUDA 12: 11.11.3.6 came with CUDA 11.8."""
    component = make_component("libcublas-dev 11.11.3.6 0", "libcublas >=11.11.3.6")
    assert str(component.toolkit) == "11.8"


def test_the_torchvision_that_says_120_and_needs_more_is_of_that_major() -> None:
    depends = ("cuda-version >=12.0,<13", "libcublas >=12.6.3.3,<13.0a0", "pytorch * cuda120*")
    component = make_component("torchvision 0.20.1 cuda120py312h00ec985_0", *depends)
    assert component.toolkit is not None
    assert component.toolkit.major == 12
    assert CudaVersion(12, 6) in component.span


def test_an_open_dependency_leaves_the_build_string_to_speak() -> None:
    component = make_component("torchvision 0.15.2 cuda112py310h_1", "cudatoolkit", "pytorch")
    assert (str(component.toolkit), component.span) == ("11.2", ANY)


def test_the_old_selectors_are_read_from_dependencies() -> None:
    component = make_component("pytorch 0.4.1 py36_py35_py27__9.0.176_7.1.2_2", "cuda90", "python")
    assert (str(component.toolkit), component.variant) == ("9.0", Variant.CUDA)


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("pytorch-mutex 1.0 cuda", Variant.CUDA),
        ("pytorch-mutex 1.0 cpu", Variant.CPU),
        ("cpuonly 2.0 0", Variant.CPU),
        ("pytorch-cpu 2.5.1 cpu_generic_py312_h_4", Variant.CPU),
        ("pytorch-gpu 2.5.1 cuda126py312h_4", Variant.CUDA),
        ("tensorflow-gpu 2.10.0 h4ea0b52_0", Variant.CUDA),
    ],
)
def test_selectors_have_the_variant_that_they_choose(text: str, variant: Variant) -> None:
    assert make_component(text).variant is variant


def test_a_choice_for_cuda_may_say_its_toolkit() -> None:
    assert str(make_component("pytorch-gpu 2.5.1 cuda126py312h_4").toolkit) == "12.6"


@pytest.mark.parametrize("text", ["cpuonly 2.0 0", "pytorch-mutex 1.0 cpu", "pytorch-cpu 2.5.1 cpu_0"])
def test_a_choice_for_cpu_is_of_no_toolkit(text: str) -> None:
    assert make_component(text).toolkit is None


def test_an_extension_knows_the_family_that_it_stands_on() -> None:
    component = make_component("pytorch-scatter 2.1.1 py310_torch_2.0.0_cu118", "pytorch 2.0.*", channel="pyg")
    assert (component.role, component.family, str(component.toolkit)) == (Role.USER, "torch", "11.8")


def test_a_cpu_extension_counts_only_beside_a_framework() -> None:
    extension = make_component("pytorch-scatter 2.1.1 py310_torch_2.0.0_cpu", "pytorch 2.0.*", channel="pyg")
    assert (extension.variant, extension.family) == (Variant.CPU, "torch")
    assert read_component(make_package("other 2.1.1 py310_cpu", "python")) is None


def test_members_know_their_family_and_whether_it_is_cheap() -> None:
    torch, boost = make_component("libtorch 2.5.1 cpu_mkl_0"), make_component("libxgboost 2.1 cpu_0")
    assert (torch.family, torch.cheap) == ("torch", False)
    assert (boost.family, boost.cheap) == ("xgboost", True)


def test_reading_keeps_the_order_and_drops_the_rest() -> None:
    packages = [make_package(text) for text in ("tqdm 4 0", "pytorch 2.5 cpu_0", "zlib 1 0", "cuda-version 12.4 0")]
    assert [component.name for component in read_components(packages)] == ["pytorch", "cuda-version"]


def test_only_monoliths_and_parts_carry_a_toolkit() -> None:
    carriers = {text: make_component(text, *depends).carries_toolkit for text, depends, *_ in ROLES}
    roles = {text: role in (Role.MONOLITH, Role.PART) for text, _, role, _ in ROLES}
    assert carriers == roles


def test_a_component_is_written_as_its_package() -> None:
    component: Component = make_component("pytorch 2.5.1 cpu_0")
    assert str(component) == "pytorch 2.5.1 cpu_0"
