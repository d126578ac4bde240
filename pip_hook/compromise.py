"""Frameworks that do not fit together as asked: which of them has to give way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement

from conda_cuda_pin.knowledge.wheels import wheels
from conda_cuda_pin.tag import split_name

from .argv import Token
from .asked import read_asked, read_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .case import Case


def loosen(case: Case) -> Iterator[tuple[str, Case]]:
    """Yield each framework whose version was typed, with the case as if it had not been; only where there are two.

    What stands in files stays as it is.
    """
    families = {row.family for name in case.asked.names if (row := wheels().get(split_name(name)[0])) and row.core}
    if len(families) < 2:
        return
    for token in case.command.after:
        spec = read_spec(token.value) if not token.option else None
        row = wheels().get(split_name(spec.name)[0]) if spec is not None and spec.version else None
        bare = _strip(token.value)
        if spec is None or row is None or not row.core or not bare:
            continue
        after = tuple(Token((bare,), "", bare) if one is token else one for one in case.command.after)
        command = replace(case.command, after=after)
        yield spec.name, replace(case, command=command, asked=read_asked(command, case.preferences, case.environ))


def _strip(text: str) -> str:
    """Return a requirement without its versions; empty where it has none."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return ""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}"
