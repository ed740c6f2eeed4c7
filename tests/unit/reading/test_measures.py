"""The steps of an answer, and what their words suggest."""

import pytest

from documents.measures import propose
from documents.reading import Cadence


def only(text: str) -> tuple[str | None, str | None, Cadence | None]:
    [measure] = propose([text])
    return measure.track, measure.deadline, measure.cadence


@pytest.mark.parametrize(
    "answer",
    [
        "清点库存；补办手续；追责2人。",
        "一是清点库存。二是补办手续。三是追责2人。",
        "一是清点库存；二是补办手续；三是追责2人。",
        "（1）清点库存。（2）补办手续。（3）追责2人。",
        "①清点库存；②补办手续；③追责2人",
        "1.清点库存。2.补办手续。3.追责2人。",
        "第一，清点库存。第二，补办手续。第三，追责2人。",
    ],
)
def test_steps_are_parted_wherever_they_are_counted(answer: str) -> None:
    assert [measure.text for measure in propose([answer])] == ["清点库存", "补办手续", "追责2人"]


def test_steps_on_lines_of_their_own_lose_only_their_number() -> None:
    assert [measure.text for measure in propose(["1.清点库存。", "（二）补办手续；", "三是追责2人"])] == [
        "清点库存",
        "补办手续",
        "追责2人",
    ]


def test_a_quoted_semicolon_parts_nothing() -> None:
    assert len(propose(["张贴“清库存；补手续；严追责”标语。"])) == 1


def test_status_fields_and_outcomes_are_no_steps() -> None:
    answer = ["责任部门：财务科", "清点库存。", "该问题已完成整改。", "整改成效：账物相符。", "群众满意。"]
    assert [measure.text for measure in propose(answer)] == ["清点库存"]


@pytest.mark.parametrize(
    ("text", "track"),
    [
        ("立即清点库存", "immediate"),
        ("目前已清点库存", "immediate"),
        ("修订《库存管理办法》", "institutional"),
        ("建立健全库存管理机制", "institutional"),
        ("预计于X月份完成清点", "time_limited"),
        ("2024年6月30日前完成清点", "time_limited"),
        ("清点库存", None),
        ("规范库存管理行为", None),
    ],
)
def test_a_track_is_proposed_by_words(text: str, track: str | None) -> None:
    assert only(text)[0] == track


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("2024年6月30日前完成清点", "2024-06-30"),
        ("计划于2024年6月底完成清点", "2024-06-30"),
        ("2024年2月底前完成清点", "2024-02-29"),
        ("力争2024年底前完成清点", "2024-12-31"),
        ("2024-06-30前完成清点", "2024-06-30"),
        ("6月底前完成清点", None),
        ("年底前完成清点", None),
        ("预计于X月份完成", None),
        ("2024年X月底前完成", None),
        ("2024年2月30日前完成", None),
        ("2024717日前完成", None),
        ("2024年3月5日召开会议", None),
        ("已于2024年3月5日前清点", None),
        ("截至2024年3月5日前清点2次", None),
        ("2024年6月前完成清点", None),
    ],
)
def test_a_deadline_is_only_ever_a_date_the_words_give(text: str, deadline: str | None) -> None:
    assert only(text)[1] == deadline


def test_the_deadline_of_a_field_holds_for_every_step() -> None:
    measures = propose(["整改时限：2024年8月底", "清点库存；补办手续。"])
    assert [measure.deadline for measure in measures] == ["2024-08-31", "2024-08-31"]


def test_a_field_inside_a_paragraph_ends_the_step_before_it() -> None:
    measures = propose(["修订议事规则；开展培训。完成时限：2024年5月底。责任人：甲同志。"])
    assert [(measure.text, measure.deadline) for measure in measures] == [
        ("修订议事规则", "2024-05-31"),
        ("开展培训", "2024-05-31"),
    ]


@pytest.mark.parametrize(
    ("text", "period", "times"),
    [
        ("每月召开例会", "month", None),
        ("每月检查两次", "month", 2),
        ("一个月至少开展两次评定", "month", 2),
        ("每一季度考核一次", "quarter", 1),
        ("每季度不少于3次", "quarter", 3),
        ("半年至少考核1次", "half_year", 1),
        ("坚持工地周例会制度", "week", None),
        ("每日清扫两次", "day", 2),
        ("每年开展轮训", "year", None),
        ("每半月调度一次", "half_month", 1),
    ],
)
def test_a_cadence_keeps_its_count(text: str, period: str, times: int | None) -> None:
    cadence = only(text)[2]
    assert cadence is not None
    assert (cadence.period, cadence.times) == (period, times)


def test_the_words_seen_are_given_for_a_person_to_judge() -> None:
    [measure] = propose(["目前已修订《库存管理办法》，计划于2024年6月30日前印发，长期坚持，每月至少检查两次"])
    for word in ("目前已", "修订《库存管理办法》", "计划于", "2024年6月30日", "长期坚持", "每月", "至少检查两次"):
        assert word in measure.words
