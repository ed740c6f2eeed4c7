"""The registry of channels, a line each: name as stored in envelopes → what builds it from its settings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError, validate_call

from notifications.channels.apprise import AppriseChannel
from notifications.channels.base import CHECKED, Channel
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
    "inbox": InboxChannel.of,
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
    """A channel's settings are incomplete or misspelt; `places` has (setting, what is wrong) for each fault."""

    def __init__(self, name: str, places: Sequence[tuple[str, str]]) -> None:
        said = "; ".join(f"{setting}: {message}" if setting else message for setting, message in places)
        super().__init__(f"channel {name}: {said}")
        self.places = tuple(places)


def build(name: str, settings: Mapping[str, Any]) -> Channel:
    """The channel made of its settings by name; raises BadChannelError."""
    if name not in CHANNELS:
        raise BadChannelError(name, [("", f"there is none of this name, only {', '.join(CHANNELS)}")])
    try:
        return validate_call(config=CHECKED)(CHANNELS[name])(**settings)
    except ValidationError as error:
        places = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
        raise BadChannelError(name, places) from None
    except (TypeError, ValueError, BadAddressError) as error:
        raise BadChannelError(name, [("", str(error))]) from error
