"""The registry of channels, a line each: name as stored in envelopes → what builds it from its settings."""

from collections.abc import Callable, Mapping
from typing import Any

from notifications.channels.apprise import AppriseChannel
from notifications.channels.base import Channel
from notifications.channels.dingtalk import dingtalk
from notifications.channels.eml import BadAddressError
from notifications.channels.feishu import feishu
from notifications.channels.folder import FolderChannel
from notifications.channels.inbox import InboxChannel
from notifications.channels.mail import MailChannel
from notifications.channels.sheet import SheetChannel
from notifications.channels.webhook import WebhookChannel
from notifications.channels.wecom import wecom

CHANNELS: Mapping[str, Callable[..., Channel]] = {
    "inbox": InboxChannel,
    "folder": FolderChannel.of,
    "mail": MailChannel.of,
    "sheet": SheetChannel.of,
    "wecom": wecom,
    "dingtalk": dingtalk,
    "feishu": feishu,
    "webhook": WebhookChannel.of,
    "apprise": AppriseChannel.of,
}


class BadChannelError(Exception):
    """A channel's settings are incomplete or misspelt; the text names the channel and the setting."""


def build(name: str, settings: Mapping[str, Any]) -> Channel:
    """The channel made of its settings by name; raises BadChannelError."""
    if name not in CHANNELS:
        raise BadChannelError(f"{name!r} is no channel; there are: {', '.join(CHANNELS)}")
    try:
        return CHANNELS[name](**settings)
    except (TypeError, ValueError, BadAddressError) as error:
        raise BadChannelError(f"channel {name}: {error}") from error
