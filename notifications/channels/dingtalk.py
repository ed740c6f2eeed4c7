"""The group robot of 钉钉; its security setting must be the key word 销号, which every text begins with."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from notifications.channels.base import PerMinute
from notifications.channels.chat import PER_MINUTE, Dialect, Robot
from notifications.channels.posting import Endpoint, WebAddress

MEANINGS = {
    -1: "server_busy",
    90030: "rate_limited",
    130101: "rate_limited",
    410100: "rate_limited",
    300001: "channel_refused",
    310000: "channel_refused",
    40035: "message_refused",
}


def dingtalk(*, base_url: WebAddress, key: str, per_minute: PerMinute = PER_MINUTE, **endpoint: Any) -> Robot:
    """From settings; `endpoint` as in Endpoint. Raises ValueError, TypeError."""
    url = f"{base_url}/robot/send?access_token={quote(key, safe='')}"
    return Robot(Endpoint(url, **endpoint), Dialect(_payload, "errcode", "errmsg", MEANINGS), per_minute)


def _payload(_address: str, text: str) -> Mapping[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}
