"""CUP1xx: does the driver run it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import Component, Role, Variant
from ..host import Outcome
from ..host import State as HostState
from ..knowledge.drivers import branch_for_cuda, floor_of_major
from ..knowledge.packages import find_ptx_user, toolkit_parts
from ..knowledge.wheels import makes_ptx
from ..limit import MINOR_COMPATIBLE_SINCE, runs_toolkit
from ..span import Span
from .gpu import find_arch_unsupported
from .remedy import fit_wheel
from .rule import Observation, Rule, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..request import Request
    from ..versions import CudaVersion

_COMPATIBILITY = "https://docs.nvidia.com/deploy/cuda-compatibility/"


def find_driver_too_old(state: State) -> Iterable[Observation]:
    """Find components that need a CUDA major above the driver's (before 11: any newer minor)."""
    driver = state.driver
    if driver is None or state.host.at_least:
        return
    for component in state.built_for_cuda:
        needed = component.toolkit
        if needed is None or runs_toolkit(driver, needed):
            continue
        severity = _weigh(component, driver, state)
        if severity is None:
            continue
        windows = state.host.platform.startswith("win")
        floor = floor_of_major(needed.major, windows) or branch_for_cuda(needed, windows)
        needs = f"CUDA {needed}" if needed.major < 11 else f"CUDA {needed.major}"
        wants = f" (needs driver >= {floor})" if floor else ""
        yield Observation(
            severity,
            (component.name, str(needed.major)),
            f"{component} is built for {needs}{wants}; the driver runs CUDA {driver}",
            (str(component),),
            fit_wheel(component, state.host, driver) if component.is_wheel else (_bound_selector(driver, state),),
        )


def _weigh(component: Component, driver: CudaVersion, state: State) -> Severity | None:
    """Say how sure it is that a package that is too new for the driver breaks; None where that is no matter.

    A wheel of NVIDIA's does nothing by itself: what loads it says itself what it needs, but for those that find it by
    name to compile with.
    """
    if not component.is_wheel:
        return Severity.BLOCK if component.runs_on_gpu or _excludes(component, driver) else Severity.WARN
    if component.role is Role.PART:
        if any(_loads_ptx(wheel) for wheel in state.only_wheels):
            return Severity.BLOCK
        return Severity.WARN if component.name in state.request.names else None
    if component.falls_back:
        return Severity.INFO if component.cheap else Severity.WARN
    return Severity.BLOCK


def _excludes(component: Component, driver: CudaVersion) -> bool:
    """Whether a package says itself that it is not for this driver, as ``cuda-version`` does: ``__cuda >=13``."""
    constraint = component.package.constraint("__cuda")
    return constraint is not None and driver not in Span.parse(constraint)


def _bound_selector(driver: CudaVersion, state: State) -> str:
    """Return the spec that keeps to what a driver runs: conda-forge's selector goes back to CUDA 11.

    Builds of the pytorch channel know no other selector than their own.
    """
    if driver.major >= MINOR_COMPATIBLE_SINCE:
        name = "pytorch-cuda" if any(c.needs_own_selector for c in state.components) else "cuda-version"
        return f"{name}<{driver.next_major().major}"
    return f"cudatoolkit<{driver.next_minor()}"


def find_ptx_too_new(state: State) -> Iterable[Observation]:
    """Find toolkits of a newer minor than the driver: a warning beside what loads PTX, else worth knowing."""
    driver = state.driver
    if driver is None or state.host.at_least:
        return
    yield from _find_wheel_ptx(state, driver)
    packed = [c for c in state.components if not c.is_wheel]
    toolkits = [c for c in packed if c.toolkit and c.role is not Role.FRAMEWORK and c.role is not Role.USER]
    newest = max((c.toolkit for c in toolkits if c.toolkit), default=None)
    if newest is None or newest.major != driver.major or newest <= driver:
        return
    users = [c for c in packed if _compiles(c, state.request)]
    remedy = (f"cuda-version<={driver}",)
    for user in users:
        message = f"{user} loads PTX made by CUDA {newest}; the driver runs CUDA {driver} and may refuse it"
        yield Observation(Severity.WARN, (user.name, str(newest)), message, (str(user),), remedy)
    if not users:
        message = f"CUDA {newest} is newer than the driver's {driver}: fine for compiled kernels, not for PTX"
        yield Observation(Severity.INFO, (str(newest),), message, (), remedy)


