"""CUP1xx: does the driver run it, and does the GPU have kernels in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import Component, Role, Variant
from ..host import Outcome
from ..host import State as HostState
from ..knowledge.architectures import last_toolkit
from ..knowledge.drivers import branch_for_cuda, floor_of_major
from ..knowledge.packages import core_names, kernels_of, ptx_users
from ..limit import MINOR_COMPATIBLE_SINCE, oldest_native_toolkit, runs_toolkit
from ..span import Span
from .rule import Observation, Rule, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..versions import ComputeCapability, CudaVersion

_COMPATIBILITY = "https://docs.nvidia.com/deploy/cuda-compatibility/"


def _built_for_cuda(state: State) -> tuple[Component, ...]:
    return tuple(c for c in state.components if c.toolkit is not None and c.variant is not Variant.CPU)


def find_driver_too_old(state: State) -> Iterable[Observation]:
    """Find components that need a CUDA major above the driver's (before 11: any newer minor)."""
    driver = find_driver(state)
    if driver is None or state.host.at_least:
        return
    for component in _built_for_cuda(state):
        needed = component.toolkit
        if needed is None or runs_toolkit(driver, needed):
            continue
        windows = state.host.platform.startswith("win")
        floor = floor_of_major(needed.major, windows) or branch_for_cuda(needed, windows)
        needs = f"CUDA {needed}" if needed.major < 11 else f"CUDA {needed.major}"
        wants = f" (needs driver >= {floor})" if floor else ""
        yield Observation(
            Severity.BLOCK if component.runs_on_gpu or _excludes(component, driver) else Severity.WARN,
            (component.name, str(needed.major)),
            f"{component} is built for {needs}{wants}; the driver runs CUDA {driver}",
            (str(component),),
            (_bound_selector(driver),),
        )


def _excludes(component: Component, driver: CudaVersion) -> bool:
    """Whether a package says itself that it is not for this driver, as ``cuda-version`` does: ``__cuda >=13``."""
    constraint = component.package.constraint("__cuda")
    return constraint is not None and driver not in Span.parse(constraint)


def find_driver(state: State) -> CudaVersion | None:
    """Return what the driver runs, raised by a forward-compatible user-mode driver in the environment.

    https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html
    """
    driver, compat = state.host.driver_cuda, state.find("cuda-compat")
    if driver is None or compat is None or compat.toolkit is None:
        return driver
    return max(driver, compat.toolkit)


def _bound_selector(driver: CudaVersion) -> str:
    """Return the spec that keeps to what a driver runs: conda-forge's selector goes back to CUDA 11."""
    if driver.major >= MINOR_COMPATIBLE_SINCE:
        return f"cuda-version<{driver.next_major().major}"
    return f"cudatoolkit<{driver.next_minor()}"


def find_ptx_too_new(state: State) -> Iterable[Observation]:
    """Find toolkits of a newer minor than the driver: a warning beside what loads PTX, else worth knowing."""
    driver = find_driver(state)
    toolkits = [c for c in state.components if c.toolkit and c.role is not Role.FRAMEWORK and c.role is not Role.USER]
    newest = max((c.toolkit for c in toolkits if c.toolkit), default=None)
    if driver is None or newest is None or state.host.at_least or newest.major != driver.major or newest <= driver:
        return
    users = [c for c in state.components if c.name in ptx_users()]
    remedy = (f"cuda-version<={driver}",)
    for user in users:
        message = f"{user} loads PTX made by CUDA {newest}; the driver runs CUDA {driver} and may refuse it"
        yield Observation(Severity.WARN, (user.name, str(newest)), message, (str(user),), remedy)
    if not users:
        message = f"CUDA {newest} is newer than the driver's {driver}: fine for compiled kernels, not for PTX"
        yield Observation(Severity.INFO, (str(newest),), message, (), remedy)


def find_arch_unsupported(state: State) -> Iterable[Observation]:
    """Find components without kernels for a GPU of the host."""
    gpus = state.host.capabilities
    if "tegra" in state.host.kinds:
        yield from _find_server_builds(state)
        return
    for component in (c for c in _built_for_cuda(state) if c.runs_on_gpu) if gpus else ():
        bare = [gpu for gpu in gpus if _lacks_kernels(component, gpu)]
        if not bare:
            continue
        every = len(bare) == len(gpus)
        certain = every and _is_proven(component, bare)
        listed = ", ".join(str(gpu) for gpu in bare)
        yield Observation(
            Severity.BLOCK if certain else Severity.WARN,
            (component.name, str(component.toolkit)),
            f"{component} has no kernels for compute capability {listed}",
            (str(component),),
            *_arch_remedy(component, bare),
        )


def _lacks_kernels(component: Component, gpu: ComputeCapability) -> bool:
    if component.toolkit is None:
        return False
    last, oldest = last_toolkit(gpu), oldest_native_toolkit(gpu)
    if last is not None and component.toolkit > last:
        return True
    if component.role is not Role.FRAMEWORK:
        return False
    if component.from_pytorch and component.name == "pytorch":
        kernels = kernels_of("pytorch", component.package.version, component.toolkit)
        if kernels is not None:
            return not kernels.run_on(gpu)
    return oldest is not None and component.toolkit < oldest and component.name in core_names()


