"""One inspection being put right in the sample: what is dated in its plan happens on its date."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import config
from desk.draw_look_back import draw_look_back
from desk.file_evidence import keep
from desk.finding import Inspection, find_inspection, find_organization
from desk.import_document import import_document, preview
from desk.keep_notice import keep_notice
from desk.make_notice import Wording
from desk.make_register import load_register
from desk.people import StandIn, let_stand_in
from desk.record_meeting import Meeting, decide_plan, record_meeting
from desk.set_milestones import read_periods, set_milestones
from engine.commands import OPEN, Command, Outcome
from xiaohao.bootstrap import House
from xiaohao.demo.clock import MovedClock
from xiaohao.demo.people import Say, Street
from xiaohao.demo.sample import MeasurePlan, Sample
from xiaohao.demo.steps import Steps

FEEDBACK = "feedback.txt"


class Proceeding:
    """One inspection of one body, from its opening on. What its plan does not name does not happen."""

    def __init__(self, house: House, sample: Sample, clock: MovedClock, say: Say) -> None:
        self.sample = sample
        self.plan: Mapping[str, Any] = sample.plan
        self.house, self.say, self.clock = house, say, clock
        self.clock.at(self.plan["begins_on"], 8)
        self.street = Street(house, sample, clock, say, self._open_inspection())
        self.steps = Steps(self.street)
        self.asked = 0
        self.dated = self._calendar()

    def happen(self, day: date) -> None:
        """Everything that is dated on this day, in order."""
        for happening in self.dated.get(day, []):
            happening()

    def _open_inspection(self) -> Inspection:
        with self.house.database.read() as tx:
            organization = find_organization(tx, self.plan["organization"])
        street = Street(self.house, self.sample, self.clock, self.say, Inspection(0, organization, ""))
        params = {
            "name": self.plan["inspection"],
            "feedback_on": self.plan["feedback_on"].isoformat(),
            "period_ends_on": self.plan["period_ends_on"].isoformat(),
        }
        street.do(
            f"建立“{self.plan['inspection']}”",
            Command(
                action=OPEN,
                kind="inspection",
                organization_id=organization,
                actor=street.actor(self.plan["coordinator"]),
                params=params,
            ),
        )
        with self.house.database.read() as tx:
            return find_inspection(tx, self.plan["inspection"])

    def _calendar(self) -> dict[date, list[Callable[[], None]]]:
        """What happens on which day, in order."""
        plan = self.plan
        dated: dict[date, list[Callable[[], None]]] = {}
        happenings: list[tuple[date, Callable[[], None]]] = [
            (plan["feedback_on"], self._import_feedback),
            (plan["confirmed_on"], self._confirm),
            (plan["assigned_on"], self._assign_all),
            (plan["plan_decided_on"], self._decide_plan),
            (plan["plan_issued_on"], self._issue_plan),
            *((one["on"], partial(self._report_progress, one)) for one in plan.get("progress", ())),
            *((one["held_on"], partial(self._hold, one)) for one in plan["meetings"]),
            *((one["drawn_on"], partial(self._draw, one)) for one in plan.get("look_backs", ())),
            *((one["from_on"], partial(self._let_stand_in, one)) for one in plan.get("stand_ins", ())),
            *((one["on"], partial(self._make_notice, one)) for one in plan.get("notices", ())),
            *self._extraordinary(),
            *((one["on"], partial(self.steps.take, one)) for one in plan.get("steps", ())),
        ]
        for day, happening in happenings:
            dated.setdefault(day, []).append(happening)
        return dated

    def _extraordinary(self) -> Iterator[tuple[date, Callable[[], None]]]:
        """What not every inspection has, with its day."""
        for table, key, happening in (
            ("notice", "on", self._notice_at_once),
            ("extension", "asked_on", self._extend),
            ("extension", "decided_on", self._answer_extension),
            ("district", "reported_on", self._report_to_district),
            ("district", "judged_on", self._judge),
            ("milestones", "set_on", self._set_milestones),
            ("verdicts", "on", self._check),
            ("second_round", "assigned_on", self._second_round),
        ):
            if table in self.plan:
                yield self.plan[table][key], happening

    @property
    def coordinator(self) -> str:
        return self.street.actor(self.plan["coordinator"])

    def _notice_at_once(self) -> None:
        one = self.plan["notice"]
        params = {
            "inspection_id": self.street.inspection.id,
            "number": one["number"],
            "title": one["title"],
            "source": "immediate_notice",
        }
        organization = self.street.inspection.organization_id
        opened = self.street.do(
            f"登记立行立改通知（{one['number']}）{one['title']}",
            Command(
                action=OPEN, kind="problem", organization_id=organization, actor=self.coordinator, params=params
            ),
        )
        self._act(opened.case_id or 0, "confirm", f"确认（{one['number']}）")
        self._assign(opened.case_id or 0, one["number"], one | {"officers": [one["officer"]]}, one["due"])
        plan = MeasurePlan.of(
            {"text": one["measure"], "track": "immediate"} | {key: one[key] for key in ("officer", "due", "result")}
        )
        self._add_measure(opened.case_id or 0, one["number"], 1, plan)
        self._act(opened.case_id or 0, "begin", f"开始整改（{one['number']}）")

    def _import_feedback(self) -> None:
        seen = preview(FEEDBACK, self.sample.file(FEEDBACK))
        outcomes = import_document(
            self.house.desk, seen, self.street.inspection, self.coordinator, self.clock.now()
        )
        self.street.tell(self.street.name(self.coordinator), f"导入反馈意见，登记问题 {len(outcomes) - 1} 个")

    def _confirm(self) -> None:
        for row in self.street.rows():
            if row.state == "feedback":
                self._act(row.id, "confirm", f"确认（{row.fields['number']}）{row.fields['title'][:24]}")

    def _assign_all(self) -> None:
        for row in self.street.rows():
            number = row.fields["number"]
            if number not in self.sample.problems:
                continue
            measures = self.sample.measures(number)
            self._assign(row.id, number, self.sample.problems[number], max(one.due for one in measures))
            for place, plan in enumerate(measures, 1):
                self._add_measure(row.id, number, place, plan)

    def _assign(self, problem_id: int, number: str, who: Mapping[str, Any], due: date) -> None:
        street = self.street
        params = {
            "lead_official": street.person(who["lead_official"]),
            "lead_department": street.department(who["lead_department"]),
            "supporting_departments": [street.department(one) for one in who.get("supporting_departments", [])],
            "officers": [street.person(one) for one in who["officers"]],
            "due_on": due.isoformat(),
            "key_problem": who.get("key_problem", False),
        }
        what = f"分解（{number}）：牵头领导{street.name(str(params['lead_official']))}，时限 {due}"
        self._act(problem_id, "assign", what, params)

    def _add_measure(self, problem_id: int, number: str, place: int, plan: MeasurePlan) -> None:
        params = {
            "text": plan.text,
            "track": plan.track,
            "officer": self.street.person(plan.officer),
            "due_on": plan.due.isoformat(),
        }
        opened = self.street.do(
            f"下达（{number}）措施：{plan.text[:28]}…",
            Command(action=OPEN, kind="measure", parent_id=problem_id, actor=self.coordinator, params=params),
        )
        self.street.plan_measure(number, place, opened.case_id or 0, plan)

    def _decide_plan(self) -> None:
        meeting = self._meeting("审定整改方案会议", self.plan["plan_decided_on"])
        decide_plan(self.house.desk, self.street.inspection.id, meeting, self.coordinator, self.clock.now())
        self.street.tell(self.street.name(meeting.signer), "会议审定整改方案（线下签批，代录）")

    def _issue_plan(self) -> None:
        params = {"plan_number": self.plan["plan_number"]}
        self._act(self.street.inspection.id, "issue_plan", f"印发整改方案 {self.plan['plan_number']}", params)
        for row in self.street.rows():
            if row.state == "assignment":
                self._act(row.id, "begin", f"开始整改（{row.fields['number']}）")
        if "long_term" in self.plan:
            row = self.street.row(self.plan["long_term"]["problem"])
            self._act(row.id, "mark_long_term", "标记长期坚持", {"long_term": True})

    def _set_milestones(self) -> None:
        """As the office's file of periods has them."""
        periods = read_periods(config.milestones(), "milestones.toml")
        outcomes, _ = set_milestones(
            self.house.desk, self.street.inspection.id, periods, self.coordinator, self.clock.now()
        )
        self.street.tell(self.street.name(self.coordinator), f"设置巡察节点 {len(outcomes)} 个")

    def _let_stand_in(self, one: Mapping[str, Any]) -> None:
        stand_in = StandIn(
            self.street.person(one["person"]),
            self.street.person(one["stand_in"]),
            one["from_on"].isoformat(),
            one["to_on"].isoformat(),
            one["reason"],
        )
        let_stand_in(self.house.desk, stand_in, self.coordinator, self.clock.now())
        names = [self.street.name(self.street.actor(one[key])) for key in ("person", "stand_in")]
        self.street.tell(self.street.name(self.coordinator), f"登记{'由'.join(names)}代行至 {one['to_on']}")

    def _report_progress(self, one: Mapping[str, Any]) -> None:
        measure = self.street.row(one["problem"]).measures[one["measure"] - 1]
        officer = self.street.actor(self.street.plans[measure.id].officer)
        command = Command(action="progress", case_id=measure.id, actor=officer, params={"text": one["text"]})
        self.street.do(f"填报（{one['problem']}）进展：{one['text'][:28]}…", command)

    def _extend(self) -> None:
        one = self.plan["extension"]
        row = self.street.row(one["problem"])
        measure = row.measures[one["measure"] - 1]
        officer = self.street.actor(self.street.plans[measure.id].officer)
        params = {"until": one["until"].isoformat(), "reason": one["reason"]}
        ask = Command(action=OPEN, kind="extension", parent_id=measure.id, actor=officer, params=params)
        self.asked = self.street.do(f"申请（{one['problem']}）延期至 {one['until']}", ask).case_id or 0
        self.street.submit_on[measure.id] = one["until"]

    def _answer_extension(self) -> None:
        """Beyond the rectification period: the head decides on paper, and the office reports it upward."""
        one = self.plan["extension"]
        grant = Command(
            action="grant_beyond_period",
            case_id=self.asked,
            actor=self.coordinator,
            signer=self.street.actor(one["decided_by"]),
            basis=keep(self.house.desk, "延期批准.txt", one["decision"].encode(), self.clock.now()),
        )
        self.street.do(f"同意（{one['problem']}）延期", grant)
        number = {"report_number": one["report_number"]}
        self._act(self.asked, "report_upward", f"上报（{one['problem']}）延期", number)

    def _hold(self, one: Mapping[str, Any]) -> None:
        """Everything that waits for the decision goes to the meeting; what cannot be closed stays, and why."""
        ready = [row for row in self.street.rows() if row.state == "close_out"]
        if not ready:
            return
        meeting = self._meeting(one["name"], one["held_on"])
        outcomes = record_meeting(
            self.house.desk,
            self.street.inspection.organization_id,
            meeting,
            [row.id for row in ready],
            self.coordinator,
            self.clock.now(),
        )
        self._tell_decisions(one["name"], [row.fields["number"] for row in ready], outcomes[1:])

    def _tell_decisions(self, name: str, numbers: list[str], outcomes: list[Outcome]) -> None:
        for number, outcome in zip(numbers, outcomes, strict=True):
            result = (
                "审定销号" if outcome.refusal is None else f"未能销号：{self.house.desk.explain(outcome.refusal)}"
            )
            self.say(f"{self.clock.day} {name}：（{number}）{result}")

    def _meeting(self, name: str, held_on: date) -> Meeting:
        head = self.street.actor(self.plan["head"])
        minutes = f"{name}纪要（{held_on}）".encode()
        return Meeting(name, held_on.isoformat(), head, f"{name}纪要.txt", minutes)

    def _make_notice(self, one: Mapping[str, Any]) -> None:
        """Made from the records of the day, and out at once."""
        register = load_register(self.house.desk, self.street.inspection, self.clock.day)
        wording = Wording.of(self.sample.notice)
        made = keep_notice(self.house.desk, register, wording, one["form"], self.coordinator, self.clock.now())
        published = {"published_on": one["on"].isoformat(), "number": one["number"]}
        self._act(made.case_id or 0, "publish", f"公布“{wording.title}”", published)

    def _report_to_district(self) -> None:
        for row in self.street.rows():
            if row.is_done:
                self._act(row.id, "report_to_district", f"上报（{row.fields['number']}）")

    def _judge(self) -> None:
        one = self.plan["district"]
        basis = self.house.desk.files.put(one["paper"].encode())
        for row in self.street.rows():
            if row.fields["recognition"] != "reported":
                continue
            refused = row.fields["number"] == one["not_recognized"]
            self._record_judgement(row.id, row.fields["number"], basis, refused=refused)

    def _record_judgement(self, problem_id: int, number: str, basis: str, *, refused: bool) -> None:
        """The district's letter, recorded by the coordinator with the letter as its basis."""
        one = self.plan["district"]
        redo = self.street.row(number).measures[one["redo"] - 1].id if refused else 0
        params = {"reason": one["reason"], "measures": [redo], "due_on": one["redo_due"].isoformat()}
        command = Command(
            action="not_recognize" if refused else "recognize",
            case_id=problem_id,
            actor=self.coordinator,
            signer=self.street.actor("ma_yuan"),
            basis=basis,
            params=params if refused else {},
        )
        self.street.do(f"（{number}）{'不予认可：' + one['reason'] if refused else '认可'}", command)
        if refused:
            self.street.submit_on[redo] = one["redone_on"]

    def _draw(self, one: Mapping[str, Any]) -> None:
        auditor = self.street.actor("you_shen")
        outcomes = draw_look_back(
            self.house.desk, self.street.inspection, one["name"], one["seed"], auditor, self.clock.now()
        )
        self.street.tell(
            self.street.name(auditor), f"“{one['name']}”抽取样本 {len(outcomes) - 1} 个，种子 {one['seed']}"
        )

    def _check(self) -> None:
        one = self.plan["verdicts"]
        for row in self.street.rows():
            if row.state != "look_back":
                continue
            if row.fields["number"] == one["relapsed"]:
                params = {"verdict": one["verdict"], "finding": one["relapse_finding"]}
                self._check_one(
                    row.id, "find_relapse", f"（{row.fields['number']}）反弹：{params['finding']}", params
                )
            else:
                self._check_one(
                    row.id, "pass_look_back", f"（{row.fields['number']}）整改到位", {"finding": one["finding"]}
                )

    def _check_one(self, problem_id: int, action: str, what: str, params: Mapping[str, Any]) -> None:
        auditor = self.street.actor("xu_you")
        self.street.do(what, Command(action=action, case_id=problem_id, actor=auditor, params=params))

    def _second_round(self) -> None:
        one = self.plan["second_round"]
        number = self.plan["verdicts"]["relapsed"]
        row = self.street.row(number)
        self._assign(row.id, number, self.sample.problems[number], one["due"])
        for place, measure in enumerate(one["measures"], 1):
            self._add_measure(row.id, number, place, MeasurePlan.of(measure))
        self._act(row.id, "begin", f"开始第 {row.round} 次整改（{number}）")

    def _act(self, case_id: int, action: str, what: str, params: Mapping[str, Any] | None = None) -> None:
        self.street.do(what, Command(action=action, case_id=case_id, actor=self.coordinator, params=params or {}))
