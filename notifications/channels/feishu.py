"""The group robot of 飞书; its security setting must be the key word 销号, which every text begins with."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from notifications.channels.base import PerMinute
from notifications.channels.chat import PER_MINUTE, Dialect, Robot
from notifications.channels.posting import Endpoint, WebAddress

MEANINGS = {
    11232: "rate_limited",
    19001: "channel_refused",
    19021: "channel_refused",
    19022: "channel_refused",
    19024: "channel_refused",
    9499: "message_refused",
}


def feishu(*, base_url: WebAddress, key: str, per_minute: PerMinute = PER_MINUTE, **endpoint: Any) -> Robot:
    """From settings; `endpoint` as in Endpoint. Raises ValueError, TypeError."""
    url = f"{base_url}/open-apis/bot/v2/hook/{quote(key, safe='')}"
    return Robot(Endpoint(url, **endpoint), Dialect(_payload, "code", "msg", MEANINGS), per_minute)


def _payload(_address: str, text: str) -> Mapping[str, Any]:
    return {"msg_type": "text", "content": {"text": text}}
