"""Any of the services that the library Apprise speaks to, for an office whose service has no channel of its own.

Its weakness: for many services it looks at the HTTP status alone. A platform that answers 200 with an error code in
the body counts as sent; for 企业微信, 钉钉 and 飞书 use their own channels, which read the answer.
"""

import logging
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from notifications.channels.base import Outcome, PerMinute, Recipient, Retry, Sealed, Sent
from notifications.channels.chat import PER_MINUTE

MISSING = "the library is not installed: run pip install 'xiaohao[apprise]', or choose another channel"


@dataclass(frozen=True)
class AppriseChannel:
    """Speaks to the one place that its address belongs to. The library tells yes or no, never why."""

    service: Any = field(repr=False)
    per_minute: int = PER_MINUTE
    brief: ClassVar[bool] = True

    @classmethod
    def of(cls, *, url: str, per_minute: PerMinute = PER_MINUTE) -> Self:
        """From settings; `url` as Apprise writes them. Raises ValueError: no library, or no address it knows."""
        try:
            import apprise  # noqa: PLC0415 - an extra: only who chooses the channel needs it
        except ImportError as error:
            raise ValueError(MISSING) from error
        # Its complaints quote the address, which holds a key.
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        service = apprise.Apprise.instantiate(url, asset=apprise.AppriseAsset(http_redirects=False))
        if service is None:
            raise ValueError("url: no address that Apprise knows, such as mastodon://key@host or json://host/path")
        return cls(service, per_minute)

    def address_of(self, person: Recipient) -> str:
        """The person's key; who is meant stands in the text."""
        return person.key

    def send(self, envelope: Sealed) -> Outcome:
        if self.service.notify(body=envelope.body, title=envelope.subject):
            return Sent()
        return Retry("service_refused")
