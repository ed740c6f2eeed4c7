"""Every kind of letter, whichever family it is of, can be printed: its family has the words that only it knows."""

import pytest
from shipped import REGISTRY

from engine.words import LANGUAGES, load


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(REGISTRY.letters))
def test_who_writes_to_whom_is_said_by_the_family(kind: str, language: str) -> None:
    family = REGISTRY.family_of[kind]
    sentences = load({family.name: family.words}, language).sentences
    assert not {f"{kind}.{name}" for name in ("opening", "way", "signed_by")} - sentences.keys()
    assert "pause_with_problem" in REGISTRY.definitions[kind].actions


def test_a_kind_is_a_letter_because_another_names_it_as_its_own() -> None:
    assert REGISTRY.letters == {"letter", "hazard_letter"}
