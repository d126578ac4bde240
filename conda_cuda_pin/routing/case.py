"""One question for a plan: everything that is known before it, and a catalogue that is asked each thing once."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ..knowledge.indexes import torch_names
from .addresses import Addresses
from .fitness import Fitness
from .wish import Wish

if TYPE_CHECKING:
    from ..host import Host
    from ..package import Package
    from ..request import Request, Spec
    from ..settings import Settings
    from .addresses import TorchIndex
    from .values import Catalogue, Target


@dataclass
class Memory:
    """A catalogue that asks another one each thing only once."""

    catalogue: Catalogue
    answers: dict[tuple[str, str], tuple[str, ...] | None] = field(default_factory=dict)

    def versions(self, index: str, name: str) -> tuple[str, ...] | None:
        """Return what the other catalogue says."""
        if (index, name) not in self.answers:
            self.answers[index, name] = self.catalogue.versions(index, name)
        return self.answers[index, name]

    def missed(self, name: str) -> bool:
        """Whether pages of a project were asked for and none of them could be read."""
        found = [answer for (_, asked), answer in self.answers.items() if asked == name]
        return bool(found) and all(answer is None for answer in found)


@dataclass(frozen=True)
class Case:
    """A request, and what it stands on."""

    host: Host
    settings: Settings
    request: Request
    installed: tuple[Package, ...]
    target: Target
    catalogue: Memory
    defaults: tuple[str, ...]

    @property
    def addresses(self) -> Addresses:
        """Addresses, mirrors considered."""
        return Addresses(self.settings.mirrors)

    @property
    def fitness(self) -> Fitness:
        """What the host can use."""
        return Fitness(self.host, self.settings, self.target.platform)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the command line."""
        try:
            return tuple(shlex.split(self.request.typed))
        except ValueError:
            return tuple(self.request.typed.split())

    @cached_property
    def torch_indexes(self) -> tuple[TorchIndex, ...]:
        """The indexes of torch that the user named or configured, each once, those of the request first."""
        urls = dict.fromkeys(url.rstrip("/") for url in (*self.request.channels, *self.defaults))
        return tuple(index for url in urls if (index := self.addresses.read_torch_index(url)) is not None)

    @property
    def plain_indexes(self) -> tuple[str, ...]:
        """The configured indexes that are not torch's; PyPI where there is no other."""
        own = {index.url for index in self.torch_indexes}
        plain = tuple(url for url in self.defaults if url.rstrip("/") not in own)
        return plain or (self.addresses.base("pypi"),)

    @property
    def companions(self) -> tuple[Spec, ...]:
        """What was asked for of the index of torch, torch itself apart."""
        return tuple(spec for spec in self.request.specs if spec.name in torch_names() and spec.name != "torch")

    def wish(self, name: str) -> Wish:
        """Return what the request says of a name."""
        return Wish.of(self.request, name)
