"""The catalogue is whole: no key without both languages, no reason word without its sentence."""

import re
from pathlib import Path

import pytest

import notifications
from engine.words import LANGUAGES, IncompleteCatalogueError, load
from notifications.words import load_words

SOURCES = list(Path(notifications.__file__).parent.rglob("*.py"))
REASON = re.compile(r'(?:Kept\([^"]*|Retry\(|Refused\(|reason: str = |return )"([a-z]+_[a-z_]+)"')


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.row(36)
def test_every_reason_word_in_the_code_has_a_sentence(language: str) -> None:
    words = {word for source in SOURCES for word in REASON.findall(source.read_text(encoding="utf-8"))}

    assert {"matter_done", "person_left", "channel_down", "address_refused"} <= words
    assert words <= load_words(language).sentences.keys()


def test_both_languages_have_the_same_blanks() -> None:
    blanks = re.compile(r"{(\w+)")
    zh, en = (load_words(language).sentences for language in LANGUAGES)

    assert [key for key in zh if not set(blanks.findall(zh[key])) <= set(blanks.findall(en[key]))] == []


def test_a_key_without_a_language_is_found() -> None:
    text = 'whole = { zh = "好", en = "good" }\nhalf = { zh = "好", en = "" }'

    with pytest.raises(IncompleteCatalogueError, match=r"words\.toml: half\.en"):
        load({"words.toml": text}, "zh")
