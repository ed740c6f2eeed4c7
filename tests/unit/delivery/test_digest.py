"""What a person reads: counts first, the overdue on top, each matter once, and why it was sent."""

from dataclasses import replace
from datetime import date

import pytest

from notifications.digest import Digest, Item, Reason, arrange, body, subject

TODAY = date(2026, 6, 12)


def _item(
    text: str = "台账", *, case: int = 1, due: date | None = None, late: date | None = None, **reason: str
) -> Item:
    said = {"rule_label": "距到期五天", "role_label": "经办人", **reason}
    return Item(case, text, (Reason(**said),), due, "", late)


def _digest(*items: Item, lane: str = "digest") -> Digest:
    return Digest("张伟", "清溪街道党工委", lane, TODAY, arrange(items, TODAY))


def test_the_subject_says_how_many_of_what() -> None:
    overdue = [_item(str(n), case=n, due=date(2026, 6, 1)) for n in range(3)]
    due = [_item(str(n), case=n, due=date(2026, 6, 15)) for n in range(10, 12)]

    assert subject(_digest(*overdue, *due)) == "【销号】您有 3 项逾期、2 项在办（6月12日）"


def test_an_urgent_subject_says_so() -> None:
    assert subject(_digest(_item(), lane="urgent")) == "【销号·急】您有 1 项新事项（6月12日）"


def test_a_reminder_of_what_waits_is_no_news() -> None:
    waiting = replace(_item("自6月1日起暂停", case=2), reminder=True)
    told = _digest(_item(), waiting, _item(case=3, due=date(2026, 6, 15)))
    assert subject(told) == "【销号】您有 1 项在办、1 项等待、1 项新事项（6月12日）"
    assert body(told).index("二、等待中（1 项）") < body(told).index("三、新事项（1 项）")


@pytest.mark.parametrize(
    ("due", "section"),
    [(date(2026, 6, 11), "overdue"), (TODAY, "due"), (date(2026, 6, 13), "due"), (None, "other")],
)
@pytest.mark.row(13)
def test_a_deadline_is_a_whole_day(due: date | None, section: str) -> None:
    assert _item(due=due).section(TODAY) == section


def test_the_oldest_overdue_comes_first_and_other_news_last() -> None:
    days = [None, date(2026, 6, 20), date(2026, 6, 10), TODAY, date(2026, 5, 1)]
    items = [_item(str(n), case=n, due=day) for n, day in enumerate(days)]

    assert [item.due_on for item in arrange(items, TODAY)] == [days[4], days[2], days[3], days[1], None]


def test_the_same_matter_in_two_roles_is_told_once_with_both_reasons() -> None:
    [item] = arrange([_item(), _item(role_label="科室负责人")], TODAY)

    assert item.why == "距到期五天，您是经办人；距到期五天，您是科室负责人。"


def test_of_two_steps_for_one_role_the_later_one_speaks_and_the_delay_is_kept() -> None:
    late = date(2026, 6, 2)
    [item] = arrange([_item(late=late), _item(rule_label="逾期每日提醒", late=date(2026, 6, 9))], TODAY)

    assert item.why == "逾期每日提醒，您是经办人。"
    assert item.late_since == late


def test_two_different_things_about_one_matter_are_both_told() -> None:
    assert len(arrange([_item("发票被退回"), _item("合同被退回")], TODAY)) == 2


def test_the_whole_text() -> None:
    link = "http://10.0.0.2/problems/3"
    late = Item(
        3,
        "（3）食堂采购：5月30日到期",
        (Reason("逾期每日提醒", "经办人"),),
        date(2026, 5, 30),
        link,
        date(2026, 6, 8),
    )
    news = _item("（5）财务报销：被退回", case=5, rule_label="结果被退回")

    assert body(_digest(news, late)) == (
        "张伟同志：\n"
        "\n"
        "您好！有以下整改事项请您知悉或办理：1 项逾期、1 项新事项。\n"
        "标有【补发】的 1 项本应从6月8日起通知您，因故推迟，现合并补发，以本次内容为准。\n"
        "\n"
        "一、已逾期（1 项）\n"
        "\n"
        "● 【补发】（3）食堂采购：5月30日到期\n"
        "  通知缘由：逾期每日提醒，您是经办人。\n"
        "  办理链接：http://10.0.0.2/problems/3\n"
        "\n"
        "二、新事项（1 项）\n"
        "\n"
        "● （5）财务报销：被退回\n"
        "  通知缘由：结果被退回，您是经办人。\n"
        "\n"
        "请登录系统办理；如有疑问，请与整改办联系。谢谢！\n"
        "\n"
        "清溪街道党工委整改办\n"
        "6月12日\n"
        "（本消息由系统自动发送，请勿直接回复。）\n"
    )
