"""Where a solve takes packages from, as the settings have it: channels on top, and the channel priority."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..plan import Plan


def put_on_top(channels: Any, names: Sequence[str]) -> Any:
    """Return the channels with those of the settings first; unchanged where the command line overrides channels."""
    from conda.base.context import context
    from conda.models.channel import Channel

    overridden = (context._argparse_args or {}).get("override_channels")
    if not names or overridden:
        return channels
    return type(channels)((*map(Channel, names), *channels))


def choose_priority(plan: Plan) -> dict[str, Any]:
    """Return the channel priority to lay over the context; none where the command line or the environment says it."""
    from conda.base.constants import ChannelPriority
    from conda.base.context import context

    said = ("cmd_line", "envvars")
    told = any(str(source) in said and "channel_priority" in found for source, found in context.raw_data.items())
    if not plan.channel_priority or told:
        return {}
    return {"channel_priority": ChannelPriority(plan.channel_priority)}
