"""What the group robots of chat platforms share: a short text goes in, a code in the answer says how it went."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from notifications.channels.base import Outcome, Recipient, Refused, Retry, Sealed, Sent
from notifications.channels.posting import Answer, Endpoint, post
from notifications.words import load_words

# The least that one of the platforms takes (企业微信, text): more than a message of numbers and links needs.
TEXT_BYTES = 2048
# What all three take in a minute without complaint (企业微信 and 钉钉: 20).
PER_MINUTE = 20
LONGEST_DETAIL = 200


@dataclass(frozen=True)
class Dialect:
    """How one platform is spoken to.

    `payload` makes the JSON of (address, text). `code` and `message` are the fields of its answer. `meanings`
    puts its codes into words of words.toml; a code that is not there is `platform_refused`.
    """

    payload: Callable[[str, str], Mapping[str, Any]]
    code: str
    message: str
    meanings: Mapping[int, str]


@dataclass(frozen=True)
class Robot:
    """Speaks in the group that its key belongs to. HTTP 200 means nothing, only the code in the answer does."""

    endpoint: Endpoint
    dialect: Dialect = field(repr=False)
    per_minute: int = PER_MINUTE
    brief: ClassVar[bool] = True

    def address_of(self, person: Recipient) -> str:
        """The person's key, which a platform that can mention people takes for their account."""
        return person.key

    def send(self, envelope: Sealed) -> Outcome:
        text = cut(f"{envelope.subject}\n{envelope.body}", TEXT_BYTES, load_words().say("chat_cut"))
        content = json.dumps(self.dialect.payload(envelope.address, text), ensure_ascii=False).encode()
        answer = post(self.endpoint, content, {})
        return self._meaning(answer) if isinstance(answer, Answer) else answer

    def _meaning(self, answer: Answer) -> Outcome:
        try:
            said = json.loads(answer.body)
            code = said[self.dialect.code]
        except (ValueError, KeyError, TypeError):
            code = None
        if not isinstance(code, int) or isinstance(code, bool):
            return Retry("answer_unreadable", f"HTTP {answer.status}")
        if code == 0:
            return Sent()
        word = self.dialect.meanings.get(code, "platform_refused")
        return _outcome(word, f"{self.dialect.code} {code} {said.get(self.dialect.message, '')}")


def cut(text: str, limit: int, mark: str) -> str:
    """At most `limit` bytes of UTF-8. What is cut ends with `mark`, after a whole line: half a link leads nowhere.

    A first line that is too long by itself is cut at a character.
    """
    content = text.encode()
    if len(content) <= limit:
        return text
    kept = content[: limit - len(mark.encode())].decode(errors="ignore")
    return kept[: kept.rfind("\n") + 1 or None] + mark


def _outcome(word: str, detail: str) -> Outcome:
    said = detail.strip()[:LONGEST_DETAIL]
    if word == "message_refused":
        return Refused(word, said)
    return Retry(word, said, channel_down=word in ("rate_limited", "channel_refused"))
