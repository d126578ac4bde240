"""Where wheels come from: for each CUDA family one index and a window of versions, decided before pip resolves."""

from .advice import replace_name
from .planning import plan_wheels
from .values import Catalogue, DeadEnd, Route, Suggestion, Target, WheelPlan, Window

__all__ = [
    "Catalogue",
    "DeadEnd",
    "Route",
    "Suggestion",
    "Target",
    "WheelPlan",
    "Window",
    "plan_wheels",
    "replace_name",
]
