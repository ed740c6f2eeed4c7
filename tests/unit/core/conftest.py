"""A tiny definition that is sound, to be broken in one place at a time."""

from collections.abc import Callable

import pytest

from engine.definition_files import parse
from engine.definitions import Definition, Known
from engine.faults import Fault, FaultsError

LETTER = """\
kind = "letter"
label = { zh = "督办单", en = "Letter" }
initial = "sent"
alert_roles = ["officer", "coordinator"]
recorders = ["coordinator"]

[open]
label = { zh = "发出", en = "Send" }
roles = ["coordinator"]

[[open.params]]
name = "text"
label = { zh = "内容", en = "Text" }

[[fields]]
name = "text"
signed = true
label = { zh = "内容", en = "Text" }

[[fields]]
name = "submission"
type = "int"
label = { zh = "送审次数", en = "Submission" }

[[states]]
name = "sent"
label = { zh = "已发出", en = "Sent" }
held_by = ["officer"]
quiet_for = ["coordinator"]
signing = true

[[states]]
name = "answered"
label = { zh = "已回复", en = "Answered" }
live = false
resting = true

[[sign_off]]
name = "coordinator"
label = { zh = "办公室", en = "Office" }
role = "coordinator"

[[actions]]
name = "answer"
label = { zh = "回复", en = "Answer" }
from = ["sent"]
to = "answered"
roles = ["officer"]
guards = ["may_decide"]
operation = "sign"

[[actions.params]]
name = "text"
label = { zh = "内容", en = "Text" }
choices = ["yes", "no"]

[[actions]]
name = "remind"
label = { zh = "催办", en = "Remind" }
from = ["sent"]
to = "="
roles = ["coordinator"]
"""
KNOWN = Known(frozenset({"coordinator", "officer", "system"}), frozenset({"may_decide"}), frozenset({"sign"}))


@pytest.fixture
def letter() -> Definition:
    return parse(LETTER, "letter.toml", KNOWN)


@pytest.fixture
def broken() -> Callable[[str, str], tuple[str, list[Fault]]]:
    """The broken text and its faults, after one text in the sound definition has been put in another's place."""

    def read(old: str, new: str) -> tuple[str, list[Fault]]:
        assert LETTER.count(old) == 1, "the text to break must stand once"
        text = LETTER.replace(old, new)
        with pytest.raises(FaultsError) as caught:
            parse(text, "letter.toml", KNOWN)
        return text, caught.value.faults

    return read
