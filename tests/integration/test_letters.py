"""Letters: sent once per step, numbered without a gap, answered or climbing; instructions become tasks."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from office import Office
from terminal import Terminal

from desk.letters import letter_facts
from engine.sweep import sweep
from engine.writing import wake
from workflows.letters import letter_number

PREFIXES = {"督办单": "柳街督"}
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def overdue(office: Office, *, number: str = "1", **people: object) -> int:
    """A problem on the ladder that sends a letter on the first day overdue, which is 2 July."""
    office.settings(ladder="jiangjin", number_prefixes=PREFIXES)
    problem = office.problem_in_work(number=number, due="2026-07-01", **people)
    office.at("2026-07-02 09:00")
    return problem


def letters(office: Office) -> list[int]:
    return [row.id for row in office.rows("cases", kind="letter")]


def numbers(office: Office) -> list[str]:
    return [letter_number(office.fields(one)) for one in letters(office)]


@pytest.mark.row(2)
def test_a_step_sends_one_letter_about_the_whole_matter_however_often_it_is_swept(office: Office) -> None:
    problem = overdue(office)
    for _ in range(3):
        office.sweep()
        with office.database.begin() as tx:
            wake(tx, office.organizations["street"], office.now)
    office.after(30).sweep()

    [letter] = letters(office)
    fields = office.fields(letter)
    assert (office.case(letter).parent_id, office.case(letter).root_id) == (problem, problem)
    assert letter_number(fields) == "柳街督〔2026〕1号"
    assert (fields["form"], fields["step"], fields["grounds"]) == ("督办单", "jiangjin.red", "红色督办函")
    # Five working days from Thursday 2 July.
    assert office.case(letter).due_on == "2026-07-09"
    assert office.breaks() == []


@pytest.mark.row(6)
def test_four_sweepers_send_one_letter(office: Office) -> None:
    overdue(office)
    runtime = office.house.runtime

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: sweep(office.database, runtime, office.now), range(4)))

    assert numbers(office) == ["柳街督〔2026〕1号"]


@pytest.mark.row(4)
def test_after_downtime_the_letter_still_goes_out_though_its_step_was_superseded(office: Office) -> None:
    problem = overdue(office)
    office.at("2026-07-20 09:00").sweep()

    assert office.steps(problem) == ["overdue_weekly 2"] * 4
    assert len(letters(office)) == 1


@pytest.mark.row(35)
def test_letters_of_many_problems_are_numbered_without_a_gap(office: Office) -> None:
    office.settings(ladder="jiangjin", number_prefixes=PREFIXES)
    problems = office.many_problems(20, due="2026-07-01")
    office.at("2026-07-02 09:00")
    refused = {"form": "督办单", "due_on": "not a date"}
    with ThreadPoolExecutor(4) as pool:
        tries = [office.opening("letter", "coordinator", parent=one, **refused) for one in problems]
        list(pool.map(office.send, tries))
        list(pool.map(lambda _: sweep(office.database, office.house.runtime, office.now), range(4)))

    assert sorted(numbers(office)) == sorted(f"柳街督〔2026〕{n}号" for n in range(1, 21))
    assert [row.value for row in office.rows("number", series="督办单")] == [20]


@pytest.mark.row(9)
def test_a_measure_that_is_late_before_its_problem_has_a_deadline_gets_its_letter(office: Office) -> None:
    """The letter was refused, the reminder with it, and the sweep went round for ever."""
    office.settings(ladder="jiangjin", number_prefixes=PREFIXES)
    problem = office.opens_problem()
    office.do("confirm", problem, "coordinator")
    measure = office.adds_measure(problem, due="2026-07-01")

    swept = office.at("2026-07-02 09:00").sweep()

    assert (swept.fired, swept.quarantined, numbers(office)) == (1, (), ["柳街督〔2026〕1号"])
    assert "officer" in office.told_of(measure)
    [letter] = office.rows("cases", kind="letter")
    with office.look() as tx:
        view = office.house.runtime.view(tx)
        about = letter_facts(view, view.case(letter.id), office.house.desk.words).problem
    assert about == "（1）台账不实。尚未完成的措施有："
    by_hand = {"parent": problem, "form": "督办单", "due_on": "2026-07-09"}
    [outcome] = office.send(office.opening("letter", "coordinator", **by_hand))
    assert outcome.refusal
    assert outcome.refusal.word == "not_in_work"


def test_each_form_and_year_counts_from_one_and_an_old_number_keeps_its_prefix(office: Office) -> None:
    problem = overdue(office)
    office.open("letter", "coordinator", parent=problem, form="提醒单", due_on="2026-07-09")
    office.settings(number_prefixes={"提醒单": "柳街提"})
    office.open("letter", "coordinator", parent=problem, form="提醒单", due_on="2026-07-09")
    office.at("2027-01-04 09:00")
    office.open("letter", "coordinator", parent=problem, form="提醒单", due_on="2027-01-09")

    assert numbers(office) == ["提醒〔2026〕1号", "柳街提〔2026〕2号", "柳街提〔2027〕1号"]


def test_who_owes_the_answer_hears_first_and_then_the_next_one_up(office: Office) -> None:
    overdue(office)
    office.sweep()
    [letter] = letters(office)
    told = {"officer", "civil_head", "lead"}
    assert set(office.keys_of([row.person_id for row in office.rows("line", case_id=letter)])) == told

    heard = []
    for day in ("2026-07-08", "2026-07-10", "2026-07-12", "2026-07-16"):
        office.at(f"{day} 09:00").sweep()
        heard.append(office.told_of(letter))
    assert heard == [
        {"officer"},
        {"officer", "civil_head"},
        {"officer", "civil_head", "lead"},
        {"officer", "civil_head", "lead", "head"},
    ]

    office.do("answer", letter, "civil_head", answer="正在招标")
    office.after(60).sweep()
    assert office.steps(office.case(letter).root_id).count("to_head 1") == 1
    assert office.case(letter).next_alert_at is None


def test_a_letter_is_received_answered_returned_and_closed(office: Office) -> None:
    problem = overdue(office)
    office.sweep()
    [letter] = letters(office)

    assert office.refusal("receive", letter, "accountant") == "not_yours"
    assert office.refusal("answer", letter, "outsider", answer="x") == "not_yours"
    office.do("receive", letter, "officer")
    office.do("answer", letter, "civil_head", answer="已开标")
    assert office.refusal("close", letter, "civil_head") == "not_yours"
    office.do("return", letter, "coordinator", reason="请写明完成日期", due_on="2026-07-20")
    assert (office.state(letter), office.case(letter).due_on) == ("received", "2026-07-20")
    assert office.case(letter).next_alert_at is not None
    office.do("answer", letter, "officer", answer="7月底完成")
    office.do("close", letter, "coordinator")

    fields = office.fields(letter)
    assert fields["received_by"] == office.people["officer"]
    assert (fields["answer"], fields["closed_on"]) == ("7月底完成", "2026-07-02")
    assert office.actions(problem)[-5:] == ["receive", "answer", "return", "answer", "close"]
    assert office.breaks() == []


def test_on_paper_the_coordinator_records_who_received_answered_and_instructed(office: Office) -> None:
    problem = overdue(office)
    letter = office.open("letter", "coordinator", parent=problem, form="督办单", due_on="2026-07-09")
    office.on_paper("receive", letter, "civil_head")
    task = {"text": "请抓紧", "officer": office.people["officer"], "due_on": "2026-07-08"}
    assert office.refusal("instruct", letter, "coordinator", **task) == "not_yours"
    [instruction] = office.on_paper("instruct", letter, "head", **task).opened
    office.on_paper("answer", letter, "civil_head", answer="已开标")

    assert office.fields(letter)["answered_by"] == office.people["civil_head"]
    assert office.fields(instruction)["given_by"] == office.people["head"]
    entry = office.rows("history", case_id=instruction)[0]
    assert (entry.actor, entry.signer) == (office.actor("coordinator"), office.actor("head"))


def test_an_instruction_is_a_task_with_its_own_officer_deadline_reminders_and_answer(office: Office) -> None:
    problem = overdue(office)
    letter = office.open("letter", "coordinator", parent=problem, form="督办单", due_on="2026-07-31")
    task = {"text": "请分管领导带队督办。", "officer": office.people["colleague"], "due_on": "2026-07-10"}
    for who in ("coordinator", "civil_head", "officer", "auditor"):
        assert office.refusal("instruct", letter, who, **task) == "not_yours"
    [instruction] = office.do("instruct", letter, "head", **task).opened

    office.at("2026-07-09 09:00").sweep()
    assert office.told_of(instruction) == {"colleague"}
    office.at("2026-07-17 09:00").sweep()
    assert office.told_of(instruction) == {"colleague", "civil_head", "lead", "head"}
    office.do("answer", letter, "civil_head", answer="已办理")
    assert office.refusal("close", letter, "coordinator") == "instructions_open"
    office.do("answer", instruction, "colleague", answer="已督办到位")
    office.do("close", instruction, "head")
    office.do("close", letter, "coordinator")
    assert office.refusal("close", instruction, "head") == "wrong_state"
    assert office.refusal("instruct", letter, "head", **task) == "wrong_state"


def test_while_a_letter_stands_no_second_one_of_its_form_goes_out(office: Office) -> None:
    overdue(office)
    office.sweep()
    [letter] = letters(office)
    office.settings(ladder="ratio_30_15", number_prefixes={"红色督办单": "柳街督"})
    with office.database.begin() as tx:
        wake(tx, office.organizations["street"], office.now)
    office.sweep()

    forms = sorted(office.fields(one)["form"] for one in letters(office))
    assert forms == ["橙色督办单", "督办单", "红色督办单"]
    assert letter in letters(office)


@pytest.mark.row(23)
def test_a_closed_problem_takes_its_letters_and_instructions_with_it(office: Office) -> None:
    problem = office.signed_problem()
    letter = office.open("letter", "coordinator", parent=problem, form="督办单", due_on=office.day(5))
    task = {"text": "请抓紧", "officer": office.people["officer"], "due_on": office.day(3)}
    [instruction] = office.do("instruct", letter, "head", **task).opened
    office.on_paper("decide", problem, "head")

    assert {office.state(letter), office.state(instruction)} == {"closed"}
    assert office.refusal("lapse", letter, "coordinator") == "not_yours"
    office.after(60).sweep()
    assert office.told_of(letter) | office.told_of(instruction) == set()
    office.do("relapse", problem, "coordinator", finding="又不更新")
    assert office.state(problem) == "assignment"


def test_a_final_date_is_told_in_letter_and_reminder_and_the_deadline_stays(office: Office) -> None:
    office.settings(ladder="five_letters")
    problem = office.problem_in_work(due="2026-07-01")
    office.at("2026-07-02 09:00").sweep()
    [letter] = letters(office)
    assert office.fields(letter)["final_on"] == "2026-07-16"
    assert office.case(problem).due_on == "2026-07-01"
    assert office.said(problem, "alert")[-1]["finals"] == {"five_letters.admonition": "2026-07-16"}

    office.beat()
    assert "最迟于7月16日办结" in office.inbox("officer")[-1].body
    office.at("2026-07-16 09:00").sweep()
    assert not [one for one in office.steps(problem) if one.startswith("accountability")]
    office.at("2026-07-17 09:00").sweep()
    assert "accountability 1" in office.steps(problem)
    assert [office.fields(one)["form"] for one in letters(office)] == ["告诫单", "问责单"]


@pytest.mark.row(19)
def test_after_a_relapse_the_ladder_starts_higher(office: Office) -> None:
    office.settings(ladder="jiangjin")
    problem = office.relapsed_problem()
    office.assigns(problem, due="2026-08-01")
    office.at("2026-07-12 09:00").sweep()

    [said] = office.said(problem, "alert")
    assert [row[:3] for row in said["due"]] == [["jiangjin.green", 1, "lead_official"]]
    [line] = office.rows("line", rule="reminder", case_id=problem)
    assert '"colour":"yellow"' in line.params


@pytest.mark.row(21)
def test_the_most_specific_ladder_holds_and_changing_it_wakes_the_problem(office: Office) -> None:
    problem = office.problem_in_work(due="2026-07-01")
    other = office.problem_in_work(number="2", due="2026-07-01")
    [measure] = office.measures(problem)
    assert office.refusal("choose_ladder", problem, "coordinator", ladder="jiangjing") == "no_such_ladder"
    assert office.refusal("choose_ladder", problem, "coordinator", ladder="unanswered_letters") == "no_such_ladder"
    assert office.refusal("choose_ladder", problem, "head", ladder="jiangjin") == "not_yours"
    office.do("choose_ladder", office.inspection, "coordinator", ladder="last_three_days")
    office.do("choose_ladder", problem, "coordinator", ladder="jiangjin")
    assert office.case(measure).next_alert_at == office.now

    office.at("2026-06-28 09:00").sweep()
    assert {one.split()[0] for one in office.steps(problem)} == {"yellow"}
    assert {row[0] for said in office.said(problem, "alert") for row in said["due"]} == {"jiangjin.yellow"}
    assert {row[0] for said in office.said(other, "alert") for row in said["due"]} == {"last_three_days.yellow"}
    office.do("choose_ladder", problem, "coordinator")
    office.do("choose_ladder", office.inspection, "coordinator")
    office.sweep()
    assert {row[0] for row in office.said(other, "alert")[-1]["due"]} == {"weekly_5_3_1.three_days"}
    assert office.breaks() == []


@ON_SQLITE
@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
def test_the_command_line_takes_a_letter_through_its_life(office: Office, suffix: str) -> None:
    overdue(office)
    office.sweep()
    terminal = Terminal(office.house.settings.data)
    where = ("--database", office.database.url)
    number = "柳街督[2026]1"
    with time_machine.travel(office.now, tick=False):
        assert "柳街督〔2026〕1号　督办单　（1）台账不实　社会事务办　2026-07-09前回复" in terminal.ok(
            "letter", "list", "--open", *where
        )
        terminal.ok("letter", "print", number, "-o", f"letter{suffix}", *where)
        assert "没有编号为“青街督〔2026〕9号”的单据" in terminal.no("letter", "show", "青街督〔2026〕9号", *where)
        terminal.ok("letter", "receive", number, "--as", "officer", *where)
        task = ("请抓紧", "--to", "colleague", "--due", "2026-07-08")
        assert "您没有这个权限" in terminal.no("letter", "instruct", number, *task, "--as", "officer", *where)
        terminal.ok("letter", "instruct", number, *task, "--as", "head", *where)
        terminal.ok("letter", "answer", number, "已开标", "--as", "civil_head", *where)
        assert "还有 1 条批示没有回复" in terminal.no("letter", "close", number, "--as", "coordinator", *where)
        terminal.ok("letter", "answer", number, "已督办", "--instruction", "1", "--as", "colleague", *where)
        terminal.ok("letter", "close", number, "--as", "coordinator", *where)
        shown = terminal.ok("letter", "show", number, *where)
        assert "没有这样的单据" in terminal.ok("letter", "list", "--open", *where)
        issued = terminal.ok("letter", "issue", "1", "--due", "2026-07-20", "--as", "coordinator", *where)

    assert "督办单 柳街督〔2026〕1号　已办结" in shown
    assert "批示 1：head同志：“请抓紧”　承办：colleague同志　2026-07-08前　已回复" in shown
    assert "柳街督〔2026〕2号" in issued
    assert (office.house.settings.data / f"letter{suffix}").stat().st_size > 5000


WAITS = {"waiting_for": "区财政评审", "reason": "预算待批"}


@pytest.mark.row(18)
def test_a_letter_and_its_instruction_wait_with_their_problem_and_go_on_with_it(office: Office) -> None:
    problem = overdue(office)
    letter = office.open("letter", "coordinator", parent=problem, form="督办单", due_on="2026-07-09")
    task = {"text": "请抓紧", "officer": office.people["colleague"], "due_on": "2026-07-08"}
    [instruction] = office.do("instruct", letter, "head", **task).opened
    office.at("2026-07-06 09:00").do("pause", problem, "coordinator", **WAITS)

    assert office.case(letter).next_alert_at is office.case(instruction).next_alert_at is None
    office.at("2026-08-05 09:00").beat()
    assert office.told_of(letter) | office.told_of(instruction) == set()
    assert office.told_of(problem) <= {"coordinator", "second_coordinator"}
    by_hand = office.opening("letter", "coordinator", parent=problem, form="提醒单", due_on="2026-08-20")
    assert office.send(by_hand)[0].refusal.word == "paused"

    office.do("resume", problem, "coordinator")
    assert (office.case(letter).due_on, office.case(instruction).due_on) == ("2026-08-08", "2026-08-07")
    office.sweep()
    assert "unanswered 1" not in office.steps(problem)
    office.at("2026-08-10 09:00").sweep()
    assert office.told_of(letter) == {"officer", "civil_head"}
    assert office.breaks() == []


def test_a_paused_letter_may_be_answered_and_is_then_no_longer_paused(office: Office) -> None:
    problem = overdue(office)
    letter = office.open("letter", "coordinator", parent=problem, form="督办单", due_on="2026-07-09")
    office.after(1).do("pause", problem, "coordinator", **WAITS)
    office.after(9).do("answer", letter, "officer", answer="等评审结果")
    again = {"reason": "请写明日期", "due_on": "2026-08-20"}
    assert office.refusal("return", letter, "coordinator", **again) == "paused"

    office.after(1).do("resume", problem, "coordinator")
    office.do("return", letter, "coordinator", **again)
    assert office.case(letter).due_on == "2026-08-20"
    assert office.breaks() == []


@ON_SQLITE
def test_the_list_says_that_a_letter_waits_and_does_not_call_it_late(office: Office) -> None:
    problem = overdue(office)
    office.open("letter", "coordinator", parent=problem, form="督办单", due_on="2026-07-09")
    office.after(1).do("pause", problem, "coordinator", **WAITS)
    terminal = Terminal(office.house.settings.data)
    with time_machine.travel(office.after(30).now, tick=False):
        told = terminal.ok("letter", "list", "--open", "--database", office.database.url)
    assert "待签收（随问题暂停）" in told
    assert "逾期未回复" not in told


def climbing(office: Office) -> tuple[int, int]:
    """A problem on the ladder whose blue slip climbs unless it is answered within ten days; with its blue slip."""
    office.settings(ladder="sanming")
    problem = office.problem_in_work(due="2026-08-31")
    office.at("2026-07-20 09:00").sweep()
    [blue] = letters(office)
    assert office.fields(blue)["form"] == "蓝色督办单"
    return problem, blue


def orange(office: Office, problem: int) -> bool:
    return "orange_unanswered 1" in office.steps(problem)


def test_only_the_answer_to_a_letter_stops_its_climbing_not_work_meanwhile(office: Office) -> None:
    problem, _ = climbing(office)
    office.do("progress", office.measures(problem)[0], "officer", text="正在清理")
    office.at("2026-07-31 09:00").sweep()
    assert orange(office, problem)


def test_an_answered_letter_does_not_climb_and_one_returned_is_awaited_anew(office: Office) -> None:
    problem, blue = climbing(office)
    office.do("answer", blue, "officer", answer="已安排")
    office.at("2026-08-03 09:00").sweep()
    assert not orange(office, problem)

    office.do("return", blue, "coordinator", reason="请写明日期", due_on="2026-08-10")
    office.sweep()
    assert not orange(office, problem)
    office.at("2026-08-12 09:00").sweep()
    assert not orange(office, problem)
    office.at("2026-08-13 09:00").sweep()
    assert orange(office, problem)


@pytest.mark.row(18)
def test_the_wait_for_an_answer_leaves_paused_days_out(office: Office) -> None:
    problem, _ = climbing(office)
    office.at("2026-07-25 09:00").do("pause", problem, "coordinator", **WAITS)
    office.at("2026-08-24 09:00").do("resume", problem, "coordinator")
    office.sweep()
    assert not orange(office, problem)
    office.at("2026-08-28 09:00").sweep()
    assert not orange(office, problem)
    office.at("2026-08-29 09:00").sweep()
    assert orange(office, problem)


def test_a_reminder_of_a_letter_says_what_the_letter_is_about(office: Office) -> None:
    problem = overdue(office)
    letter = office.open("letter", "coordinator", parent=problem, form="督办单", due_on="2026-07-09")
    task = {"text": "请抓紧。", "officer": office.people["colleague"], "due_on": "2026-07-09"}
    office.do("instruct", letter, "head", **task)
    office.beat()
    office.at("2026-07-08 09:00").beat()
    about = "（1）台账不实，督办单（柳街督〔2026〕1号）的办理回复：7月9日前请点“办理回复”。"
    assert about in office.inbox("officer")[-1].body
    assert "（1）台账不实，批示“请抓紧”的办理回复：7月9日前请点“办理回复”。" in office.inbox("colleague")[-1].body
