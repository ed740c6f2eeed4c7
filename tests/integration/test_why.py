"""Why something came or did not come: every answer from what was recorded, also a year later."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from office import Office, instant
from sqlalchemy.exc import DatabaseError
from terminal import Terminal

import config
from desk.why import Answer, Finding, Question, sentence, why
from engine.editions import LADDER, publish
from notifications.messages import Messages

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
A_YEAR_LATER = "2027-09-01 09:00"
MONDAY, FRIDAY, SATURDAY = "2026-06-08", "2026-06-12", "2026-06-13"


def ask(office: Office, who: str, problem: int, day: str, asked: str = A_YEAR_LATER) -> Answer:
    return why(office.house.desk, Question(office.people[who], problem, date.fromisoformat(day)), instant(asked))


def words_of(office: Office, who: str, problem: int, day: str, asked: str = A_YEAR_LATER) -> set[str]:
    """The reason words of an answer; each has a sentence without an empty blank."""
    found = ask(office, who, problem, day, asked).findings
    assert found
    assert all("{" not in sentence(office.house.desk.words, one) for one in found)
    return {one.word for one in found}


def the(findings: Iterable[Finding], word: str) -> Finding:
    return next(one for one in findings if one.word == word)


def begun(office: Office, due: str = "2026-07-10") -> int:
    """A problem begun on Monday 1 June with one measure; what its beginning told has gone out."""
    problem = office.problem_in_work(due=due)
    office.beat()
    return problem


def test_what_was_sent_names_envelope_channel_rule_and_role(office: Office) -> None:
    problem = begun(office)
    office.at(f"{MONDAY} 09:00").beat()

    answer = ask(office, "officer", problem, MONDAY)

    [sent] = [one for one in answer.findings if one.word == "sent"]
    assert sent.heard is not None
    assert (sent.heard.step, sent.heard.nth, sent.heard.role) == ("weekly_5_3_1.weekly", 1, "officer")
    assert sent.blanks["at"] == f"{MONDAY} 09:00"
    assert "【销号】" in sentence(office.house.desk.words, sent)
    assert (answer.basis.workday, answer.basis.edition) == (True, 1)


def test_a_dead_letter_tells_its_reason(office: Office) -> None:
    problem = begun(office)
    office.at(f"{MONDAY} 09:00").beat()
    office.write("UPDATE envelope SET state = 'dead', error = 'address_refused: 550' WHERE channel = 'folder'")

    dead = the(ask(office, "officer", problem, MONDAY).findings, "dead")

    assert "收件地址被拒收" in sentence(office.house.desk.words, dead)


def test_without_an_address_only_the_inbox_is_named(office: Office) -> None:
    problem = begun(office)
    office.at(f"{MONDAY} 09:00")
    office.house = replace(office.house, settings=office.house.settings.model_copy(update={"remote": ()}))
    office.beat()

    assert {"sent", "no_address"} <= words_of(office, "officer", problem, MONDAY)


@pytest.mark.row(12)
def test_a_weekend_a_holiday_and_the_evening_are_told_apart(office: Office) -> None:
    problem = office.problem_in_work(due="2026-06-16")
    office.beat()
    office.at(f"{SATURDAY} 09:00").beat()
    office.at("2026-06-15 08:40").beat()
    evening = office.problem_in_work(number="2", due="2026-06-26")
    office.at("2026-06-18 18:00").sweep()
    office.at("2026-06-19 09:00").beat()
    office.at("2026-06-22 09:00").beat()

    weekend = the(ask(office, "officer", problem, SATURDAY).findings, "weekend")
    assert "已并入 2026-06-15 的通知" in sentence(office.house.desk.words, weekend)
    assert weekend.heard is not None
    assert weekend.heard.step == "weekly_5_3_1.three_days"
    # 19 June 2026 is the Dragon Boat holiday.
    assert "holiday" in words_of(office, "officer", evening, "2026-06-19")


def test_what_arises_after_hours_waits_for_the_morning(office: Office) -> None:
    office.at("2026-06-01 18:30")
    problem = office.problem_in_work(due="2026-07-10")
    office.beat()
    office.at("2026-06-02 09:00").beat()

    found = ask(office, "officer", problem, "2026-06-01").findings

    assert {one.word for one in found if one.heard} == {"outside_hours"}
    assert "08:30—17:30" in sentence(office.house.desk.words, found[0])


def test_what_arises_after_the_days_digest_is_merged_into_the_next(office: Office) -> None:
    begun(office)
    second = office.problem_in_work(number="2", due="2026-07-20")
    office.at("2026-06-01 15:00").beat()
    office.at("2026-06-02 09:00").beat()

    merged = the(ask(office, "officer", second, "2026-06-01").findings, "merged")

    assert "已并入 2026-06-02 的通知" in merged.blanks["until"]


def test_a_lower_step_is_superseded_by_name(office: Office) -> None:
    problem = begun(office, due="2026-06-19")
    office.at("2026-06-18 09:00").beat()

    found = ask(office, "officer", problem, "2026-06-18").findings

    assert {"sent", "higher_step"} <= {one.word for one in found}
    assert "距到期一天" in the(found, "higher_step").blanks["by"]


@pytest.mark.row(1)
def test_a_server_that_was_down_is_told_with_its_hours(office: Office) -> None:
    problem = begun(office)
    office.at("2026-06-10 09:00").beat()

    down = the(ask(office, "officer", problem, MONDAY).findings, "server_down")

    assert (down.blanks["since"], down.blanks["until"]) == ("2026-06-01 09:00", "2026-06-10 09:00")


def test_a_matter_done_before_its_message_left_was_dropped(office: Office) -> None:
    problem = begun(office)
    office.at(f"{SATURDAY} 09:00")
    [measure] = office.measures(problem)
    second = office.adds_measure(problem, due="2026-06-16")
    office.sweep()
    office.finishes(second)
    office.at("2026-06-15 09:00").beat()

    assert "dropped" in {one.word for one in ask(office, "officer", problem, "2026-06-15").findings}
    assert measure != second


def test_a_text_that_cannot_be_made_is_told_with_its_error(office: Office) -> None:
    problem = begun(office)
    whole = office.house
    broken = dict.fromkeys(whole.messages.templates, "{{ missing.word }}")
    office.house = replace(whole, messages=Messages.parse(broken))
    office.at(f"{MONDAY} 09:00").beat()
    office.house = whole
    office.at("2026-06-09 09:00").beat()

    held = the(ask(office, "officer", problem, MONDAY).findings, "no_text")

    assert "missing" in held.blanks["detail"]
    assert "sent" in words_of(office, "officer", problem, "2026-06-09")


def test_a_quiet_day_names_the_last_and_the_next_step(office: Office) -> None:
    problem = begun(office)
    office.at(f"{MONDAY} 09:00").beat()

    quiet = ask(office, "officer", problem, "2026-06-10", "2026-06-10 10:00").findings
    measure = office.measures(problem)[0]

    [found] = [one for one in quiet if one.case_id == measure]
    assert found.word == "no_step"
    assert (found.blanks["last"][:10], found.blanks["next"][:10]) == (MONDAY, "2026-06-15")


def test_afterwards_the_next_step_is_the_one_that_really_came(office: Office) -> None:
    problem = begun(office)
    for day in ("2026-06-08", "2026-06-15"):
        office.at(f"{day} 09:00").beat()

    [found] = [one for one in ask(office, "officer", problem, "2026-06-10").findings if one.word == "no_step"]

    assert found.blanks["next"][:10] == "2026-06-15"


def test_who_has_no_part_in_it_is_told_who_had(office: Office) -> None:
    problem = begun(office)
    office.at(f"{MONDAY} 09:00").beat()

    found = ask(office, "accountant", problem, MONDAY).findings

    assert [one.word for one in found] == ["other_role", "not_responsible"]
    assert "officer同志" in found[0].blanks["names"]
    assert "lead同志" in found[1].blanks["holders"]
    assert words_of(office, "outsider", problem, MONDAY) == {"other_role", "not_responsible"}


def test_done_no_deadline_not_opened_and_quiet_states_are_told_apart(office: Office) -> None:
    problem = office.opens_problem()
    assert words_of(office, "head", problem, "2026-06-01") == {"no_deadline"}
    assert words_of(office, "head", problem, "2026-05-29") == {"not_opened"}

    office.do("confirm", problem, "coordinator")
    office.assigns(problem, due="2026-06-30")
    measure = office.adds_measure(problem, due="2026-06-30")
    office.do("begin", problem, "coordinator")
    office.at("2026-06-03 09:00").finishes(measure)
    office.beat()
    assert words_of(office, "lead", problem, "2026-06-04", "2026-06-04 23:00") == {"quiet_state"}
    office.signs_up_to_meeting(problem)
    office.on_paper("decide", problem, "head")
    office.beat()

    assert words_of(office, "officer", problem, "2026-06-04") == {"matter_done"}


def test_a_leaver_and_a_day_to_come_have_their_own_words(office: Office) -> None:
    problem = begun(office)
    office.leaves("officer", "2026-06-03")

    assert words_of(office, "officer", problem, "2026-06-04") == {"left_office"}
    assert words_of(office, "officer", problem, "2028-01-01") == {"in_future"}


@pytest.mark.row(9)
def test_a_case_set_aside_says_since_when(office: Office) -> None:
    problem = begun(office)
    [measure] = office.measures(problem)
    at = instant(f"{MONDAY} 08:30")
    office.write(f"INSERT INTO quarantine (case_id, at, error) VALUES ({measure}, {at}, 'bad row')")
    office.write(f"UPDATE cases SET next_alert_at = NULL WHERE id = {measure}")
    office.at(f"{MONDAY} 09:00").beat()

    aside = the(ask(office, "officer", problem, MONDAY).findings, "quarantined")

    assert (aside.case_id, aside.blanks["at"]) == (measure, "2026-06-08 08:30")


def test_the_answer_keeps_to_the_ladder_of_that_day(office: Office) -> None:
    """A new edition of the ladder, in force a week later, must not change what last week's silence meant."""
    problem = begun(office)
    office.at(f"{MONDAY} 09:00").beat()
    before = ask(office, "officer", problem, MONDAY)
    changed = config.ladders()["weekly_5_3_1"].replace('每周提醒"', '每周一提"')
    with office.database.begin() as tx:
        publish(tx, LADDER, "weekly_5_3_1", changed)
    office.at("2026-06-15 09:00").beat()

    [monday] = [one for one in ask(office, "officer", problem, MONDAY).findings if one.word == "sent"]
    [later] = [one for one in ask(office, "officer", problem, "2026-06-15").findings if one.word == "sent"]

    assert [monday] == [one for one in before.findings if one.word == "sent"]
    assert monday.heard
    assert later.heard
    assert (monday.heard.label["zh"], later.heard.label["zh"]) == ("每周提醒", "每周一提")


