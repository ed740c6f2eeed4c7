"""What the people of the sample do of themselves each day, as far as the door lets them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from desk.desk import RefusedError
from desk.file_evidence import Upload, file_evidence
from desk.finding import Inspection, find_department, find_person
from engine import statements as sql
from engine.commands import Command, Outcome, Refusal
from engine.organizations import names, post
from engine.sign_off import eligible, next_step
from workflows.rectification.facts import FIX_STATES
from workflows.rectification.register import MeasureRow, ProblemRow, problem_rows
from xiaohao.bootstrap import House
from xiaohao.demo.clock import MovedClock
from xiaohao.demo.sample import MeasurePlan, Sample

Say = Callable[[str], None]
DAYS_BEFORE = timedelta(days=3)


@dataclass
class Street:
    """The office at work: who is who, and what each planned measure became."""

    house: House
    sample: Sample
    clock: MovedClock
    say: Say
    inspection: Inspection
    plans: dict[int, MeasurePlan] = field(default_factory=dict)
    submit_on: dict[int, date] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict)

    def person(self, key: str) -> int:
        if key not in self._ids:
            with self.house.database.read() as tx:
                self._ids[key] = find_person(tx, key)
        return self._ids[key]

    def actor(self, key: str) -> str:
        return str(self.person(key))

    def department(self, key: str) -> int:
        with self.house.database.read() as tx:
            return find_department(tx, key)

    def name(self, who: str) -> str:
        with self.house.database.read() as tx:
            return names(tx, [int(who)])[int(who)]

    def rows(self) -> list[ProblemRow]:
        with self.house.database.read() as tx:
            return problem_rows(self.house.runtime.view(tx), self.inspection.id)

    def row(self, number: str) -> ProblemRow:
        return next(row for row in self.rows() if row.fields["number"] == number)

    def do(self, what: str, command: Command) -> Outcome:
        """One step that must succeed. Raises RefusedError: the sample year has gone off its rails."""
        outcome = self.house.desk.must([command], self.clock.now())[0]
        self.tell(self.name(command.responsible), what)
        return outcome

    def tell(self, who: str, what: str) -> None:
        self.say(f"{self.clock.day} {who}：{what}")

    def plan_measure(self, number: str, place: int, measure_id: int, plan: MeasurePlan) -> None:
        self.plans[measure_id] = plan
        late = {(one["problem"], one["measure"]): one["submitted_on"] for one in self.sample.plan["late"]}
        self.submit_on[measure_id] = late.get((number, place), plan.due - DAYS_BEFORE)

    def work_through_the_day(self, *, answered: bool) -> None:
        """Officers submit what is ready; where it is `answered`, department heads accept it and signers sign."""
        for row in self.rows():
            for measure in row.measures:
                self._work_on(row, measure)
        if answered:
            self._answer()

    def _answer(self) -> None:
        for row in self.rows():
            if any(one.state == "submitted" for one in row.measures):
                self._accept(row)
        for row in self.rows():
            if row.state == "close_out":
                self._sign(row)

    def _work_on(self, row: ProblemRow, measure: MeasureRow) -> None:
        plan = self.plans.get(measure.id)
        if plan is None or measure.state != "open" or self.clock.day < self.submit_on[measure.id]:
            return
        if row.state not in FIX_STATES:
            return
        officer = self.actor(plan.officer)
        self._file_evidence(row, measure, plan, officer)
        self._settle_regulation(row, measure, plan, officer)
        self.do(
            f"报送（{row.fields['number']}）措施结果：{plan.result[:28]}…",
            Command(action="submit", case_id=measure.id, actor=officer, params={"result": plan.result}),
        )

    def _file_evidence(self, row: ProblemRow, measure: MeasureRow, plan: MeasurePlan, officer: str) -> None:
        uploads = [self._upload(name) for name in plan.evidence]
        if not uploads and not row.evidence:
            report = f"（{row.fields['number']}）{plan.text}\n\n{plan.result}\n"
            uploads = [Upload(f"办结说明-{row.fields['number']}.txt", "办结情况说明", report.encode())]
        for upload in uploads:
            outcome = file_evidence(self.house.desk, measure.id, upload, officer, self.clock.now())
            if outcome.refusal:
                raise RefusedError(outcome.refusal)
            self.tell(self.name(officer), f"提交（{row.fields['number']}）佐证《{upload.title}》")

    def _upload(self, name: str) -> Upload:
        about = self.sample.evidence[name]
        return Upload(name, about["title"], self.sample.file(f"evidence/{name}"), about["about"].isoformat())

    def _settle_regulation(self, row: ProblemRow, measure: MeasureRow, plan: MeasurePlan, officer: str) -> None:
        number = row.fields["number"]
        if plan.regulation and not measure.fields["regulation_number"]:
            params = {
                "regulation_title": plan.regulation["title"],
                "regulation_number": plan.regulation["number"],
                "regulation_on": plan.regulation["issued_on"].isoformat(),
            }
            command = Command(action="record_regulation", case_id=measure.id, actor=officer, params=params)
            self.do(f"登记（{number}）制度《{plan.regulation['title']}》", command)
        if plan.no_regulation_reason and not measure.fields["no_regulation_reason"]:
            command = Command(
                action="waive_regulation",
                case_id=measure.id,
                actor=self.actor(self.sample.problems[number]["lead_official"]),
                params={"reason": plan.no_regulation_reason},
            )
            self.do(f"说明（{number}）无需建章立制的理由", command)

    def _accept(self, row: ProblemRow) -> None:
        """The department head; who would accept their own result is refused, and the next one does it."""
        for actor in self._department_leaders(row):
            command = Command(action="accept_results", case_id=row.id, actor=actor)
            outcome = self.house.desk.commit([command], self.clock.now())[0]
            if outcome.refusal is None:
                self.tell(self.name(actor), f"认可（{row.fields['number']}）整改结果")
                return
            sentence = self.house.desk.explain(outcome.refusal)
            self.tell(self.name(actor), f"未能认可（{row.fields['number']}）整改结果：{sentence}")
        raise RefusedError(Refusal("nobody_can_sign", {"step": "department", "deciders": ["head"]}))

    def _department_leaders(self, row: ProblemRow) -> list[str]:
        with self.house.database.read() as tx:
            bearer = sql.assignment
            found = tx.connection.execute(
                select(post.c.person_id)
                .join(bearer, bearer.c.department_id == post.c.department_id)
                .where(
                    bearer.c.case_id == row.id,
                    bearer.c.role == "lead_department",
                    bearer.c.to_on.is_(None),
                    post.c.role.in_(("department_head", "deputy_department_head")),
                )
                .order_by(post.c.role == "deputy_department_head")
            )
            return [str(one) for one in found.scalars()]

    def _sign(self, row: ProblemRow) -> None:
        """The next step before the decision: on screen, but the lead official on paper, recorded by another."""
        signer = self._next_signer(row)
        if signer is None:
            return
        step, who = signer
        label = self.house.desk.words.label(step[1])
        if step[0] == "lead_official":
            paper = f"（{row.fields['number']}）销号单，{self.name(who)}签字".encode()
            command = Command(
                action="sign",
                case_id=row.id,
                actor=self.actor(self.sample.plan["second_coordinator"]),
                signer=who,
                basis=self.house.desk.files.put(paper),
            )
        else:
            command = Command(action="sign", case_id=row.id, actor=who)
        self.do(f"签字（{row.fields['number']}）{label}", command)

    def _next_signer(self, row: ProblemRow) -> tuple[tuple[str, Mapping[str, str]], str] | None:
        """The step and the first person who may sign it; None when only the meeting is left."""
        with self.house.database.read() as tx:
            view = self.house.runtime.view(tx)
            root = view.case(row.id)
            step = next_step(view, root)
            if step is None or step == view.sign_steps(root)[-1]:
                return None
            able = eligible(view, root, step, self.clock.day.isoformat())
        return ((step.name, step.label), str(able[0])) if able else None
