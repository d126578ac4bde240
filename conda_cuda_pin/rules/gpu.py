"""CUP103: does the GPU have kernels in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import Component, Role, Variant
from ..knowledge.architectures import last_toolkit
from ..knowledge.packages import kernels_of, oldest_gpu
from ..limit import BOARDS_JOINED, oldest_native_toolkit
from ..tag import split_name
from .remedy import fit_wheel
from .rule import Observation, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..knowledge.packages import Kernels
    from ..versions import ComputeCapability, CudaVersion


def find_arch_unsupported(state: State) -> Iterable[Observation]:
    """Find components without kernels for a GPU of the host."""
    gpus = state.host.capabilities
    driver = state.host.driver_cuda
    is_board = "tegra" in state.host.kinds
    if is_board and (driver is None or driver.major < BOARDS_JOINED):
        yield from _find_server_builds(state)
        return
    yield from _find_board_builds(state) if not is_board else ()
    for component in (c for c in state.built_for_cuda if c.runs_on_gpu) if gpus else ():
        bare = [gpu for gpu in gpus if _lacks_kernels(component, gpu, state)]
        if not bare:
            continue
        every = len(bare) == len(gpus)
        certain = every and _is_proven(component, bare, state) and not component.falls_back
        listed = ", ".join(str(gpu) for gpu in bare)
        yield Observation(
            Severity.BLOCK if certain else Severity.INFO if component.is_wheel and component.cheap else Severity.WARN,
            (component.name, str(component.toolkit)),
            f"{component} has no kernels for compute capability {listed}",
            (str(component),),
            *_arch_remedy(component, bare, state),
        )


def _lacks_kernels(component: Component, gpu: ComputeCapability, state: State) -> bool:
    if component.toolkit is None:
        return False
    oldest = oldest_native_toolkit(gpu)
    if _is_dropped(gpu, component.toolkit) or _is_too_old(gpu, component):
        return True
    if component.role is not Role.FRAMEWORK:
        return False
    kernels = _find_kernels(component, state)
    if kernels is not None:
        return not kernels.run_on(gpu)
    if component.is_wheel and (component.falls_back or not component.span.single_minor):
        return False
    return oldest is not None and component.toolkit < oldest and component.is_core


def _is_too_old(gpu: ComputeCapability, component: Component) -> bool:
    """Whether the package itself is known to have given up such a GPU, whatever its toolkit could build for."""
    lowest = oldest_gpu(split_name(component.name)[0], component.package.version)
    return lowest is not None and gpu < lowest


def _find_kernels(component: Component, state: State) -> Kernels | None:
    """Return what is known of a torch that its project built; other builds hold other kernels."""
    if component.toolkit is None or state.host.platform not in ("linux-64", "win-64", "linux-aarch64"):
        return None
    own = component.is_wheel and component.name == "torch" and component.span.single_minor
    if not own and not (component.from_pytorch and component.name == "pytorch"):
        return None
    return kernels_of("pytorch", component.package.version.partition("+")[0], component.toolkit, state.host.platform)


def _is_proven(component: Component, gpus: list[ComputeCapability], state: State) -> bool:
    """Whether it is certain that no kernel runs: dropped by the toolkit, or absent from a known list."""
    toolkit = component.toolkit
    if toolkit is None:
        return False
    if all(_is_too_old(gpu, component) or _is_dropped(gpu, toolkit) for gpu in gpus):
        return True
    return _find_kernels(component, state) is not None


def _is_dropped(gpu: ComputeCapability, toolkit: CudaVersion) -> bool:
    last = last_toolkit(gpu)
    return last is not None and toolkit > last


def _arch_remedy(
    component: Component, gpus: list[ComputeCapability], state: State
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the spec that bounds the toolkit for these GPUs, and the selectors that would stand against it."""
    if component.is_wheel:
        return fit_wheel(component, state.host, state.driver) if component.name == "torch" else (), ()
    if any(_is_too_old(gpu, component) for gpu in gpus):
        return (), ()
    last, oldest = last_toolkit(gpus[0]), oldest_native_toolkit(gpus[-1])
    selectors = ("cudatoolkit", "pytorch-cuda", "cuda-version")
    if last is not None:
        return (f"cuda-version<{last.next_major().major}",), selectors
    if oldest is None:
        return (), ()
    if not component.from_pytorch:
        return (f"cuda-version>={oldest}",), selectors
    return (f"conda-forge::{component.name}",), selectors


def _find_server_builds(state: State) -> Iterable[Observation]:
    """On a Jetson of before CUDA 13, builds for servers lack its kernels."""
    servers = _list_of_variant(state, "sbsa")
    if servers:
        message = f"{servers[0]} and what stands on it are built for Arm servers (sbsa), not for Jetson"
        yield _observe_arm(servers, "sbsa", message, "tegra")
    for torch in (c for c in state.of_role(Role.FRAMEWORK) if c.is_wheel and c.is_core and c.family == "torch"):
        index = torch.package.channel.partition("/")[0]
        if torch.variant is Variant.CUDA and index in _SERVER_INDEXES:
            message = f"{torch} is built for Arm servers (sbsa), not for Jetson; https://pypi.jetson-ai-lab.io has such"
            yield Observation(Severity.WARN, (torch.name, "sbsa"), message, (str(torch),))


_SERVER_INDEXES = ("pypi", "download.pytorch.org")
"""Whose wheels for Arm are for servers: https://docs.nvidia.com/deeplearning/frameworks/install-pytorch-jetson-platform/"""


def _find_board_builds(state: State) -> Iterable[Observation]:
    """On Arm servers, the builds for Jetson look for the libraries of its board."""
    boards = _list_of_variant(state, "tegra") if state.host.driver_cuda is not None else []
    if boards:
        message = f"{boards[0]} and what stands on it are built for Jetson (tegra), not for Arm servers"
        yield _observe_arm(boards, "tegra", message, "sbsa")


def _list_of_variant(state: State, variant: str) -> list[Component]:
    def is_of(spec: str) -> bool:
        return spec.startswith("arm-variant") and variant in spec

    return [c for c in state.components if any(map(is_of, c.package.depends))]


def _observe_arm(found: list[Component], subject: str, message: str, right: str) -> Observation:
    named = tuple(map(str, found))
    return Observation(Severity.WARN, (subject,), message, named, (f"arm-variant=*={right}",))