def _loads_ptx(component: Component) -> bool:
    return find_ptx_user(component.name, component.package.version) is not None


def _compiles(component: Component, request: Request) -> bool:
    """Whether a package compiles for the GPU: numba, which comes with much else, where it is meant for that."""
    user = find_ptx_user(component.name, component.package.version)
    toolkit = any(name in toolkit_parts() or name == "cudatoolkit" for name in request.names)
    meant = toolkit or component.name in request.names or component.toolkit is not None
    return user is not None and (not user.also_cpu or meant)


def _find_wheel_ptx(state: State, driver: CudaVersion) -> Iterable[Observation]:
    """Wheels that compile beside wheels of compilers of a newer minor: they do not look for conda's."""
    compilers = [c for c in state.only_wheels if c.role is Role.PART and makes_ptx(c.name) and c.span.single_minor]
    beyond = [c for c in compilers if c.toolkit and c.toolkit.major == driver.major and c.toolkit > driver]
    for user in (c for c in state.only_wheels if beyond and _loads_ptx(c)):
        newest = max(c.toolkit for c in beyond if c.toolkit)
        message = f"{user} loads PTX made by CUDA {newest}; the driver runs CUDA {driver} and may refuse it"
        remedy = tuple(f"{c.name}<{driver.next_minor()}" for c in beyond)
        yield Observation(Severity.WARN, (user.name, str(newest)), message, (str(user), *map(str, beyond)), remedy)


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
        "A package is built with a CUDA major version above the one the driver offers. From CUDA 11 on a driver runs "
        "every minor of its major and all older majors, so only the major counts; before CUDA 11 the minor counts "
        "too.",
        "It would stop at its first use of the GPU with 'CUDA driver version is insufficient for CUDA runtime "
        "version'.",
        "Either install a build for an older CUDA, or update the driver. No system-wide CUDA toolkit is needed in "
        "either case.",
        _COMPATIBILITY,
        find_driver_too_old,
    ),
    Rule(
        "CUP102",
        "ptx-too-new",
        "the toolkit makes PTX that the driver does not read",
        "The toolkit in the environment is of a newer minor than the driver, beside packages that compile on the "
        "spot, such as OpenMM, and Numba where it or a toolkit is asked for.",
        "Compiled kernels run all the same (minor-version compatibility), but PTX, the code that is compiled on the "
        "spot, is refused with error 222 (CUDA_ERROR_UNSUPPORTED_PTX_VERSION).",
        "Keep the toolkit at the driver's own minor: add 'cuda-version<=X.Y'.",
        "https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html",
        find_ptx_too_new,
    ),
    Rule(
        "CUP103",
        "arch-unsupported",
        "no kernels for this GPU",
        "The build holds no machine code for the GPU's compute capability, and none that could be compiled for it. "
        "CUDA 13 dropped everything before Turing (7.5), and Blackwell (10.0, 12.0) needs CUDA 12.8; RAPIDS dropped "
        "Pascal (6.x) with 24.02.",
        "It stops with 'no kernel image is available for execution on the device'. The driver's CUDA version says "
        "nothing about this: the last driver for a V100 reports CUDA 13.0.",
        "Take a build for a CUDA that has kernels for the GPU: an older one for old GPUs, a newer one for new GPUs.",
        "https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html",
        find_arch_unsupported,
    ),
    Rule(
        "CUP104",
        "unknown-host",
        "what this host runs is not known",
        "There is an NVIDIA driver that could not be asked (it hangs, it crashes, its library is not there). Or "
        "CONDA_OVERRIDE_CUDA names a CUDA version and no NVIDIA driver is active here: right on a login node or in "
        "an image build, and a forgotten line in a shell profile everywhere else.",
        "Nobody knows whether a CPU or a CUDA build is right here.",
        "Say with CONDA_OVERRIDE_CUDA what the driver runs. To say it for good and without this remark, declare the "
        "host: cuda_pin_target in the environment's .condarc.",
        "https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-virtual.html",
        find_unknown_host,
    ),
)
"""The rules of this family."""
