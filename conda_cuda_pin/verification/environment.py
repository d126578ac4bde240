"""The frameworks that an environment holds, and the interpreter that imports them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ..component import Role, read_components
from ..inventory import read_inventory
from ..proof import Proof, prove
from ..trial import Ending, Trial
from .asking import SECONDS, try_import

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from ..component import Component
    from ..host import Host

_MODULES = {
    "torch": "torch",
    "pytorch": "torch",
    "tensorflow": "tensorflow",
    "tensorflow-base": "tensorflow",
    "jaxlib": "jax",
    "cupy": "cupy",
    "cupy-core": "cupy",
}
"""The module to import by what conda calls the package and by what the wheel brings."""
_PYTHONS = ("bin/python", "Scripts/python.exe", "python.exe")


def verify(
    prefix: str | os.PathLike[str],
    host: Host,
    environ: Mapping[str, str] = os.environ,
    seconds: float = SECONDS,
) -> tuple[Proof, ...]:
    """Import the frameworks of a prefix, one after the other, and hold what they say against what is recorded.

    Args:
        prefix: an environment of conda or a venv.
        host: what this machine has; a declared one says nothing of the GPUs that are to be seen here.
        environ: the variables to run under.
        seconds: the deadline of each framework.
    """
    packages = read_inventory(prefix)
    components, names = read_components(packages, host.platform), {package.name for package in packages}
    python = next((path for name in _PYTHONS if (path := Path(prefix, name)).exists()), None)
    proofs = []
    for module, component in find_frameworks(components, names).items():
        unstarted = Trial(module, Ending.UNSTARTED, detail=f"there is no Python in {prefix}")
        trial = try_import(python, module, environ, seconds) if python is not None else unstarted
        family = [one for one in components if one.family == component.family or one is component]
        proofs.append(prove(trial, component, family, host))
    return tuple(proofs)


def find_frameworks(components: Iterable[Component], names: Container[str]) -> dict[str, Component]:
    """Return the modules that can be imported, each with the component that says its CUDA.

    A wheel over conda's package is what is imported; jaxlib without jax is not used by itself.
    """
    found: dict[str, Component] = {}
    for component in components:
        name = component.known.imports if component.known is not None else component.name
        module = _MODULES.get(name)
        if not module or component.role not in (Role.FRAMEWORK, Role.USER) or (module == "jax" and "jax" not in names):
            continue
        if module not in found or (component.is_wheel and not found[module].is_wheel):
            found[module] = component
    return found
