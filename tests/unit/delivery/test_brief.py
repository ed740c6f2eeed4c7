"""What a group sees: whose, how many, which numbers, where to click; and never what a matter is about."""

from datetime import date

import pytest

from notifications.channels.chat import cut
from notifications.digest import Digest, Item, Reason, arrange, brief
from notifications.words import explain, load_words

TODAY = date(2026, 6, 12)
FINDING = "食堂采购未招标"


def _item(number: str, *, due: date | None = None, link: str = "", case: int = 1) -> Item:
    return Item(case, f"（{number}）{FINDING}", (Reason("逾期每日提醒", "经办人"),), due, link, None, number)


def _brief(*items: Item) -> str:
    return brief(Digest("张伟", "清溪街道党工委", "digest", TODAY, arrange(items, TODAY)))


def test_the_whole_brief() -> None:
    overdue = _item("3", due=date(2026, 5, 30), link="http://10.0.0.2/problems/3")
    news = _item("5", link="http://10.0.0.2/problems/5", case=5)

    assert _brief(news, overdue) == (
        "张伟同志：您好！请知悉或办理以下整改事项。\n"
        "已逾期：\n"
        "（3） http://10.0.0.2/problems/3\n"
        "新事项：\n"
        "（5） http://10.0.0.2/problems/5\n"
        "具体内容请登录系统查看。\n"
        "清溪街道党工委整改办\n"
    )


def test_without_a_site_the_numbers_stand_in_one_line() -> None:
    assert "新事项：（3）、（5）\n" in _brief(_item("3"), _item("5", case=5))


def test_two_messages_about_one_matter_are_one_number() -> None:
    assert _brief(_item("3", case=1), _item("3", case=2)).count("（3）") == 1


def test_what_has_no_number_and_no_page_is_only_counted_in_the_subject() -> None:
    said = _brief(_item(""))

    assert "新事项" not in said
    assert FINDING not in said


@pytest.mark.parametrize(
    ("text", "limit", "left"),
    [
        ("一行\n", 7, "一行\n"),
        ("一行\n二行\n", 13, "一行\n…"),
        ("一行\n二行二行\n", 16, "一行\n…"),
        ("一二三四五", 12, "一二三…"),
        ("一二三四五", 11, "一二…"),
        ("一二三四五", 14, "一二三…"),
    ],
)
def test_a_text_is_cut_after_a_whole_line_or_else_at_a_character(text: str, limit: int, left: str) -> None:
    assert cut(text, limit, "…") == left
    assert len(left.encode()) <= limit


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("server_busy", "对方服务器暂时不收"),
        ("address_refused: 550 no such user", "收件地址被拒收，请更正此人的邮箱后重发（550 no such user）"),
        (
            "too_many_attempts: rate_limited: errcode 45009: slow",
            "多次发送未成功，已停止，请排除原因后重发。最后一次：发送过于频繁，被对方限制（errcode 45009: slow）",
        ),
        ("a word that nobody knows", "（a word that nobody knows）"),
    ],
)
def test_an_error_is_told_in_sentences(error: str, said: str) -> None:
    assert explain(load_words(), error) == said
