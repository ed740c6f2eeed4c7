"""Documents in every shape seen in the field, each with what a careful person reads in it."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from documents.reader import read
from documents.reading import Reading

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
TEXTS = sorted(CORPUS.glob("*.txt"))
WORDS = sorted(CORPUS.glob("*.word.json"))


def expected(name: str) -> dict[str, Any]:
    written: dict[str, Any] = json.loads((CORPUS / f"{name}.json").read_text("utf-8"))
    return written


def shown(reading: Reading) -> dict[str, Any]:
    """Give the reading as it is written beside a document, with the reason of each line that was ignored."""
    ignored = {str(line.number): line.reason for line in reading.source_lines if line.part == "ignored"}
    shape: dict[str, Any] = json.loads(json.dumps(reading.to_json()))
    return {"kind": reading.kind, **shape, "ignored": ignored}


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(TEXTS) + len(WORDS) >= 25


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_text_is_read_as_expected(path: Path) -> None:
    assert shown(read(path.name, path.read_bytes())) == expected(path.stem)


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.stem)
def test_a_word_file_is_read_as_expected(path: Path, build_word: Callable[[Sequence[Any]], bytes]) -> None:
    data = build_word(json.loads(path.read_text("utf-8")))
    assert shown(read("反馈.docx", data)) == expected(path.name.removesuffix(".word.json"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_line_of_a_text_is_accounted_for(path: Path) -> None:
    text = path.read_text("utf-8")
    reading = read(path.name, text.encode("gb18030"))
    assert [line.text for line in reading.source_lines] == [line for line in text.splitlines() if line.strip()]
    counts = reading.line_counts()
    assert counts.pop("total") == sum(counts.values())


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_nothing_is_found_that_the_text_does_not_hold(path: Path) -> None:
    text = "".join(path.read_text("utf-8").split())
    for problem in read(path.name, path.read_bytes()).problems:
        for words in [problem.title, *(problem.answer or "").split("\n"), *(m.text for m in problem.measures)]:
            assert "".join(words.split()) in text
