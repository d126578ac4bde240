"""A choice written down, so that plain pip or uv reproduces it on any machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conda_cuda_pin.explain.wheels import describe_driver

from .connection import strip_credentials

if TYPE_CHECKING:
    from conda_cuda_pin.routing import WheelPlan

    from .case import Case
    from .resolution import Resolution


def write_constraints(case: Case, plan: WheelPlan, resolution: Resolution) -> str:
    """Return a constraints file: exact versions, and in comments what they were chosen for and how to use them.

    An exact version with a local part (``+cu126``) comes from the index of that variant alone, so an extra index is
    safe beside it.
    """
    routed = [p for p in resolution.packages if p.name in plan.routes and "+" in p.version]
    indexes = list(dict.fromkeys(strip_credentials(plan.routes[package.name].indexes[0]) for package in routed))
    options = " ".join(f"--extra-index-url {index}" for index in indexes)
    asked = " ".join(case.asked.requirements)
    lines = [
        f"# {describe_driver(case.host)}",
        f"# pip install -c FILE {options} {asked}".replace("  ", " "),
        f"# uv pip install -c FILE --index-strategy unsafe-best-match {options} {asked}".replace("  ", " "),
        *resolution.bare_pins,
    ]
    return "\n".join(lines) + "\n"