def test_what_was_kept_back_and_when_it_beat_cannot_be_changed(office: Office) -> None:
    begun(office)
    office.problem_in_work(number="2")
    office.at("2026-06-01 15:00").beat()

    for statement in (
        "UPDATE withheld SET reason = 'matter_done'",
        "DELETE FROM withheld",
        "DELETE FROM beat",
        "UPDATE beat SET first_at = 0",
        "UPDATE beat SET last_at = last_at - 1",
    ):
        before = office.everything()
        with pytest.raises(DatabaseError, match=r"append-only|only grows|never deleted"):
            office.write(statement)
        assert office.everything() == before


def test_waiting_lines_are_written_down_once(office: Office) -> None:
    begun(office)
    office.problem_in_work(number="2")
    for minute in range(3):
        office.at(f"2026-06-01 15:0{minute}").beat()

    kept = office.rows("withheld")

    assert kept
    assert {(row.reason, row.at) for row in kept} == {("already_today", instant("2026-06-01 15:00"))}


@ON_SQLITE
def test_the_command_tells_it_in_sentences(office: Office) -> None:
    begun(office)
    office.at(f"{MONDAY} 09:00").beat()
    terminal = Terminal(office.house.settings.data)
    where = ("--database", office.database.url)

    told = terminal.ok("why", "--person", "officer", "--problem", "1", "--day", MONDAY, *where)

    assert "已发出：2026-06-08 09:00 通过邮件文件夹" in told
    assert "依据：《每周提醒、到期前五三一》第 1 版“每周提醒”第 1 次，应发日 2026-06-08，对象是经办人。" in told
    assert "当天是工作日（2026年工作日历第 1 版）。" in told
    assert "不是日期" in terminal.run("why", "--person", "officer", "--problem", "1", "--day", "8", *where).err
