"""What the user says about the driver and the GPUs instead of letting the machine be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import HostError, VersionError
from ..versions import ComputeCapability, CudaVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

CONDARC = "override_virtual_packages in .condarc"
"""The name, in messages, of conda's setting."""

_CUDA_VARIABLE = "CONDA_OVERRIDE_CUDA"
_ARCH_VARIABLE = "CONDA_OVERRIDE_CUDA_ARCH"
_NV_CUDA_VARIABLE = "NV_VARIANT_PROVIDER_FORCE_CUDA_DRIVER_VERSION"
_NV_ARCH_VARIABLE = "NV_VARIANT_PROVIDER_FORCE_SM_ARCH"
_OLDEST, _NEWEST = CudaVersion(1, 0), CudaVersion(99, 9)
_BARE_MAJOR = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True)
class Overrides:
    """What was said, and by whom. Creating one with a value that no driver or GPU can have raises HostError."""

    cuda: str | None = None
    """The driver's CUDA version; None = not set; blanks = there is none (as conda has it)."""
    cuda_arch: str | None = None
    """The lowest compute capability, ``8.9``; None = not set; blanks = there is none (CEP 46)."""
    source: str = _CUDA_VARIABLE
    """Who said the CUDA version, for messages."""
    arch_source: str = _ARCH_VARIABLE
    """Who said the compute capability, for messages."""

    def __post_init__(self) -> None:
        _ = self.cuda_version, self.capability

    @property
    def cuda_version(self) -> CudaVersion | None:
        """The CUDA version that was said; None where none was, or where it was said that there is none."""
        return parse_cuda(self.cuda, self.source) if self.cuda and self.cuda.strip() else None

    @property
    def capability(self) -> ComputeCapability | None:
        """The compute capability that was said; None where none was, or where it was said that there is none."""
        said = self.cuda_arch
        return parse_capability(said, self.arch_source) if said and said.strip() else None


def read_overrides(environ: Mapping[str, str], virtual_packages: Mapping[str, str] | None = None) -> Overrides:
    """Return what is overridden, by CONDA_OVERRIDE_*, else by conda's setting, else by NVIDIA's variant provider.

    ``virtual_packages`` is ``context.override_virtual_packages``. The order of the first two is conda's
    (``CondaVirtualPackage.to_virtual_package``); the variables NV_VARIANT_PROVIDER_FORCE_* count only where they are
    not empty, as in https://github.com/wheelnext/nvidia-variant-provider. Raises HostError for a value that cannot be.
    """
    settings = virtual_packages or {}
    cuda, source = _pick(environ, settings, _CUDA_VARIABLE, "cuda", _NV_CUDA_VARIABLE)
    arch, arch_source = _pick(environ, settings, _ARCH_VARIABLE, "cuda_arch", _NV_ARCH_VARIABLE)
    return Overrides(cuda, arch, source, arch_source)


def parse_cuda(text: str, source: str) -> CudaVersion:
    """Read ``12.4``, ``12.4.1`` or, as conda takes it too, ``12``; raises HostError naming ``source`` and the value."""
    value = text.strip()
    try:
        version = CudaVersion.parse(f"{value}.0" if _BARE_MAJOR.fullmatch(value) else value)
    except VersionError as error:
        raise _refuse(text, source) from error
    if not _OLDEST <= version <= _NEWEST:
        raise _refuse(text, source)
    return version


def parse_capability(text: str, source: str) -> ComputeCapability:
    """Read ``8.9``, ``sm_89`` or ``sm_100``; raises HostError naming ``source`` and the value."""
    value = text.strip()
    tag = re.fullmatch(r"sm_?([0-9]{1,2})([0-9])[af]?", value)
    try:
        capability = ComputeCapability.parse(f"{tag[1]}.{tag[2]}" if tag else value)
    except VersionError as error:
        raise _refuse_capability(text, source) from error
    if capability.major == 0:
        raise _refuse_capability(text, source)
    return capability


def _pick(
    environ: Mapping[str, str], settings: Mapping[str, str], variable: str, name: str, other: str
) -> tuple[str | None, str]:
    if variable in environ:
        return environ[variable], variable
    for key in (name, f"__{name}"):
        if settings.get(key) is not None:
            return str(settings[key]), CONDARC
    if environ.get(other, "").strip():
        return environ[other], other
    return None, variable


def _refuse(text: str, source: str) -> HostError:
    return HostError(
        f"{source} is {text!r}, which is not a CUDA version that a driver can have (1.0 to 99.9). "
        "Write for example 12.4, leave it empty to say that there is no driver, "
        "or remove it to let the machine be asked."
    )


def _refuse_capability(text: str, source: str) -> HostError:
    return HostError(
        f"{source} is {text!r}, which is not a compute capability. "
        "Write for example 8.9, leave it empty to say that there is none, "
        "or remove it to let the machine be asked."
    )
