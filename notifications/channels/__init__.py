"""The registry of channels, a line each: name as stored in envelopes → what builds it from its settings."""

from collections.abc import Callable, Mapping

from notifications.channels.base import Channel
from notifications.channels.folder import FolderChannel
from notifications.channels.inbox import InboxChannel
from notifications.channels.mail import MailChannel

CHANNELS: Mapping[str, Callable[..., Channel]] = {
    "inbox": InboxChannel,
    "folder": FolderChannel,
    "mail": MailChannel,
}
