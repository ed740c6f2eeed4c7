"""The sample year, day by day: what is dated happens on its date, everything else because people do their work."""

from datetime import date
from pathlib import Path

from sqlalchemy import select

from config.settings import Settings
from desk.finding import Inspection, find_organization
from desk.make_notice import Wording, notice_document
from desk.make_register import Register, load_register, register_workbook, summary
from desk.set_up_office import set_up_office
from engine.organizations import names
from notifications.waiting import ENVELOPE
from xiaohao.bootstrap import House, build, install
from xiaohao.demo.clock import MovedClock, days
from xiaohao.demo.hazards import Hazards
from xiaohao.demo.people import Say, Street
from xiaohao.demo.proceeding import Proceeding
from xiaohao.demo.sample import Sample
from xiaohao.run_once import Beaten, run_once

# The first one is whole; the others are in full swing on the last day.
SAMPLES = ("", "autumn", "lake")


class DemoError(Exception):
    """The folder holds a database already: choose an empty one, so that nothing is mixed with the sample."""


def play(settings: Settings, say: Say) -> tuple[House, Register]:
    """Play the whole year into the folder of `settings`; the house and the register at the end.

    Raises DemoError when a database is there already, RefusedError when a step that must succeed is refused.
    """
    year = _started(settings, say)
    year.live_until(year.ends_on)
    return year.house, year.finish()


def play_until(settings: Settings, say: Say, last: date) -> House:
    """Play up to the evening of a day and stop there; raises like `play`."""
    year = _started(settings, say)
    year.live_until(min(last, year.ends_on))
    return year.house


def last_moment(last: date | None) -> int:
    """The instant at which the sample stands when it is over: the afternoon of its last day, or of `last`."""
    clock, ends_on = MovedClock(), max(Sample(name).plan["ends_on"] for name in SAMPLES)
    clock.at(min(last or ends_on, ends_on), 15, 30)
    return clock.now()


def _started(settings: Settings, say: Say) -> "_Year":
    if settings.database_url.startswith("sqlite") and (settings.data / "xiaohao.db").exists():
        raise DemoError(f"{settings.data / 'xiaohao.db'}")
    return _Year(build(settings), say)


def _lay_out_wording(house: House, sample: Sample) -> None:
    """Where the pages look for the fixed words of a body's notices."""
    house.settings.wordings.mkdir(parents=True, exist_ok=True)
    (house.settings.wordings / f"{sample.plan['organization']}.toml").write_bytes(sample.file("notice.toml"))


class _Year:
    """The office through one year and a half: the inspections begin one after the other."""

    def __init__(self, house: House, say: Say) -> None:
        self.house, self.say = house, say
        self.clock = MovedClock()
        install(house)
        first = Sample()
        self.begins_on: date = first.plan["begins_on"]
        self.downtime = first.plan["downtime"]
        _lay_out_wording(house, first)
        set_up_office(house.desk, first.office, first.plan["posts_from"].isoformat())
        self.coming = [Sample(name) for name in SAMPLES]
        self.ends_on: date = max(sample.plan["ends_on"] for sample in self.coming)
        self.proceedings: list[Proceeding] = []
        with house.database.read() as tx:
            self.holidays = house.runtime.editions.calendar(tx)
            nobodys = Inspection(0, find_organization(tx, first.plan["organization"]), "")
        self.hazards = Hazards(Street(house, first, self.clock, say, nobodys), first.hazards)

    def live_until(self, last: date) -> None:
        for day in days(self.begins_on, last):
            self.live(day)

    def live(self, day: date) -> None:
        """One day: the morning's beat, what is dated, everybody's work, the afternoon's beat."""
        self._beat(day, 8, 35)
        self._begin(day)
        self.clock.at(day, 10)
        self.hazards.happen(day)
        for one in self.proceedings:
            one.happen(day)
            if self.holidays.is_workday(day):
                # On the last day the results wait for whoever looks at the sample.
                one.street.work_through_the_day(answered=day < self.ends_on)
        self._beat(day, 15, 5)

    def _begin(self, day: date) -> None:
        """Open the inspections that begin on this day."""
        for sample in [one for one in self.coming if one.plan["begins_on"] == day]:
            self.proceedings.append(Proceeding(self.house, sample, self.clock, self.say))

    def finish(self) -> Register:
        first = self.proceedings[0]
        register = load_register(self.house.desk, first.street.inspection, self.ends_on)
        folder = self.house.settings.data
        self._write(folder / "register.xlsx", register_workbook(register))
        self._write(folder / "notice.docx", notice_document(register, Wording.of(first.sample.notice)))
        for sentence in summary(register):
            self.say(sentence)
        return register

    def _write(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        self.say(self.house.desk.words.say("demo.written", path=path))

    def _beat(self, day: date, hour: int, minute: int) -> None:
        if self.downtime["first"] <= day <= self.downtime["last"]:
            return
        self.clock.at(day, hour, minute)
        self._report(run_once(self.house, self.clock.now))

    def _report(self, done: Beaten) -> None:
        if done.failed or done.swept.quarantined:
            raise RuntimeError(f"a beat failed: {done}")
        for one in done.delivered:
            if one.channel != "inbox":
                self.say(f"{self.clock.day}   ✉ {self._name(one.person_id)}：{self._subject(one.envelope_id)}")

    def _name(self, person_id: int) -> str:
        with self.house.database.read() as tx:
            return names(tx, [person_id])[person_id]

    def _subject(self, envelope_id: str) -> str:
        with self.house.database.read() as tx:
            found = tx.connection.execute(select(ENVELOPE.c.subject).where(ENVELOPE.c.id == envelope_id))
            return str(found.scalar_one())
