"""CUP5xx: do the packages come from channels that work together?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import Component, Role, Variant
from ..intent import is_about
from ..tag import read_page, split_name
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


def find_pip_over_conda(state: State) -> Iterable[Observation]:
    """Find wheels that are written over a conda package, or that look for libraries of another CUDA than conda's."""
    packed = {c.name: c for c in state.components if not c.is_wheel}
    for wheel in state.only_wheels if packed else ():
        names = wheel.known.conda if wheel.known is not None else (wheel.name,)
        under = next((packed[name] for name in names if name in packed), None)
        if under is not None:
            yield _observe_overwritten(wheel, under, state)
        elif wheel.known is not None and wheel.known.borrows:
            yield from _find_borrowed(wheel, state)


def _observe_overwritten(wheel: Component, under: Component, state: State) -> Observation:
    last, first = (wheel, under) if state.is_new(wheel) else (under, wheel)
    by, of = ("pip", "conda") if last is wheel else ("conda", "pip")
    message = f"{last} from {by} would be written over {of}'s {first}: each keeps its own record of those files"
    severity = Severity.WARN if wheel.cheap else Severity.BLOCK
    keep = (f"{wheel.name}=={under.package.version}",)
    return Observation(severity, (wheel.name, under.name), message, (str(wheel), str(under)), keep)


def _find_borrowed(wheel: Component, state: State) -> Iterable[Observation]:
    """A wheel that finds CUDA by name, in an environment where conda's toolkit is of another major."""
    toolkits = [c for c in state.components if c.carries_toolkit and c.toolkit and not c.is_tool]
    beside = [c for c in state.only_wheels if c.role is Role.PART]
    if wheel.toolkit is None or any(_is_of_major(c, wheel.toolkit) for c in (*toolkits, *beside)) or not toolkits:
        return
    conda = wheel.known.conda[0] if wheel.known is not None and wheel.known.conda else wheel.name
    message = (
        f"{wheel} from pip looks for libraries of CUDA {wheel.toolkit.major}, and conda's {toolkits[0]} is here: "
        f"conda install {conda} brings a build for it"
    )
    yield Observation(Severity.WARN, (wheel.name, "toolkit"), message, (str(wheel), str(toolkits[0])))


def _is_of_major(component: Component, cuda: CudaVersion) -> bool:
    return component.toolkit is not None and component.toolkit.major == cuda.major


def find_wrong_index(state: State) -> Iterable[Observation]:
    """Find wheels for another CUDA than that of the index which the user named for them."""
    pages = [(page, tag) for page, tag in ((p, read_page(p)) for p in state.request.channels) if tag.variant]
    for wheel in state.only_wheels if pages else ():
        about = [(page, tag) for page, tag in pages if is_about(page, state.request, wheel)]
        speaks = wheel.role in (Role.FRAMEWORK, Role.USER) and split_name(wheel.name)[1] is None
        if not about or not speaks or not state.is_new(wheel) or wheel.toolkit is None or not _is_built(wheel):
            continue
        majors = {tag.cuda.low.major for _, tag in about if tag.cuda is not None}
        if wheel.toolkit.major not in majors:
            yield _observe_index(wheel, about[0][0], majors, state)


def _is_built(wheel: Component) -> bool:
    """Whether the wheel's own CUDA is a choice of index: an index of torch says nothing about xgboost."""
    return wheel.known is not None and not wheel.cheap and (wheel.is_core or bool(wheel.known.extends))


def _observe_index(wheel: Component, page: str, majors: set[int], state: State) -> Observation:
    """Another CUDA breaks what borrows its libraries, and what stands beside a framework of the CUDA that was named."""
    assert wheel.toolkit is not None
    kin = [c for c in state.of_role(Role.FRAMEWORK) if c is not wheel and c.family == wheel.family]
    beside = [c for c in kin if c.toolkit is not None and c.toolkit.major in majors]
    breaks = majors and (beside or (wheel.known is not None and wheel.known.borrows))
    came = f" from {wheel.package.channel}" if wheel.package.channel else ""
    message = (
        f"{page} was named, and {wheel}{came} is for CUDA {wheel.toolkit}: "
        f"pip takes the highest version of all indexes; name that one with --index-url"
    )
    subject = (wheel.name, str(wheel.toolkit.major))
    return Observation(Severity.BLOCK if breaks else Severity.WARN, subject, message, (str(wheel),))


RULES = (
    Rule(
        "CUP501",
        "channel-mix",
        "CUDA packages from channels that do not fit together",
        "CUDA packages of different channels are put into one environment.",
        "pytorch-cuda steers only builds of the pytorch channel; the toolkit packages of the nvidia channel before "
        "CUDA 12.5 are packed unlike conda-forge's; a torch of the pytorch channel holds its own cuDNN.",
        "Take the CUDA packages from one channel: conda-forge alone, with strict channel priority, is the "
        "arrangement that is tested together.",
        "https://conda-forge.org/docs/user/tipsandtricks/#how-to-install-packages-that-require-a-specific-channel",
        find_channel_mix,
    ),
    Rule(
        "CUP502",
        "pip-over-conda",
        "pip would write over conda's CUDA packages, or miss them",
        "pip would put a framework where conda has installed the same one, under its own name for it (torch is "
        "conda's pytorch). A wheel that finds CUDA by name (cupy, onnxruntime-gpu) is a warning where conda's "
        "toolkit is of another major.",
        "Files of two builds then lie in one directory, conda's record of them is wrong, and its next update breaks "
        "what is left.",
        "Take the package from conda, or make an environment that pip alone fills.",
        "https://www.anaconda.com/blog/using-pip-in-a-conda-environment",
        find_pip_over_conda,
    ),
    Rule(
        "CUP503",
        "wrong-index",
        "the wheel is not from the index that was named",
        "An index or a page for one CUDA was named, and the wheel that would be installed is for another: with "
        "--extra-index-url and --find-links pip merges all places and takes the highest version, whatever was meant.",
        "It breaks where the wheel looks for CUDA libraries by name, or stands beside packages of the CUDA that was "
        "named.",
        "Name the index with --index-url, or ask for a version with its local part (torch==2.8.0+cu126).",
        "https://github.com/microsoft/onnxruntime/issues/20745",
        find_wrong_index,
    ),
)
"""The rules of this family."""
