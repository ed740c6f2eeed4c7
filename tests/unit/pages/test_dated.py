"""Days inside sentences are written as people write them; what only looks like a day stays."""

from pathlib import Path

import pytest

from desk.wording import dated
from engine.words import load

WORDS = load({"desk": Path("desk/words.toml").read_text(encoding="utf-8")}, "zh")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("时限2026-02-27。", "时限2026年2月27日。"),
        ("2025-10-17 每周提醒", "2025年10月17日 每周提醒"),
        ("文件名：sign-in-2025-09-26.txt", "文件名：sign-in-2025-09-26.txt"),
        ("第2026-13-40号", "第2026-13-40号"),
        ("没有日期", "没有日期"),
    ],
)
def test_days_in_sentences(sentence: str, said: str) -> None:
    assert dated(WORDS, sentence) == said
