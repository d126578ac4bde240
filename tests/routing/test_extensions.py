"""Extensions of torch that have pages of their own, and the key in the names of their files."""

from __future__ import annotations

import pytest

from conda_cuda_pin.package import Package
from conda_cuda_pin.routing import Target
from conda_cuda_pin.routing.abi import AbiKey
from conda_cuda_pin.settings import Settings
from tests.floors.fakes import A100, L4, make_host

from .shelf import PYPI, WHL, ask, pick, plan, real_indexes, stock, wheel

PYG = "https://data.pyg.org/whl"
FLASH = "https://github.com/Dao-AILab/flash-attention/releases"
FLASH_FILES = [
    "flash-attn 2.8.0.post2+cu12torch2.7cxx11abiTRUE",
    "flash-attn 2.7.4.post1+cu12torch2.6cxx11abiFALSE",
    "flash-attn 2.7.4.post1+cu12torch2.6cxx11abiTRUE",
    "flash-attn 2.7.3+cu11torch2.6cxx11abiFALSE",
]
HOST = make_host("12.8", L4)
TORCH_26 = wheel("torch 2.6.0+cu124", channel="download.pytorch.org/whl/cu124")


@pytest.mark.parametrize(
    ("version", "torch", "cuda", "new_abi"),
    [
        ("2.7.4.post1+cu12torch2.6cxx11abiFALSE", "2.6", 12, False),
        ("2.8.3+cu128torch2.10cxx11abitrue", "2.10", 12, True),
        ("2.1.2+pt28cu126", "2.8", 12, None),
        ("2.1.2+pt212cu130", "2.12", 13, None),
        ("2.1.2+pt20cpu", "2.0", 0, None),
        ("0.21.0+torch270cu128", "2.7", 12, None),
        ("0.21.1+torch2100cu130", "2.10", 13, None),
        ("2.4.0+cu124", "", 12, None),
        ("2.1.0", "", None, None),
    ],
)
def test_the_key_of_a_file(version: str, torch: str, cuda: int | None, new_abi: bool | None) -> None:
    assert AbiKey.read(version) == AbiKey(torch, cuda, new_abi)


@pytest.mark.parametrize(
    ("version", "torch", "tag", "fits"),
    [
        ("1+cu12torch2.6cxx11abiFALSE", "2.6.0", "cu124", True),
        ("1+cu12torch2.6cxx11abiFALSE", "2.6.0", "cu126", False),
        ("1+cu12torch2.6cxx11abiTRUE", "2.6.0", "cu126", True),
        ("1+cu12torch2.6cxx11abiTRUE", "2.6.0", "cu124", False),
        ("1+cu12torch2.7cxx11abiTRUE", "2.7.1", "cu118", False),
        ("1+cu12torch2.7cxx11abiTRUE", "2.7.1", "cu128", True),
        ("1+pt28cu126", "2.8.0", "cu128", True),
        ("1+pt28cu126", "2.8.0", "cu130", False),
        ("1+pt28cpu", "2.8.0", "cu128", False),
        ("1+pt28cpu", "2.8.0", "cpu", True),
        ("1.0", "2.8.0", "cu128", True),
    ],
)
def test_what_loads_beside_a_torch(version: str, torch: str, tag: str, fits: bool) -> None:
    assert AbiKey.read(version).fits(torch, tag) is fits


def test_flash_attn_for_the_torch_that_is_installed() -> None:
    shelf, request = stock({FLASH: FLASH_FILES}), ask("flash-attn")
    made = plan(HOST, request, shelf, [TORCH_26])
    assert pick(made, request, shelf, "flash-attn") == "2.7.4.post1+cu12torch2.6cxx11abiFALSE"
    assert len(shelf.calls) == 1


def test_conda_forges_torch_has_the_new_abi() -> None:
    depends = ("cuda-version >=12.6,<13", "libtorch 2.6.0")
    torch = Package("pytorch", "2.6.0", "cuda126_generic_py311_h1_200", "conda-forge", depends)
    request = ask("flash-attn")
    shelf = stock({FLASH: FLASH_FILES})
    picked = pick(plan(HOST, request, shelf, [torch]), request, shelf, "flash-attn")
    assert picked == "2.7.4.post1+cu12torch2.6cxx11abiTRUE"


