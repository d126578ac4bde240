"""CUP5xx: do the packages come from channels that work together?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import Component, Role, Variant
from ..versions import CudaVersion
from .rule import Observation, Rule, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

SHARED_SINCE = CudaVersion(12, 5)
"""From here on the nvidia channel holds the same packages as conda-forge.

https://github.com/conda-forge/cuda-feedstock/blob/main/recipe/doc/end_user_run_guide.md
"""


def find_channel_mix(state: State) -> Iterable[Observation]:
    """Find CUDA packages of channels whose packages are not built to stand side by side."""
    torch = state.find("pytorch")
    selector = state.find("pytorch-cuda")
    if torch is not None and selector is not None and not torch.from_pytorch and selector.from_pytorch:
        message = f"pytorch-cuda selects builds of the pytorch channel, and {torch} comes from {torch.package.channel}"
        yield Observation(Severity.WARN, ("pytorch-cuda", torch.package.provider), message, (str(torch), str(selector)))
    yield from _find_two_runtimes(state, torch)
    yield from _find_split_toolkit(state)


def _find_two_runtimes(state: State, torch: Component | None) -> Iterable[Observation]:
    """A torch that brings its own cuDNN beside conda-forge frameworks that bring another."""
    if torch is None or not torch.from_pytorch or torch.variant is not Variant.CUDA:
        return
    for other in state.of_role(Role.FRAMEWORK, Role.USER):
        if other.package.provider == "conda-forge" and other.package.requirement("cudnn"):
            message = f"{torch} holds its own cuDNN, and {other.name} from conda-forge brings another"
            yield Observation(Severity.WARN, ("pytorch", other.name), message, (str(torch), str(other)))


def _find_split_toolkit(state: State) -> Iterable[Observation]:
    """Parts of one toolkit from conda-forge and from an nvidia channel of before the two were joined."""
    parts = [c for c in state.of_role(Role.PART) if c.toolkit]
    old = [c for c in parts if c.package.provider == "nvidia" and c.toolkit and c.toolkit < SHARED_SINCE]
    forge = [c for c in parts if c.package.provider == "conda-forge"]
    if old and forge:
        message = f"{old[0]} from nvidia and {forge[0]} from conda-forge are parts of one toolkit packed two ways"
        yield Observation(Severity.WARN, ("nvidia", "conda-forge"), message, (str(old[0]), str(forge[0])))


RULES = (
    Rule(
        "CUP501",
        "channel-mix",
        "CUDA packages from channels that do not fit together",
        "CUDA packages of different channels are put into one environment. pytorch-cuda steers only builds of the "
        "pytorch channel; the toolkit packages of the nvidia channel before CUDA 12.5 are packed unlike conda-forge's; "
        "a torch of the pytorch channel holds its own cuDNN. Take the CUDA packages from one channel: conda-forge "
        "alone, with strict channel priority, is the arrangement that is tested together.",
        "https://conda-forge.org/docs/user/tipsandtricks/#how-to-install-packages-that-require-a-specific-channel",
        find_channel_mix,
    ),
)
"""The rules of this family."""
