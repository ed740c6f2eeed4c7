"""Who is told what in a life, and that every message can be put into words from the facts of its moment."""

import json
from datetime import date, datetime

import pytest

from engine.commands import ALERT, Command
from engine.sweep import SWEEPER
from notifications.messages import Messages
from workflows import rectification


class Post:
    """Collects the lines of the office and words each as it would be worded if it were packed at once."""

    def __init__(self, office):
        self.office = office
        self.messages = Messages.parse(rectification.family().messages)
        self.seen = set()
        self.said = {}

    def collect(self):
        """What has been told since the last time: (template, who) → the sentence."""
        new = [row for row in self.office.rows("SELECT * FROM line ORDER BY key") if row["key"] not in self.seen]
        refs = [(row["key"], row["case_id"], row["rule"], json.loads(row["params"])) for row in new]
        with self.office.database.read() as tx:
            facts = rectification.family().describe(self.office.runtime.view(tx), refs)
        names = {number: key for key, number in self.office.people.items()}
        told = {}
        for row in new:
            self.seen.add(row["key"])
            if facts[row["key"]] is not None:
                told[row["rule"], names[row["person_id"]]] = self._worded(row["rule"], facts[row["key"]])
        self.said |= told
        return told

    def _worded(self, rule, facts):
        due_on = facts["due_on"]
        left = (date.fromisoformat(due_on) - date.fromisoformat(self.office.today)).days if due_on else None
        return self.messages.line_text(rule, {**facts, "today": self.office.today, "days_left": left})


@pytest.fixture
def post(office):
    office.issue_plan()
    return Post(office)


def at_opening(day):
    return int(datetime.fromisoformat(f"{day} 08:30+08:00").timestamp())


def who(told, template):
    return {key for rule, key in told if rule == template}


def test_a_new_measure_reaches_its_officer(office, post):
    problem = office.assigned_problem()
    assert who(post.collect(), "assigned") == {"leader", "chief"}
    office.add_measure(problem)
    told = post.collect()
    assert who(told, "measure_given") == {"officer"}
    assert "示例措施" in told["measure_given", "officer"]


def test_who_did_it_is_not_told(office, post):
    problem, (measure,) = office.problem_in_work()
    office.do(measure, "hand_over", "coordinator", to=office.people["chief"], reason="科长主办")
    post.collect()
    office.do(measure, "submit", "chief", result="办结")
    assert who(post.collect(), "submitted") == set()
    assert office.case(problem).state == "immediate_fix"


def test_the_next_signer_is_told_and_who_must_step_aside_is_not(office, post):
    problem, (measure,) = office.problem_in_work()
    office.file_evidence(problem, by="chief")
    office.do(measure, "submit", "officer", result="办结")
    post.collect()
    office.do(measure, "accept", "leader")
    assert who(post.collect(), "to_sign") == {"vice_chief"}
    office.do(problem, "sign", "vice_chief")
    assert who(post.collect(), "to_sign") == {"leader"}


def test_a_message_falls_to_the_next_when_nobody_holds_the_role(office, post):
    _, (measure,) = office.problem_in_work()
    office.leave("chief")
    post.collect()
    office.do(measure, "submit", "officer", result="办结")
    assert who(post.collect(), "submitted") == {"vice_chief"}
    office.leave("vice_chief")
    office.do(measure, "withdraw", "officer")
    office.do(measure, "submit", "officer", result="再次办结")
    assert who(post.collect(), "submitted") == {"leader"}


def test_what_has_moved_on_is_not_told_any_more(office, post):
    _, (measure,) = office.problem_in_work()
    office.do(measure, "submit", "officer", result="办结")
    office.do(measure, "withdraw", "officer")
    assert who(post.collect(), "submitted") == set()


def test_a_reminder_for_a_date_that_moved_is_not_told(office, post):
    problem, (measure,) = office.problem_in_work()
    office.later(days=28)
    office.execute(Command(action=ALERT, actor=SWEEPER, case_id=measure))
    office.extend(measure, "officer", "leader", days=60)
    assert "officer" not in who(post.collect(), "reminder")
    assert office.case(measure).fired == {}
    assert office.case(problem).live


def test_a_question_that_was_answered_is_not_asked(office, post):
    _, (measure,) = office.problem_in_work()
    asked = office.open("extension", "officer", measure, until=office.in_days(60), reason="招标流标")
    office.do(asked, "refuse", "leader", answer="不急")
    assert who(post.collect(), "extension_asked") == set()


def _lives_on(office, post, problem):
    ask = {"ground": "negative_hype", "reason": "涉及个人"}
    for step, by, more in (
        ("ask_withholding", "coordinator", ask),
        ("refuse_withholding", "supervisor", {"reason": "可以公开"}),
        ("ask_withholding", "coordinator", ask),
        ("consent_withholding", "supervisor", {}),
    ):
        office.do(problem, step, by, **more)
        post.collect()
    commitment = office.open_commitment(problem)
    for _ in range(2):
        office.now = at_opening(office.fields(commitment)["look_on"])
        office.execute(Command(action=ALERT, actor=SWEEPER, case_id=commitment))
        post.collect()
    who = {"lead_department": office.departments["repairs"]}
    office.do(office.open("regulation", "coordinator", title="办法", **who), "submit", "coordinator")
    post.collect()