def test_without_a_fitting_file_the_fitting_torch_is_named_and_nothing_is_built() -> None:
    shelf = stock({FLASH: FLASH_FILES})
    made = plan(HOST, ask("flash-attn"), shelf, [wheel("torch 2.9.0+cu128")])
    (end,) = made.dead_ends
    assert (end.name, end.index) == ("flash-attn", FLASH)
    assert "torch 2.9.0 (cu128)" in end.reason
    assert "torch 2.7" in end.reason
    assert made.routes["flash-attn"].indexes == (FLASH,)


def test_a_release_page_that_lists_no_files_leads_to_the_page_of_a_version() -> None:
    assets = f"{FLASH}/expanded_assets/v2.7.4.post1"
    pages = {assets: FLASH_FILES[1:3], PYPI: ["flash-attn 2.8.3", "flash-attn 2.7.4.post1"]}
    made = plan(HOST, ask("flash-attn"), stock(pages), [TORCH_26])
    assert made.routes["flash-attn"].indexes == (assets,)
    nothing = plan(HOST, ask("flash-attn"), stock({}), [TORCH_26])
    assert ("flash-attn" in nothing.routes, nothing.dead_ends, len(nothing.notes)) == (False, (), 1)


def test_a_build_from_source_that_was_asked_for_is_left_alone() -> None:
    made = plan(HOST, ask("flash-attn", options="--no-binary flash-attn"), stock({FLASH: FLASH_FILES}), [TORCH_26])
    assert "flash-attn" not in made.routes


def test_the_page_of_the_torch_that_is_installed_or_planned() -> None:
    page = f"{PYG}/torch-2.8.0+cu128.html"
    shelf = stock({page: ["torch-scatter 2.1.2+pt28cu128"], f"{WHL}/cu128": ["torch 2.8.0+cu128"]})
    for installed, words in (([wheel("torch 2.8.0+cu128")], ()), ([], ("torch==2.8.0+cu128",))):
        request = ask("torch_scatter", *words)
        made = plan(HOST, request, shelf, installed)
        assert made.routes["torch-scatter"].indexes == (page,)
        assert pick(made, request, shelf, "torch-scatter") == "2.1.2+pt28cu128"


def test_a_patch_release_uses_the_page_of_its_minor_and_pypis_torch_is_known_by_the_table() -> None:
    page = f"{PYG}/torch-2.9.0+cu128.html"
    made = plan(HOST, ask("torch-sparse"), stock({page: ["torch-sparse 0.6.18+pt29cu128"]}), [wheel("torch 2.9.1")])
    assert made.routes["torch-sparse"].indexes == (page,)


def test_a_torch_that_no_table_knows_says_by_its_dependencies_what_it_is() -> None:
    page = f"{PYG}/torch-2.17.0+cu132.html"
    torch = wheel("torch 2.17.0", 'cuda-toolkit[cublas,cudart]==13.2.2; platform_system == "Linux"')
    made = plan(HOST, ask("torch-sparse"), stock({page: ["torch-sparse 0.6.18+pt217cu132"]}), [torch])
    assert made.routes["torch-sparse"].indexes == (page,)


def test_where_the_torch_is_not_known_there_is_a_note() -> None:
    made = plan(HOST, ask("torch-sparse"), stock({}), [wheel("torch 2.8.0a0+5228986c39.nv25.6")])
    assert ("torch-sparse" in made.routes, len(made.notes)) == (False, 1)


def test_another_minor_of_the_same_cuda_major_loads_too() -> None:
    other = f"{PYG}/torch-2.8.0+cu126.html"
    made = plan(HOST, ask("pyg-lib"), stock({other: ["pyg-lib 0.5.0+pt28cu126"]}), [wheel("torch 2.8.0+cu128")])
    assert made.routes["pyg-lib"].indexes == (other,)


def test_without_a_page_the_newest_torch_that_has_one_is_named() -> None:
    shelf = stock({f"{PYG}/torch-2.13.0+cu126.html": ["torch-scatter 2.1.2+pt213cu126"]})
    made = plan(HOST, ask("torch-scatter"), shelf, [wheel("torch 2.14.1+cu126")])
    assert "torch 2.13.0 (cu126)" in made.dead_ends[0].reason
    assert made.routes["torch-scatter"].indexes == (f"{PYG}/torch-2.14.0+cu126.html",)


