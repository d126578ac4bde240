"""Requirements that mend what is wrong with a wheel: the same release with another CUDA, or another release."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..component import Variant
from ..knowledge.packages import releases_with_kernels
from ..knowledge.wheels import first_default
from ..tag import rename
from ..versions import CudaVersion, read_numbers

if TYPE_CHECKING:
    from ..component import Component
    from ..host import Host

_CUDA_LABEL = re.compile(r"cu\d{2,3}")
_TORCH_LABEL = re.compile(r"pt\d+|torch\d+(\.\d+)*")


def fit_wheel(component: Component, host: Host, driver: CudaVersion | None) -> tuple[str, ...]:
    """Return a requirement for the same thing that a host runs; nothing where none is known."""
    known = component.known
    if known is not None and known.stem == "torch":
        return _fit_torch(component, host, driver)
    if driver is None:
        return ()
    gpu = known.gpu if known is not None else ""
    is_it = component.variant is Variant.CUDA and component.name == gpu.partition("[")[0]
    if gpu and not is_it:
        return (gpu.format(major=driver.major),)
    other = rename(component.name, driver.major)
    if other is not None:
        return (other,)
    newer = first_default(known.stem, driver.major) if known is not None else None
    return (f"{component.name}<{newer}",) if newer is not None else ()


def _fit_torch(component: Component, host: Host, driver: CudaVersion | None) -> tuple[str, ...]:
    """Choose among the releases of torch that are known to hold kernels for every GPU of the host.

    The same release first, with the newest CUDA of the driver's own minor or older, else the oldest above it; then the
    nearest release that has kernels at all.
    """
    fitting = [
        (version, cuda)
        for version, cuda in releases_with_kernels("pytorch", host.capabilities, host.platform)
        if driver is None or cuda.major <= driver.major
    ]
    base = component.package.version.partition("+")[0]
    same = [cuda for version, cuda in fitting if version == base]
    if same:
        paired = [cuda for cuda in same if driver is None or cuda <= driver]
        return (f"torch=={base}+{label(max(paired, default=min(same)))}",)
    if not fitting:
        return ()
    own = read_numbers(base)
    newer = [version for version, _ in fitting if read_numbers(version) > own]
    if newer:
        first = min(newer, key=read_numbers)
        return (f"torch>={first}",)
    version, cuda = max(fitting, key=lambda row: (read_numbers(row[0]), row[1]))
    return (f"torch=={version}+{label(cuda)}",)


def label(cuda: CudaVersion) -> str:
    """Return how local versions write a CUDA: ``cu126``."""
    return f"cu{cuda.major}{cuda.minor}"


def relabel(component: Component, torch: Component, new_abi: bool | None) -> tuple[str, ...]:
    """Return the build of an extension for another torch, where the extension's local version says what it is for."""
    base, _, local = component.package.version.partition("+")
    cuda, minor = torch.toolkit, minor_of(torch.package.version)
    if not local or cuda is None or (component.built_for is not None and not _speaks_of(local, component, minor)):
        return ()
    whole_major = re.search(r"cu\d{2}(?!\d)", local) is not None
    text = _CUDA_LABEL.sub(f"cu{cuda.major}" if whole_major else label(cuda), local)
    dotted = minor if "." in (_TORCH_LABEL.search(local) or [""])[0] else minor.replace(".", "")
    text = _TORCH_LABEL.sub(lambda match: re.sub(r"[\d.]+", dotted, match[0], count=1), text)
    if new_abi is not None:
        text = re.sub("(?i)cxx11abi(true|false)", f"cxx11abi{str(new_abi).upper()}", text)
    return (f"{component.name}=={base}+{text}",)


def _speaks_of(local: str, component: Component, minor: str) -> bool:
    """Whether the torch that is there is a matter of the local version: else the release itself must change."""
    assert component.built_for is not None
    return component.built_for.torch in ("", minor) or _TORCH_LABEL.search(local) is not None


def minor_of(version: str) -> str:
    """Return the minor release of a version: ``2.14`` of ``2.14.1+cu126``."""
    return ".".join(re.findall(r"\d+", version)[:2])
