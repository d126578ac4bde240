"""CUP302: does what is there still meet what CUDA packages ask for?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import Role
from ..versions import read_numbers
from .remedy import minor_of
from .rule import Observation, Rule, Severity, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..component import Component
    from ..requirement import Need


def find_broken_pins(state: State) -> Iterable[Observation]:
    """Find wheels of CUDA whose requirements are not met: pip says so and installs all the same."""
    if not state.only_wheels:
        return
    yield from _find_broken_helpers(state)
    from ..requirement import admits, name_of, read_needs

    there = {**_name_conda(state), **{wheel.name: wheel for wheel in state.only_wheels}}
    for owner in state.only_wheels:
        texts = [text for text in owner.package.depends if name_of(text) in there]
        for need in read_needs(texts, state.host.platform):
            target = there[need.name]
            if not need.specifier or admits(need.specifier, target.package.version) or _is_abi(owner, target):
                continue
            message = f"{owner} requires {need}, and {target.package.version} would be there"
            named = (str(owner), str(target))
            yield Observation(_weigh(owner, target, need), (owner.name, target.name), message, named, (str(need),))


def _find_broken_helpers(state: State) -> Iterable[Observation]:
    """Find frameworks that a change leaves with a package without CUDA that they do not accept: sympy, numpy.

    In an environment as it stands, ``pip check`` says so already.
    """
    if state.request.verb == "check":
        return
    from ..requirement import admits, name_of, read_needs

    cuda = {wheel.name for wheel in state.only_wheels}
    plain = {wheel.name: wheel for wheel in state.wheels if wheel.name not in cuda}
    for owner in state.of_role(Role.FRAMEWORK, Role.PLUGIN):
        texts = [text for text in owner.package.depends if name_of(text) in plain] if owner.is_wheel else []
        for need in read_needs(texts, state.host.platform):
            helper = plain[need.name]
            if not admits(need.specifier, helper.version):
                message = f"{owner} requires {need}, and {helper.version} would be there"
                named = (str(owner), str(helper))
                yield Observation(Severity.BLOCK, (owner.name, helper.name), message, named, (str(need),))


def _name_conda(state: State) -> dict[str, Component]:
    """Name conda's packages as wheels do, as far as a wheel could ask for them."""
    names = {"torch": "pytorch", "torchvision": "torchvision", "torchaudio": "torchaudio", "jaxlib": "jaxlib"}
    found = {wheel: state.find(conda) for wheel, conda in names.items()}
    return {name: component for name, component in found.items() if component is not None}


def _is_abi(owner: Component, target: Component) -> bool:
    """Whether the pair is one of an extension and another minor of torch, which the rule before this one reports."""
    built = owner.built_for
    is_torch = target.name in ("torch", "pytorch")
    return is_torch and built is not None and bool(built.torch) and built.torch != minor_of(target.package.version)


def _weigh(owner: Component, target: Component, need: Need) -> Severity:
    """Say how sure it is that an unmet requirement breaks its owner.

    A library of NVIDIA's may be newer than the pin, within its own major: what is older, or of another major, lacks
    symbols or the file. A pure-python user of a framework names bounds that it need not mean.
    """
    from ..requirement import compare, lowest_of

    lowest = lowest_of(need.specifier)
    version = target.package.version.partition("+")[0]
    if target.role is Role.PART or target.family == "cuda-python":
        newer = bool(lowest) and compare(version, lowest) > 0
        return Severity.WARN if newer and read_numbers(version)[:1] == read_numbers(lowest)[:1] else Severity.BLOCK
    if owner.known is None or target.family == "triton" or not (target.is_core or target.family == owner.family):
        return Severity.WARN
    same_minor = target.family == "torch" and minor_of(version) == minor_of(lowest)
    return Severity.WARN if same_minor else Severity.BLOCK


RULE = Rule(
    "CUP302",
    "abi-mismatch",
    "a requirement of an installed CUDA package is broken",
    "A change would leave a CUDA package with a framework or a library of a version that it does not accept: "
    "torchvision pins one torch, torch pins the libraries of NVIDIA that it was built with. A change that leaves a "
    "framework with a helper that it does not accept (sympy, numpy, protobuf) is stopped too.",
    "pip reports such a thing after it has installed everything, and ends with success. A library older than the "
    "pin, or of another major, lacks what the package loads; one that is newer within its major is a warning.",
    "Keep to the requirement that is named, or change both packages in one command.",
    "https://pip.pypa.io/en/stable/topics/dependency-resolution/",
    find_broken_pins,
)