def test_a_page_that_the_user_named_is_taken_and_named_where_it_is_not_there() -> None:
    page = f"{PYG}/torch-2.8.0+cu126.html"
    request = ask("torch-scatter", channels=[page])
    torch = [wheel("torch 2.8.0+cu128")]
    there = plan(HOST, request, stock({page: ["torch-scatter 2.1.2+pt28cu126"]}), torch)
    assert (there.routes["torch-scatter"].indexes, there.dead_ends) == ((page,), ())
    secret = "https://me:secret@data.pyg.org/whl/torch-9.html"
    mirror = Settings(mirrors=(("https://data.pyg.org", "https://me:secret@data.pyg.org"),))
    (end,) = plan(HOST, ask("torch-scatter", channels=[secret]), stock({}), torch, mirror).dead_ends
    assert ("secret" in end.reason, end.index) == (False, secret)
    wrong = "https://download.openmmlab.com/mmcv/dist/cu113/torch11.1/index.html"
    torch = [wheel("torch 1.11.0+cu113", channel="")]
    made = plan(make_host("11.3", A100), ask("mmcv-full==1.5.3", channels=[wrong]), stock({}), torch)
    assert wrong in made.dead_ends[0].reason
    assert "https://download.openmmlab.com/mmcv/dist/cu113/torch1.11.0/index.html" in made.dead_ends[0].reason


def test_an_extension_that_was_not_asked_for_costs_nothing() -> None:
    shelf = real_indexes()
    made = plan(HOST, ask("torch"), shelf)
    assert ("torch-scatter" in made.routes, {name for _, name in shelf.calls}) == (False, {"torch"})


PADDLE = "https://www.paddlepaddle.org.cn/packages/stable"


@pytest.mark.parametrize(
    ("driver", "index"),
    [("12.8", "cu126"), ("12.9", "cu129"), ("13.2", "cu130"), ("11.4", "cu118"), ("12.4", "cu118")],
)
def test_what_does_not_build_on_torch_goes_by_the_driver(driver: str, index: str) -> None:
    shelf = stock({f"{PADDLE}/{tag}": ["paddlepaddle-gpu 3.2.0"] for tag in ("cu118", "cu126", "cu129", "cu130")})
    made = plan(make_host(driver, L4), ask("paddlepaddle-gpu"), shelf)
    assert made.routes["paddlepaddle-gpu"].indexes == (f"{PADDLE}/{index}",)
    named = ask("paddlepaddle-gpu", channels=[f"{PADDLE}/cu118/"])
    assert plan(make_host(driver, L4), named, shelf).routes["paddlepaddle-gpu"].indexes == (f"{PADDLE}/cu118/",)


def test_an_index_of_its_own_is_taken_only_when_it_was_named() -> None:
    url = "https://abetlen.github.io/llama-cpp-python/whl/cu121"
    shelf = stock({url: ["llama-cpp-python 0.3.9"]})
    assert "llama-cpp-python" not in plan(HOST, ask("llama-cpp-python"), shelf).routes
    made = plan(HOST, ask("llama-cpp-python", channels=[url]), shelf)
    assert made.routes["llama-cpp-python"].indexes == (url,)


def test_torch_tensorrt_is_fixed_to_the_variant_that_is_installed() -> None:
    page, cu128 = f"{WHL}/torch-tensorrt", f"{WHL}/cu128"
    shelf = stock({page: ["torch-tensorrt 2.9.0+cu130"], cu128: ["torch-tensorrt 2.9.0+cu128"]})
    installed = [wheel("torch 2.9.0+cu128", channel="download.pytorch.org/whl/cu128")]
    made = plan(HOST, ask("torch-tensorrt", channels=[page]), shelf, installed)
    assert [window.requirement for window in made.windows] == ["torch-tensorrt==2.9.0+cu128"]
    assert made.routes["torch-tensorrt"].indexes == (cu128,)


def test_on_windows_and_linux_pypis_torch_differs() -> None:
    request, installed = ask("torch-scatter"), [wheel("torch 2.8.0")]
    pages = {f"{PYG}/torch-2.8.0+{tag}.html": [f"torch-scatter 2.1.2+pt28{tag}"] for tag in ("cu128", "cpu")}
    for platform, tag in (("linux-64", "cu128"), ("win-64", "cpu")):
        made = plan(HOST, request, stock(pages), installed, target=Target(platform, "3.11"))
        assert made.routes["torch-scatter"].indexes == (f"{PYG}/torch-2.8.0+{tag}.html",)