def _is_proven(component: Component, gpus: list[ComputeCapability]) -> bool:
    """Whether it is certain that no kernel runs: dropped by the toolkit, or absent from a known list."""
    toolkit = component.toolkit
    if toolkit is None:
        return False
    dropped = all((last := last_toolkit(gpu)) is not None and toolkit > last for gpu in gpus)
    if dropped:
        return True
    return component.from_pytorch and kernels_of("pytorch", component.package.version, toolkit) is not None


def _arch_remedy(component: Component, gpus: list[ComputeCapability]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the spec that bounds the toolkit for these GPUs, and the selectors that would stand against it."""
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
    """On Jetson, builds for servers lack its kernels until CUDA 13 joined the two.

    https://github.com/conda-forge/conda-forge-repodata-patches-feedstock/pull/973
    """
    driver = state.host.driver_cuda
    servers = [c for c in state.components if (c.package.requirement("arm-variant") or "") and _is_sbsa(c)]
    if driver is None or driver.major >= 13 or not servers:
        return
    named = servers[0]
    message = f"{named} and what stands on it are built for Arm servers (sbsa), not for Jetson"
    yield Observation(Severity.WARN, ("sbsa",), message, tuple(str(c) for c in servers), ("arm-variant=*=tegra",))


def _is_sbsa(component: Component) -> bool:
    return any(spec.startswith("arm-variant") and "sbsa" in spec for spec in component.package.depends)


def find_unknown_host(state: State) -> Iterable[Observation]:
    """Find CUDA builds that are installed on the word of CONDA_OVERRIDE_CUDA, where no driver is active.

    And frameworks in either variant where there is a driver that could not be asked.
    """
    yield from _find_unasked(state)
    found = [piece.source for piece in state.host.evidence if piece.outcome is Outcome.FOUND]
    on_its_word = bool(found) and all(source.startswith("CONDA_OVERRIDE_CUDA") for source in found)
    asked = any(piece.outcome is Outcome.ABSENT for piece in state.host.evidence)
    builds = tuple(sorted(c.name for c in state.components if c.variant is Variant.CUDA))
    if on_its_word and asked and builds and state.host.driver_cuda is not None:
        message = f"CONDA_OVERRIDE_CUDA={state.host.driver_cuda} decides; no NVIDIA driver is active on this host"
        yield Observation(Severity.WARN, builds, message)


def _find_unasked(state: State) -> Iterable[Observation]:
    if state.host.verdict.state is not HostState.UNKNOWN:
        return
    open_to_both = [c for c in state.of_role(Role.FRAMEWORK) if c.variant is not None and not c.cheap]
    chosen = [c for c in open_to_both if state.decided.get(c.family or "", Variant.CUDA.value) == Variant.CUDA.value]
    if chosen:
        named = ", ".join(map(str, chosen[:2]))
        message = (
            f"the NVIDIA driver could not be asked ({state.host.verdict.why}), so {named} may be the wrong variant; "
            "CONDA_OVERRIDE_CUDA=<its CUDA version> says what it runs"
        )
        yield Observation(Severity.WARN, tuple(sorted(c.name for c in chosen)), message, tuple(map(str, chosen)))


RULES = (
    Rule(
        "CUP101",
        "driver-too-old",
        "built for a newer CUDA than the driver runs",
        "A package is built with a CUDA major version above the one the driver offers. It would stop at its first "
        "use of the GPU with 'CUDA driver version is insufficient for CUDA runtime version'. From CUDA 11 on a "
        "driver runs every minor of its major and all older majors, so only the major counts; before CUDA 11 the "
        "minor counts too. Either install a build for an older CUDA, or update the driver. No system-wide CUDA "
        "toolkit is needed in either case.",
        _COMPATIBILITY,
        find_driver_too_old,
    ),
    Rule(
        "CUP102",
        "ptx-too-new",
        "the toolkit makes PTX that the driver does not read",
        "The toolkit in the environment is of a newer minor than the driver. Compiled kernels run all the same "
        "(minor-version compatibility), but PTX, the code that is compiled on the spot, is refused with error 222 "
        "(CUDA_ERROR_UNSUPPORTED_PTX_VERSION). OpenMM and Numba load such code. Keep the toolkit at the driver's "
        "own minor: add 'cuda-version<=X.Y'.",
        "https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html",
        find_ptx_too_new,
    ),
    Rule(
        "CUP103",
        "arch-unsupported",
        "no kernels for this GPU",
        "The build holds no machine code for the GPU's compute capability, and none that could be compiled for it: "
        "it stops with 'no kernel image is available for execution on the device'. CUDA 13 dropped everything "
        "before Turing (7.5), and Blackwell (10.0, 12.0) needs CUDA 12.8. The driver's CUDA version says nothing "
        "about this: the last driver for a V100 reports CUDA 13.0.",
        "https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html",
        find_arch_unsupported,
    ),
    Rule(
        "CUP104",
        "unknown-host",
        "what this host runs is not known",
        "There is an NVIDIA driver that could not be asked (it hangs, it crashes, its library is not there), so nobody "
        "knows whether a CPU or a CUDA build is right here: say with CONDA_OVERRIDE_CUDA what it runs. Or "
        "CONDA_OVERRIDE_CUDA names a CUDA version and no NVIDIA driver is active here. That is right on a login "
        "node or in an image build, and a forgotten line in a shell profile everywhere else. To say it for good and "
        "without this remark, declare the host: cuda_pin_target in the environment's .condarc.",
        "https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-virtual.html",
        find_unknown_host,
    ),
)
"""The rules of this family."""
