"""Which torch: by the host, by the user's word, by what is installed; each rule from both sides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conda_cuda_pin.host import State
from conda_cuda_pin.package import Package
from conda_cuda_pin.routing import Target, WheelPlan
from conda_cuda_pin.settings import Settings
from conda_cuda_pin.versions import CudaVersion
from tests.floors.fakes import A100, L4, RTX5090, V100, make_host

from .shelf import PYPI, WHL, ask, pick, plan, real_indexes, stock, wheel

GTX1080, THOR, HOPPER = "6.1", "11.0", "9.0"

CHOICES: list[tuple[str, tuple[str, ...], str, str]] = [
    ("12.4", (L4,), "torch", "2.14.1+cu126"),
    ("12.8", (L4,), "torch", "2.14.1+cu126"),
    ("13.0", (L4,), "torch", "2.15.0+cu130"),
    ("13.1", (L4,), "torch", "2.15.0+cu130"),
    ("13.2", (L4,), "torch", "2.15.0+cu132"),
    ("13.0", (V100,), "torch", "2.14.1+cu126"),
    ("13.0", (GTX1080,), "torch", "2.14.1+cu126"),
    ("12.8", (GTX1080,), "torch==2.8.0", "2.8.0+cu126"),
    ("12.8", (V100,), "torch==2.8.0", "2.8.0+cu128"),
    ("12.8", (V100,), "torch==2.11.0", "2.11.0+cu126"),
    ("12.8", (RTX5090,), "torch", "2.13.0+cu129"),
    ("12.8", (RTX5090,), "torch<2.9", "2.8.0+cu128"),
    ("13.0", (RTX5090,), "torch<2.9", "2.8.0+cu129"),
    ("13.2", (RTX5090, GTX1080), "torch", ""),
    ("13.0", (V100, L4), "torch", "2.14.1+cu126"),
    ("12.2", (L4,), "torch==2.5.1", "2.5.1+cu121"),
    ("12.8", (L4,), "torch>=2.0,<=2.4", "2.4.0+cu124"),
    ("11.4", (A100,), "torch", "2.7.1+cu118"),
    ("11.4", (A100,), "torch==1.13.1", "1.13.1+cu116"),
    ("11.8", (A100,), "torch==1.13.1", "1.13.1+cu117"),
    ("10.2", (V100,), "torch", "1.12.1+cu102"),
    ("10.1", (V100,), "torch", "1.8.1+cu101"),
    ("12.4", (), "torch", "2.14.1+cu126"),
]


def take(driver: str | None, gpus: tuple[str, ...], *words: str, **options: Any) -> str:
    host = make_host(driver, *gpus, **options)
    shelf = real_indexes()
    request = ask(*words)
    made = plan(host, request, shelf)
    return (pick(made, request, shelf, "torch") or "") if "torch" in made.routes else ""


@pytest.mark.parametrize(("driver", "gpus", "word", "version"), CHOICES, ids=str)
def test_the_newest_torch_that_runs_then_its_best_variant(
    driver: str, gpus: tuple[str, ...], word: str, version: str
) -> None:
    assert take(driver, gpus, word) == version


@pytest.mark.parametrize("driver", ["10.2", "11.4", "12.4", "12.8", "12.9", "13.0", "13.2"])
def test_a_plain_torch_costs_one_to_three_requests(driver: str) -> None:
    shelf = real_indexes()
    plan(make_host(driver, V100), ask("torch"), shelf)
    assert 1 <= len(shelf.calls) <= 3


def test_a_driver_newer_than_the_tables_takes_the_newest_cuda() -> None:
    assert take("13.2", (L4,), "torch", at_least=True) == "2.15.0+cu132"
    assert take("15.0", (L4,), "torch") == "2.15.0+cu132"


def test_beyond_the_drivers_minor_there_is_a_note_and_within_it_there_is_none() -> None:
    shelf = real_indexes()
    (note,) = plan(make_host("12.4", L4), ask("torch"), shelf).notes
    assert "12.4" in note
    assert "12.6" in note
    assert plan(make_host("12.6", L4), ask("torch"), shelf).notes == ()


def test_a_release_and_a_cuda_version_that_no_table_knows() -> None:
    shelf = stock(
        {WHL: ["torch 2.15.0+cu132", "torch 2.17.0+cu140", "torch 2.17.0+cpu"], f"{WHL}/cu140": ["torch 2.17.0+cu140"]}
    )
    made = plan(make_host("14.0", L4), ask("torch"), shelf)
    assert made.routes["torch"].indexes == (f"{WHL}/cu140",)
    assert shelf.calls == [(WHL, "torch")]
    assert plan(make_host("13.2", L4), ask("torch"), shelf).routes["torch"].indexes == (f"{WHL}/cu132",)


def test_a_release_that_no_table_knows_may_be_on_every_current_index() -> None:
    shelf = stock({f"{WHL}/cu130": ["torch 2.16.0+cu130"], f"{WHL}/cu132": ["torch 2.16.1+cu132"]})
    assert plan(make_host("13.0", L4), ask("torch"), shelf).routes["torch"].indexes == (f"{WHL}/cu132",)


def test_a_patch_release_that_no_table_knows_is_looked_for_beside_its_neighbour() -> None:
    shelf = stock({f"{WHL}/cu126": ["torch 2.14.1+cu126", "torch 2.14.9+cu126"]})
    request = ask("torch==2.14.9")
    assert pick(plan(make_host("12.8", L4), request, shelf), request, shelf, "torch") == "2.14.9+cu126"


def test_newer_releases_without_kernels_on_the_same_index_are_shut_out() -> None:
    shelf = stock({f"{WHL}/cu128": ["torch 2.10.0+cu128", "torch 2.11.0+cu128"]})
    request = ask("torch>=2.9")
    made = plan(make_host("12.8", V100), request, shelf)
    assert [window.requirement for window in made.windows] == ["torch<=2.10.0"]
    assert pick(made, request, shelf, "torch") == "2.10.0+cu128"
    assert plan(make_host("12.8", L4), request, shelf).windows == ()


def test_the_page_of_old_builds_holds_all_variants_so_the_build_is_fixed() -> None:
    shelf = stock({f"{WHL}/torch_stable.html": ["torch 1.8.1+cu101", "torch 1.8.1+cu111", "torch 1.9.0+cu102"]})
    made = plan(make_host("10.1", "7.5"), ask("torch"), shelf)
    assert [window.requirement for window in made.windows] == ["torch==1.8.1+cu101"]


def test_certainly_no_gpu_means_cpu_builds() -> None:
    assert take(None, (), "torch") == "2.15.0+cpu"


@pytest.mark.parametrize("driver", [None, "12.4"])
def test_an_index_that_cannot_be_read_is_not_said_to_lack_torch(driver: str | None) -> None:
    host = make_host(driver)
    (unread,) = plan(host, ask("torch==2.7.1"), stock({})).notes
    (lacking,) = plan(host, ask("torch==99.0"), real_indexes()).notes
    assert "read" in unread
    assert "asked for" not in unread
    assert "asked for" in lacking


@pytest.mark.parametrize("state", [State.UNKNOWN, State.GPU_NO_DRIVER, State.DEGRADED])
def test_not_knowing_never_means_cpu(state: State) -> None:
    made = plan(make_host(None, state=state), ask("torch"), real_indexes())
    assert (made.routes, made.others, len(made.notes)) == ({}, None, 1)


def test_macos_and_off_and_no_index_mean_nothing_at_all() -> None:
    shelf, request, host = real_indexes(), ask("torch==2.7.1+cu126", channels=[f"{WHL}/cu126"]), make_host("12.8", L4)
    assert plan(host, request, shelf, target=Target("osx-arm64", "3.12")) == WheelPlan()
    assert plan(host, request, shelf, settings=Settings(mode="off")) == WheelPlan()
    assert plan(host, ask("torch", options="--no-index"), shelf) == WheelPlan()
    assert shelf.calls == []


@pytest.mark.parametrize(
    ("settings", "version"),
    [
        (Settings(variant="cpu"), "2.15.0+cpu"),
        (Settings(max=CudaVersion(12, 6)), "2.14.1+cu126"),
        (Settings(max=CudaVersion(11, 8)), "2.7.1+cu118"),
        (Settings(level="minor"), "2.15.0+cu130"),
        (Settings(level="major"), "2.15.0+cu132"),
        (Settings(variant="cuda"), "2.15.0+cu130"),
    ],
    ids=str,
)
def test_settings_count(settings: Settings, version: str) -> None:
    shelf, request = real_indexes(), ask("torch")
    assert pick(plan(make_host("13.0", L4), request, shelf, settings=settings), request, shelf, "torch") == version


def test_level_minor_takes_no_build_beyond_the_driver() -> None:
    shelf, request = real_indexes(), ask("torch")
    made = plan(make_host("12.4", L4), request, shelf, settings=Settings(level="minor"))
    assert (pick(made, request, shelf, "torch"), made.notes) == ("2.7.1+cu118", ())


def test_cuda_on_a_machine_without_a_driver_is_a_wish_that_counts() -> None:
    shelf, request = real_indexes(), ask("torch")
    made = plan(make_host(None), request, shelf, settings=Settings(variant="cuda"))
    assert pick(made, request, shelf, "torch") == "2.15.0+cu132"


def test_what_cannot_run_is_not_routed_and_the_newest_that_can_is_named() -> None:
    shelf = real_indexes()
    made = plan(make_host("13.0", V100), ask("torch==2.15.0"), shelf)
    assert ("torch" in made.routes, "2.14.1" in made.notes[0], "cu126" in made.notes[0]) == (False, True, True)


def test_without_any_index_of_torch_pypi_is_bounded() -> None:
    made = plan(make_host("12.0", "8.6"), ask("torch"), stock({PYPI: ["torch 2.15.0", "torch 2.0.0"]}))
    assert (dict(made.routes), [window.requirement for window in made.windows]) == ({}, ["torch<=2.10.0"])


@pytest.mark.parametrize(
    ("request_", "indexes"),
    [
        (ask("torch==2.7.1+cu128"), [f"{WHL}/cu128"]),
        (ask("torch", channels=[f"{WHL}/cu118"]), [f"{WHL}/cu118"]),
        (ask("torch", channels=[f"{WHL}/cu118/"]), [f"{WHL}/cu118"]),
        (ask("torch", channels=[f"{WHL}/nightly/cu130"]), [f"{WHL}/nightly/cu130"]),
        (ask("torch", channels=[f"{WHL}/test/cu130"]), [f"{WHL}/test/cu130"]),
        (ask("torch", channels=[f"{WHL}/rocm6.4"]), [f"{WHL}/rocm6.4"]),
        (ask("torch", channels=[f"{WHL}/cpu"]), [f"{WHL}/cpu"]),
        (
            ask("torch", channels=["https://mirrors.aliyun.com/pytorch-wheels/cu126"]),
            ["https://mirrors.aliyun.com/pytorch-wheels/cu126"],
        ),
        (ask("torch==1.10.0+cu113", channels=[f"{WHL}/torch_stable.html"]), [f"{WHL}/torch_stable.html"]),
        (ask("torch==1.10.0+cu113", channels=[f"{WHL}/cu113/torch_stable.html"]), [f"{WHL}/cu113/torch_stable.html"]),
        (ask("torch", channels=[f"{WHL}/cu126", f"{WHL}/cpu"]), [f"{WHL}/cu126", f"{WHL}/cpu"]),
        (ask("torch", "torchvision==0.22.1+cu126"), [f"{WHL}/cu126"]),
    ],
    ids=lambda value: str(value)[:60],
)
def test_the_users_word_wins_and_costs_nothing(request_: Any, indexes: list[str]) -> None:
    shelf = real_indexes()
    made = plan(make_host("12.4", L4), request_, shelf)
    assert list(made.routes["torch"].indexes) == indexes
    assert made.routes["torchvision"] == made.routes["torch"]
    assert shelf.calls == []


@pytest.mark.parametrize(
    "url",
    [
        "https://abetlen.github.io/llama-cpp-python/whl/cu121",
        f"{WHL}/torch-tensorrt",
        "https://mirror.example.org/simple",
        "https://www.paddlepaddle.org.cn/packages/stable/cu126/",
    ],
)
def test_other_indexes_are_no_word_about_torch(url: str) -> None:
    made = plan(make_host("13.0", L4), ask("torch", channels=[url]), real_indexes(), defaults=(PYPI, url))
    assert made.routes["torch"].indexes == (f"{WHL}/cu130",)
    assert made.others is not None
    assert made.others.indexes[:2] == (PYPI, url)


def test_a_page_of_all_variants_is_searched_alone() -> None:
    page = f"{WHL}/torch_stable.html"
    shelf = stock({page: ["torch 1.10.0+cu102", "torch 1.10.0+cu113"], f"{WHL}/cu126": ["torch 2.14.1+cu126"]})
    made = plan(make_host("12.4", A100), ask("torch", channels=[page]), shelf)
    assert made.routes["torch"].indexes == (page,)
    assert [window.requirement for window in made.windows] == ["torch==1.10.0+cu113"]


def test_an_index_of_torch_is_the_last_source_of_everything_else() -> None:
    cu126 = f"{WHL}/cu126"
    for defaults in ((cu126,), (PYPI, cu126), (cu126, PYPI)):
        made = plan(make_host("12.8", L4), ask("torch", channels=[cu126]), real_indexes(), defaults=defaults)
        assert made.others is not None
        assert made.others.indexes == (PYPI, cu126)
        assert made.routes["torch"].indexes == (cu126,)


def test_triton_may_come_from_elsewhere_and_torchvision_may_not() -> None:
    routes = plan(make_host("13.0", L4), ask("torch"), real_indexes()).routes
    assert routes["triton"].indexes == (f"{WHL}/cu130", PYPI)
    assert routes["torchvision"].indexes == (f"{WHL}/cu130",)


CONDA_TORCH = Package("pytorch", "2.3.1", "py3.11_cuda12.1_cudnn8.9.2_0", "pytorch", ("pytorch-cuda >=12.1,<12.2",))
FOLLOWED = [
    (wheel("torch 2.9.0+cu128", channel="download.pytorch.org/whl/cu128"), f"{WHL}/cu128", "torchvision==0.24.0+cu128"),
    (wheel("torch 2.9.0+cu128", channel=""), f"{WHL}/cu128", "torchvision==0.24.0+cu128"),
    (wheel("torch 2.9.0+cpu", channel=""), f"{WHL}/cpu", "torchvision==0.24.0+cpu"),
    (wheel("torch 2.9.0+rocm6.4", channel=""), f"{WHL}/rocm6.4", ""),
    (wheel("torch 2.9.0"), PYPI, ""),
    (wheel("torch 2.99.0+cu128", channel=""), f"{WHL}/cu128", ""),
]


@pytest.mark.parametrize(("torch", "index", "window"), FOLLOWED, ids=lambda value: str(value)[:40])
def test_torchvision_follows_the_torch_that_is_there(torch: Package, index: str, window: str) -> None:
    made = plan(make_host("13.0", L4), ask("torchvision"), real_indexes(), [torch])
    assert made.routes["torchvision"].indexes == (index,)
    assert [one.requirement for one in made.windows] == ([window] if window else [])


def test_a_torch_of_somebodys_own_making_is_held() -> None:
    made = plan(make_host("13.0", L4), ask("torchvision"), real_indexes(), [wheel("torch 2.8.0a0+5228986c39.nv25.6")])
    assert [window.requirement for window in made.windows] == ["torch==2.8.0a0+5228986c39.nv25.6"]
    assert made.routes["torchvision"].indexes == (PYPI,)


def test_a_mirror_is_no_place_to_look_for_the_torch_that_is_installed_but_its_variant_is() -> None:
    installed = [wheel("torch 2.9.0+cu128", channel="nexus.example.org/pytorch/cu128")]
    made = plan(make_host("13.0", L4), ask("torchvision"), real_indexes(), installed)
    assert made.routes["torchvision"].indexes == (f"{WHL}/cu128",)
    nightly = [wheel("torch 2.17.0.dev20261101+cu132", channel="download.pytorch.org/whl/nightly/cu132")]
    made = plan(make_host("13.2", L4), ask("torchvision"), real_indexes(), nightly)
    assert made.routes["torchvision"].indexes == (f"{WHL}/nightly/cu132",)


def test_a_torch_that_was_asked_for_and_is_there_stays_and_is_followed() -> None:
    installed = [wheel("torch 2.9.0+cu128", channel="")]
    stays = plan(make_host("13.0", L4), ask("torch>=2.8", "torchvision"), real_indexes(), installed)
    assert stays.routes["torch"].indexes == (f"{WHL}/cu128",)
    for request in (ask("torch>2.9", "torchvision"), ask("torch", options="--upgrade")):
        made = plan(make_host("13.0", L4), request, real_indexes(), installed)
        assert made.routes["torch"].indexes == (f"{WHL}/cu130",)


def test_a_torch_from_the_cpu_index_becomes_cuda_only_when_it_is_replaced() -> None:
    installed = [wheel("torch 2.9.0+cpu", channel="")]
    request = ask("torch", options="-U")
    assert plan(make_host("13.0", L4), request, real_indexes(), installed).routes["torch"].indexes == (f"{WHL}/cu130",)


def test_condas_torch_is_held_unless_torch_itself_is_asked_for() -> None:
    held = plan(make_host("12.4", L4), ask("lightning"), real_indexes(), [CONDA_TORCH])
    assert [window.requirement for window in held.windows] == ["torch==2.3.1"]
    assert held.routes["torchvision"].indexes == (f"{WHL}/cu121",)
    asked = plan(make_host("12.4", L4), ask("torch"), real_indexes(), [CONDA_TORCH])
    assert asked.windows == ()
    over = plan(make_host("12.4", L4), ask("lightning"), real_indexes(), [CONDA_TORCH, wheel("torch 2.9.0+cu126")])
    assert over.windows == ()


@pytest.mark.parametrize(
    ("platform", "gpu", "driver", "word", "version"),
    [
        ("linux-aarch64", THOR, "13.0", "torch", "2.15.0+cu130"),
        ("linux-aarch64", "12.1", "13.0", "torch", "2.15.0+cu130"),
        ("linux-aarch64", HOPPER, "12.4", "torch", "2.14.1+cu126"),
        ("linux-aarch64", HOPPER, "12.8", "torch==2.8.0", "2.8.0+cu129"),
        ("linux-aarch64", THOR, "12.8", "torch", ""),
        ("win-64", "7.5", "12.9", "torch==2.9.1", "2.9.1+cu129"),
        ("win-64", "5.2", "12.8", "torch", "2.7.1+cu118"),
        ("linux-64", "5.2", "12.8", "torch", "2.14.1+cu126"),
    ],
)
def test_platforms_have_variants_and_kernels_of_their_own(
    platform: str, gpu: str, driver: str, word: str, version: str
) -> None:
    shelf, request = real_indexes(platform), ask(word)
    made = plan(make_host(driver, gpu), request, shelf, target=Target(platform, "3.12"))
    assert ((pick(made, request, shelf, "torch") or "") if made.routes else "") == version


def test_a_jetson_before_thor_is_left_alone_with_a_note() -> None:
    made = plan(make_host("12.6", "8.7", kinds=["tegra"]), ask("torch"), real_indexes("linux-aarch64"))
    assert (dict(made.routes), "Jetson" in made.notes[0]) == ({}, True)


def test_a_mirror_takes_the_place_of_the_index_and_is_known_as_one() -> None:
    mirror = "https://nexus.example.org/pt"
    settings = Settings(mirrors=((WHL, mirror), (PYPI, "https://nexus.example.org/pypi")))
    shelf = stock({f"{mirror}/cu130": ["torch 2.15.0+cu130"]})
    made = plan(make_host("13.0", L4), ask("torch"), shelf, settings=settings, defaults=())
    assert made.routes["torch"].indexes == (f"{mirror}/cu130",)
    assert made.others is not None
    assert made.others.indexes == ("https://nexus.example.org/pypi", f"{mirror}/cu130")
    word = plan(make_host("13.0", L4), ask("torch", channels=[f"{mirror}/cu126"]), shelf, settings=settings)
    assert word.routes["torch"].indexes == (f"{mirror}/cu126",)


def test_the_longest_mirror_counts() -> None:
    settings = Settings(mirrors=(("https://download.pytorch.org", "https://a.org"), (WHL, "https://b.org/t")))
    made = plan(make_host("13.0", L4), ask("torch==2.9.0+cu128"), stock({}), settings=settings)
    assert made.routes["torch"].indexes == ("https://b.org/t/cu128",)


def test_verbs_that_bring_nothing_plan_nothing() -> None:
    request = replace(ask("torch"), verb="uninstall")
    assert plan(make_host("13.0", L4), request, real_indexes()) == WheelPlan()
