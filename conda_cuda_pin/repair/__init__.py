"""What mends an environment: findings, packages and host in; commands in their order out. Nothing here runs them."""

from __future__ import annotations

from .course import Outcome, Workshop, carry_out
from .planning import Repair, Unmended, plan_repair
from .step import CONDA, PIP_CUDA, Place, Step

__all__ = [
    "CONDA",
    "PIP_CUDA",
    "Outcome",
    "Place",
    "Repair",
    "Step",
    "Unmended",
    "Workshop",
    "carry_out",
    "plan_repair",
]
