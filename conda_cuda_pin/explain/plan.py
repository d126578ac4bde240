"""A plan in words: what would be asked of a solver, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..caps import is_unbounded_channel
from ..knowledge.packages import members
from .command import mask_credentials

if TYPE_CHECKING:
    from ..plan import Plan
    from ..request import Request
    from ..settings import Settings

_SHOWN = 12


def describe_plan(plan: Plan) -> str:
    """Say line by line what would be asked of the solver."""
    lines = [f"{pin.kind.value}: {pin}  ({pin.reason})" for pin in plan.pins[:_SHOWN]]
    if len(plan.pins) > _SHOWN:
        lines.append(f"and {len(plan.pins) - _SHOWN} more caps of the same kind")
    if plan.prefers is not None:
        kind = plan.prefers.value.upper()
        lines.append(
            f"then, where no version is lost: {kind} builds of families that nobody decided about ({plan.why_prefers})"
        )
    if plan.floor is not None:
        lines.append(f"and {plan.floor}  ({plan.floor.reason})")
    preferred = plan.prefers.value if plan.prefers else ""
    chosen = sorted((family, variant) for family, variant in plan.decided.items() if variant != preferred)
    lines += [f"left alone: {family} ({variant} was chosen)" for family, variant in chosen]
    if plan.minor_below is not None:
        lines.append(f"last, where nothing else changes: CUDA below {plan.minor_below}, the driver's own minor")
    if plan.channels:
        lines.append(f"channels on top: {', '.join(map(mask_credentials, plan.channels))} (cuda_pin_channels)")
    if plan.channel_priority:
        lines.append(f"channel priority: {plan.channel_priority} (cuda_pin_channel_priority)")
    return (
        "\n".join(lines) or "nothing would be asked of the solver: no driver, no limit and no CUDA build is known here"
    )


def describe_provider(request: Request) -> str:
    """Say how PyTorch's own channel differs from conda-forge, where both a channel of it and pytorch are named.

    https://github.com/pytorch/pytorch/issues/138506 (its end)
    """
    asked = any(name in members() and members()[name].family == "torch" for name in request.names)
    own = [channel for channel in request.channels if is_unbounded_channel(channel) and "pytorch" in channel]
    if not asked or not own:
        return ""
    return (
        f"channel {mask_credentials(own[0])}: the PyTorch project's own builds, the last of them 2.5.1; pytorch-cuda "
        "chooses their CUDA, cuda-version that of conda-forge's, and the two do not mix. Without -c the builds are "
        "conda-forge's; with both, those of the first channel that has the package (channel_priority: strict), else "
        "the newest version"
    )


def describe_settings(settings: Settings) -> str:
    """Say the settings in force in one line, those that differ from the defaults only."""
    said = [f"mode {settings.mode}"]
    said += [f"level {settings.level}"] if settings.level != "auto" else []
    said += [f"variant {settings.variant}"] if settings.variant != "auto" else []
    said += [f"target {settings.target}"] if settings.target else []
    said += [f"max {settings.max}"] if settings.max else []
    said += [f"channels on top {', '.join(map(mask_credentials, settings.channels))}"] if settings.channels else []
    said += [f"channel priority {settings.channel_priority}"] if settings.channel_priority else []
    said += [f"mirrors {len(settings.mirrors)}"] if settings.mirrors else []
    said += [f"ignore {', '.join(sorted(settings.ignore))}"] if settings.ignore else []
    return ", ".join(said)
