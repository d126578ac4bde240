"""What there is to say about an environment as it stands, or about one that a file describes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .judge import Judgement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .host import Evidence
    from .package import Package
    from .proof import Proof
    from .shadow import Shadow


@dataclass(frozen=True)
class Part:
    """One environment: all of a prefix, or one of those in a lock file."""

    name: str
    """Empty where there is only one."""
    judgement: Judgement
    unsettled: tuple[str, ...] = ()
    """What a file leaves to a solver, as written: not judged."""
    packages: tuple[Package, ...] = ()
    """What a prefix holds, with what was seen of its libraries."""


@dataclass(frozen=True)
class Examination:
    """The judgement of a prefix or of a file."""

    subject: str
    """The path of the prefix or the file."""
    kind: str
    """``prefix``, or what the file is: ``pixi.lock``, ``explicit file``..."""
    parts: tuple[Part, ...]
    shadows: tuple[Shadow, ...] = ()
    """Libraries of a prefix in whose place others would be loaded."""
    problems: tuple[Evidence, ...] = ()
    """What could not be read, and so was not judged."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where in a file the packages that were found wanting are named first."""

    proofs: tuple[Proof, ...] | None = None
    """What the frameworks of a prefix said when they were imported; None where that was not asked for."""

    @property
    def breaks(self) -> bool:
        """Whether anything is proven to break."""
        return bool(self.judgement.blocks) or any(proof.discords for proof in self.proofs or ())

    @property
    def judgement(self) -> Judgement:
        """What was found in any part, each finding once."""
        return Judgement(tuple(dict.fromkeys(finding for part in self.parts for finding in part.judgement.new)))
