"""Repairs that give a wheel another build or release: one that fits the machine, its base, or what is required."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..component import Role
from ..knowledge.indexes import torch_names
from ..requirement import name_of
from ..rules.overlaps import find_siblings
from ..rules.remedy import fit_wheel
from ..tag import split_name
from .effect import Effect
from .files import leave_one
from .scene import foresee
from .step import Step, install, refit, uninstall

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..component import Component
    from ..package import Package
    from ..rules import Finding
from .scene import Scene


def follow_remedy(finding: Finding, scene: Scene) -> Iterator[Sequence[Step]]:
    """Install what the rule names."""
    if finding.remedy:
        yield [_take(finding.remedy, "what the rule names", scene)]


def fit_machine(finding: Finding, scene: Scene) -> Iterator[Sequence[Step]]:
    """Take a build that runs here: of torch with all that is built for it, of another name in place of this one."""
    wheel = scene.find(finding)[0]
    torch = scene.find_wheel("torch")
    if torch is not None and (wheel is torch or _stands_on(wheel)):
        yield from _fit_torch(torch, scene)
    for one, other in find_siblings(one for one in scene.components if one.is_wheel):
        if wheel in (one, other):
            yield leave_one(one, other, scene)
    if finding.remedy and wheel is not torch:
        spare = _find_spare(finding, wheel, scene)
        kin = [one.package for one in scene.components if one.is_wheel and one.family == wheel.family]
        renewed = [package for package in kin if package not in spare]
        taken = _take(finding.remedy, "a build that runs here", scene, renewed)
        yield [uninstall(spare, "what runs here takes its place"), taken] if spare else [taken]


def _find_spare(finding: Finding, wheel: Component, scene: Scene) -> list[Package]:
    """Return what must go before a remedy comes: what has another name for the same thing, and jax's other plugins."""
    if wheel.role is Role.PLUGIN:
        plugins = (one for one in scene.components if one.is_wheel and one.role is Role.PLUGIN)
        return [one.package for one in plugins if one.family == wheel.family and not scene.runs(one)]
    return [wheel.package] if any(_replaces(name_of(text), wheel) for text in finding.remedy) else []


def _fit_torch(torch: Component, scene: Scene) -> Iterator[Sequence[Step]]:
    """Change torch and what stands on it in one command; the same releases where their builds are known."""
    wanted = fit_wheel(torch, scene.host, scene.host.driver_cuda)
    if not wanted:
        return
    family = [one for one in scene.components if one.is_wheel and _stands_on(one)]
    texts = [*wanted, *(_follow(one, torch, wanted[0]) for one in family)]
    effect = Effect(renewed=tuple(one.package for one in (torch, *family)), written=foresee(texts))
    yield [install(texts, "builds of torch and of what stands on it that run here", effect)]


def _follow(wheel: Component, torch: Component, wanted: str) -> str:
    """Name the build of an extension for another build of torch, where it is the same release; else pip chooses it."""
    release, _, local = wanted.removeprefix("torch==").partition("+")
    same = release == torch.package.version.partition("+")[0]
    row = torch_names().get(wheel.name)
    if same and local and row is not None and row.pair:
        return f"{wheel.name}=={wheel.package.version.partition('+')[0]}+{local}"
    return wheel.name


def _stands_on(wheel: Component) -> bool:
    """Whether a wheel is compiled against torch, torch itself apart."""
    return wheel.built_for is not None


def _replaces(name: str, wheel: Component) -> bool:
    """Whether a wheel of another name owns what this one does: onnxruntime-gpu for onnxruntime, -cu12 for -cu13."""
    return name != wheel.name and split_name(name)[0].removesuffix("-gpu") == split_name(wheel.name)[0]


def fit_base(finding: Finding, scene: Scene) -> Iterator[Sequence[Step]]:
    """Take the file of an extension that fits the torch or the jaxlib that is there."""
    plugins = [one for one in scene.find(finding) if one.role is Role.PLUGIN]
    if plugins:
        yield from _fit_plugins(finding, plugins, scene)
        return
    wheel = next((one for one in scene.find(finding) if _stands_on(one)), None)
    if wheel is None:
        yield from follow_remedy(finding, scene)
    elif finding.subject[-1] != "provider":
        torch = scene.find_wheel("torch")
        named = torch.package.version if torch is not None else "there"
        yield [refit(wheel.package, f"the file that is built for the torch that is there ({named})")]


def _fit_plugins(finding: Finding, plugins: list[Component], scene: Scene) -> Iterator[Sequence[Step]]:
    """Bring jax's plugins to the release of jaxlib; of two for different CUDA majors keep the one that runs here."""
    if finding.remedy:
        yield [_take(finding.remedy, "of the release of jaxlib", scene)]
        return
    majors = [one.toolkit.major for one in plugins if one.toolkit is not None and scene.runs(one)]
    spare = [one for one in plugins if one.toolkit is not None and majors and one.toolkit.major != max(majors)]
    if spare:
        yield [
            uninstall([one.package for one in spare], f"the plugin for CUDA {max(majors)} is the one that runs here")
        ]


def meet_requirement(finding: Finding, scene: Scene) -> Iterator[Sequence[Step]]:
    """Change the extension before the torch that it stands on, and a library before what loads it."""
    owner = scene.find(finding)[0]
    if _stands_on(owner):
        yield [refit(owner.package, "the release that is made for what is there")]
    if finding.remedy:
        yield [_take(finding.remedy, f"{owner} requires it", scene)]


def _take(requirements: Sequence[str], reason: str, scene: Scene, renewed: Sequence[Package] = ()) -> Step:
    """Install requirements over what is there under their names, and over what comes along with them."""
    names = {name_of(text) for text in requirements}
    there = [one.package for one in scene.components if one.is_wheel and one.name in names]
    return install(requirements, reason, Effect(renewed=(*there, *renewed), written=foresee(requirements)))
