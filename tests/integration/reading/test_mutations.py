"""Whatever happens to a document on its way, the reader neither fails, nor stalls, nor loses a line."""

import random
import time
from pathlib import Path

import pytest

from documents.reader import read

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
TEXTS = {path.stem: path.read_text("utf-8") for path in sorted(CORPUS.glob("*.txt"))}
ROUNDS, BATCHES = 1_000, 10
SLOWEST_READING = 5.0  # seconds; a sound one takes a few thousandths
GLYPHS = "一二三四十①②（）()“”《》【】\"'。；：:，、.．1234567890Xx×某𠮷é\n\n\n\t 　\u00a0\u200b\ufeff\u2028\r"
NUMBERS = ["一、", "（一）", "(1)", "1.", "1、", "一是", "二是", "第一，", "第二部分", "问题三：", "\r\n"]
PHRASES = ["整改情况：", "整改措施:", "【整改成效】", "关于“", "”的问题", "的问题。一是", "方面", "下一步工作打算"]
REMARKS = ["联系电话：", "2024717日", "X月X日", "2024年 月 日", "25个问题", "已完成19个", "预计于", "…………3"]
PIECES = [*GLYPHS, *NUMBERS, *PHRASES, *REMARKS, "该问题已完成整改。", "长期坚持"]


def mutated(text: str, chance: random.Random) -> str:
    """Change a text in one to twelve places: cut, doubled, moved, reversed, replaced or grown."""
    for _ in range(chance.randint(1, 12)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([1, 1, 2, 5, 20, 200]))
        piece = text[start:end]
        change = chance.randrange(6)
        if change == 0:
            text = text[:start] + text[end:]
        elif change == 1:
            text = text[:end] + piece + text[end:]
        elif change == 2:
            place = chance.randrange(len(text) + 1)
            text = text[:place] + piece + text[place:]
        elif change == 3:
            text = text[:start] + piece[::-1] + text[end:]
        elif change == 4:
            text = text[:start] + chance.choice(PIECES) + text[end:]
        else:
            text = text[:start] + chance.choice(PIECES) * chance.randint(1, 4) + text[start:]
    return text


def written_lines(text: str) -> list[str]:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    blanks = " \t\v\f\u3000\u00a0\u2002\u2003\u2009\u202f\u200b\u200c\u200d\u2060\ufeff\u00ad"
    return [line for line in lines if line.strip(blanks)]


def check(text: str) -> None:
    if not written_lines(text):
        return
    began = time.perf_counter()
    reading = read("变异.txt", text.encode())
    assert time.perf_counter() - began < SLOWEST_READING
    assert [line.text for line in reading.source_lines] == written_lines(text)
    counts = reading.line_counts()
    assert counts.pop("total") == sum(counts.values())
    assert all((line.part == "ignored") == bool(line.reason) for line in reading.source_lines)
    numbers = {line.number for line in reading.source_lines}
    assert {problem.line for problem in reading.problems} <= numbers
    assert reading.problems or {fault.code for fault in reading.faults} & {"only_totals", "no_problems_found"}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_ten_thousand_mutations_in_batches(batch: int) -> None:
    chance = random.Random(batch)  # noqa: S311  # repeatable on purpose
    names = sorted(TEXTS)
    for _ in range(ROUNDS):
        text = mutated(TEXTS[chance.choice(names)], chance)
        try:
            check(text)
        except Exception as error:
            error.add_note(f"the document was {text!r}")
            raise


@pytest.mark.parametrize(
    "line",
    [
        "“" * 40_000,
        "（" * 20_000 + "）" * 20_000,
        "." * 40_000,
        "…1" * 20_000,
        "一" * 40_000,
        "1." * 20_000,
        "整改" * 20_000,
        "关于问题" * 10_000,
        "。整改情况：" * 6_000,
        "2024年3月5日前" * 4_000,
        "已经" * 20_000,
        " " * 40_000 + "。",
        "预计2024年" * 6_000,
        "X月X日" * 9_000,
        "12 月" * 9_000,
        "一是" * 15_000,
        "；" * 40_000,
        "反馈5个问题" * 6_000,
    ],
    ids=lambda line: line[:8],
)
def test_no_line_however_odd_stalls_the_reader(line: str) -> None:
    began = time.perf_counter()
    for text in (line, f"通报\n（一）{line}\n整改情况：{line}\n（二）台账不全\n整改情况：已补齐。"):
        read("通报.txt", text.encode())
    assert time.perf_counter() - began < SLOWEST_READING


@pytest.mark.parametrize(
    "lines",
    [
        ["一、台账记录"],
        ["一、甲", "（一）乙", "1.丙", "（1）丁", "①戊"],
        ["（一）学习不够", "整改情况：", "1.补课", "2.考试"],
        ["（一）学习方面。一是学习不够。二是记录不全。"],
        ["学习不够", "整改情况：已补课。"],
        ["（一）学习方面", "针对会议少的问题，已整改。"],
        ["一、反馈25个问题，预计2024年X月X日完成19个"],
    ],
    ids=lambda lines: lines[0],
)
@pytest.mark.parametrize("title", ["整改情况的通报", "反馈意见"])
def test_no_document_however_long_stalls_the_reader(title: str, lines: list[str]) -> None:
    text = "\n".join([title, *lines * (3_000 // len(lines))])
    check(text)
