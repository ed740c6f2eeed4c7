"""The group robot of 企业微信, public or on an office's own servers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from notifications.channels.base import PerMinute
from notifications.channels.chat import PER_MINUTE, Dialect, Robot
from notifications.channels.posting import Endpoint, WebAddress

MEANINGS = {
    -1: "server_busy",
    45009: "rate_limited",
    45033: "rate_limited",
    93000: "channel_refused",
    93004: "channel_refused",
    93008: "channel_refused",
    40008: "message_refused",
    40058: "message_refused",
    44004: "message_refused",
    45002: "message_refused",
}


def wecom(*, base_url: WebAddress, key: str, per_minute: PerMinute = PER_MINUTE, **endpoint: Any) -> Robot:
    """From settings; `endpoint` as in Endpoint. Raises ValueError, TypeError."""
    url = f"{base_url}/cgi-bin/webhook/send?key={quote(key, safe='')}"
    return Robot(Endpoint(url, **endpoint), Dialect(_payload, "errcode", "errmsg", MEANINGS), per_minute)


def _payload(address: str, text: str) -> Mapping[str, Any]:
    """An account that is not in the group is passed over, and the text still names the person."""
    return {"msgtype": "text", "text": {"content": text, "mentioned_list": [address]}}