def _goes_other_ways(office, post):
    problem, (first, _) = office.problem_in_work("immediate", "time_limited")
    office.file_evidence(problem)
    office.finish(first)
    stage = {"until": office.in_days(200), "reason": "等待下年度预算"}
    for step, by, more in (
        ("dispute", "chief", {"reason": "面积有误"}),
        ("dismiss_dispute", "coordinator", {"reason": "面积无误"}),
        ("dispute", "chief", {"reason": "面积有误"}),
        ("correct_facts", "coordinator", {"title": "更正后的问题", "reason": "已核实"}),
        ("request_raise", "coordinator", {"reason": "涉及区级部门"}),
        ("take_over", "supervisor", {}),
        ("give_back", "supervisor", {"decision": "由街道办理"}),
        ("request_stage", "chief", stage),
        ("refuse_stage", "leader", {"reason": "再想办法"}),
        ("request_stage", "chief", stage),
        ("approve_stage", "leader", {}),
    ):
        office.do(problem, step, by, **more)
        post.collect()
    office.later(days=200)
    office.execute(Command(action=ALERT, actor=SWEEPER, case_id=problem))
    post.collect()
    _lives_on(office, post, problem)
    into = office.open_problem()
    office.do(problem, "merge", "coordinator", into=into, kind="same_work", reason="同一件事")
    post.collect()
    other, _ = office.problem_in_work()
    office.do(other, "dispute", "chief", reason="没有这回事")
    office.do(other, "strike", "supervisor", reason="属实")
    post.collect()


def _clock_messages(office, post, problem, measure):
    """Everything that is told about time: extensions refused, granted and reported upward, pauses."""
    extend = {"until": office.in_days(90), "reason": "招标流标"}
    for case, by, answerer in ((measure, "officer", "leader"), (problem, "chief", "secretary")):
        asked = office.open("extension", by, case, **extend)
        post.collect()
        office.do(asked, "refuse", answerer, answer="不急")
        post.collect()
    office.extend(measure, "officer", "leader", days=40)
    post.collect()
    far = office.open("extension", "officer", measure, until="2027-01-10", reason="招标流标")
    office.do(far, "grant_beyond_period", "secretary")
    post.collect()
    office.do(far, "report_upward", "coordinator")
    post.collect()
    for case in (problem, measure):
        office.do(case, "pause", "coordinator", waiting_for="区财政评审", reason="预算待批")
        post.collect()
        office.do(case, "resume", "coordinator")
        post.collect()


def _letters_go_to_and_fro(office, post, problem):
    letter = office.open("letter", "coordinator", problem, form="督办单", due_on=office.in_days(5))
    post.collect()
    task = {"text": "请抓紧。", "officer": office.people["officer"], "due_on": office.in_days(9)}
    [instruction] = office.do(letter, "instruct", "leader", **task).opened
    post.collect()
    for case, back in ((instruction, "leader"), (letter, "coordinator")):
        office.do(case, "answer", "officer", answer="正在招标")
        post.collect()
        office.do(case, "return", back, reason="请写明进度", due_on=office.in_days(12))
        post.collect()
    office.do(instruction, "answer", "officer", answer="已开标")
    office.do(letter, "withdraw", "coordinator", reason="已面谈")
    post.collect()


def _lends_and_takes_back(office, post, problem, measure):
    for case in (measure, problem):
        given = {"to": office.people["deputy"], "until": office.in_days(5), "reason": "外出培训"}
        office.do(case, "delegate", "chief", **given)
        post.collect()
        office.do(case, "hand_back", "chief", reason="提前返回")
        post.collect()


def _follows_a_leaver(office, post, measure):
    """From tomorrow on; today the work is still the leaver's."""
    gone = {"leaver": office.people["officer"], "last_day": office.in_days(1)}
    office.do(measure, "succeed", "coordinator", **gone, to=office.people["second_officer"])
    told = post.collect()
    assert who(told, "taken_on") == {"second_officer"}
    assert "起由您接手，担任经办人，时限" in told["taken_on", "second_officer"]


def test_a_life_says_every_message_there_is(office, post):
    problem, (first, second) = office.problem_in_work("immediate", "time_limited")
    post.collect()
    office.later(days=26)
    for case in (problem, first):
        office.execute(Command(action=ALERT, actor=SWEEPER, case_id=case))
    post.collect()
    _letters_go_to_and_fro(office, post, problem)
    _clock_messages(office, post, problem, first)
    for case, more in ((problem, {"role": "officer"}), (second, {})):
        office.do(case, "hand_over", "coordinator", to=office.people["second_officer"], reason="轮岗", **more)
        post.collect()
    _follows_a_leaver(office, post, first)
    _lends_and_takes_back(office, post, problem, first)
    office.file_evidence(problem, by="second_officer")
    office.do(first, "submit", "officer", result="办结")
    post.collect()
    office.do(first, "return", "chief", reason="请补充")
    post.collect()
    for measure, by in ((first, "officer"), (second, "second_officer")):
        office.do(measure, "submit", by, result="办结")
        office.do(measure, "accept", "chief")
        post.collect()
    office.do(problem, "return_to_work", "secretary", reason="佐证不足")
    post.collect()
    for measure, by in ((first, "officer"), (second, "second_officer")):
        office.do(measure, "submit", by, result="办结")
        office.do(measure, "accept", "chief")
    office.sign_all(problem)
    office.do(problem, "decide", "secretary")
    post.collect()
    office.do(problem, "start_look_back", "coordinator")
    post.collect()
    office.do(problem, "not_recognize", "supervisor", reason="不到位")
    post.collect()
    for measure, by in ((first, "officer"), (second, "second_officer")):
        office.do(measure, "submit", by, result="办结")
        office.do(measure, "accept", "chief")
    office.sign_all(problem)
    office.do(problem, "decide", "secretary")
    office.do(problem, "relapse", "auditor", finding="反弹")
    post.collect()
    _goes_other_ways(office, post)
    assert {template for template, _ in post.said} == set(rectification.family().messages)
    assert all(sentence.startswith("（") and sentence.endswith("。") for sentence in post.said.values())
    assert "〔2026〕1号" in post.said["closed", "leader"]
