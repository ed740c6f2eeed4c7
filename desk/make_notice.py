"""The public notice: the office's fixed wording round what the records say, every figure counted from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from desk.make_register import Register
from desk.wording import day_text
from documents.layout import chinese_date
from documents.notice import (
    NoticeArea,
    NoticeContact,
    NoticeFacts,
    NoticeHeading,
    NoticeProblem,
    notice_docx,
)
from engine.faults import read_text, read_toml
from engine.words import Words
from workflows.rectification.register import ProblemRow


@dataclass(frozen=True)
class Wording:
    """What the office writes itself: no figures stand here. Texts may be empty.

    `days` is for how long the notice is up, its first day included; in `contact.period` {start} and {end} stand for
    the first and the last.
    """

    title: str
    signed_by: str
    opening: tuple[str, ...]
    overview: tuple[str, ...]
    next_steps: tuple[str, ...]
    contact: NoticeContact | None
    days: int = 0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Wording":
        """From the office's notice.toml. Raises KeyError naming the entry that is missing, ValueError likewise."""
        given = dict(data.get("contact", {}))
        days = given.pop("days", 0)
        contact = NoticeContact(**given) if given else None
        texts = {name: tuple(data.get(name, ())) for name in ("opening", "overview", "next_steps")}
        made = cls(title=data["title"], signed_by=data["signed_by"], contact=contact, days=days, **texts)
        made.contact_from(date.min)
        return made

    def contact_from(self, first: date) -> NoticeContact | None:
        """With the days of publication in its period, from the day of the notice on: a blank must not be printed.

        Raises ValueError where a last day is asked for and `days` does not give it, KeyError for another blank.
        """
        if self.contact is None:
            return None
        if "{end}" in self.contact.period and self.days < 1:
            raise ValueError("contact.days")
        last = first + timedelta(days=max(self.days - 1, 0))
        period = self.contact.period.format(start=chinese_date(first), end=chinese_date(last))
        return replace(self.contact, period=period)


class WordingError(Exception):
    """The office's file of fixed wording cannot be used: which one, and what is wrong with it."""


def wording_of(register: Register, path: Path) -> Wording:
    """The office's own wording; where it has none, a notice with nothing but what the records say.

    Raises WordingError.
    """
    if not path.exists():
        title = register.words.say("notice.title", organization=register.organization)
        return Wording(title, register.organization, (), (), (), None)
    try:
        return Wording.of(read_toml(read_text(path), str(path)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WordingError(register.words.say("notice.bad_wording", path=path, detail=error)) from error


def notice_facts(register: Register, wording: Wording, *, inside: bool = False) -> NoticeFacts:
    """All that the notice says, as of the register's day. What the district lets be withheld stands only in the one
    for inside the Party; the figures are the same in both."""
    return NoticeFacts(
        title=wording.title,
        document_number=None,
        opening=wording.opening,
        overview=(*wording.overview, _counted(register)),
        areas=tuple(_areas(register, inside=inside)),
        next_steps=wording.next_steps,
        contact=wording.contact_from(register.as_of),
        signed_by=wording.signed_by,
        dated=register.as_of,
    )


def notice_document(register: Register, wording: Wording, *, inside: bool = False) -> bytes:
    return notice_docx(notice_facts(register, wording, inside=inside))


def _counted(register: Register) -> str:
    words = register.words
    counts = register.counts()
    left = counts["total"] - counts["done"]
    measures = [one for row in register.rows for one in row.measures]
    regulations = sum(bool(one.fields["regulation_number"]) for one in measures)
    return words.say(
        "notice.counted",
        until=day_text(words, register.as_of),
        total=counts["total"],
        closed=words.say("notice.closed", left=left, **counts) if left else words.say("notice.all_closed"),
        measures=len(measures),
        accepted=sum(one.state == "accepted" for one in measures),
        regulations=words.say("notice.regulations", n=regulations) if regulations else "",
    )


def _areas(register: Register, *, inside: bool) -> Iterable[NoticeArea]:
    def area(row: ProblemRow) -> tuple[str | None, str | None]:
        return row.fields["area_number"], row.fields["area"]

    told = [row for row in register.rows if inside or not row.is_withheld]
    for (number, title), rows in groupby(told, key=area):
        yield NoticeArea(number, title, tuple(_headings(list(rows), register.words)))


def _headings(rows: list[ProblemRow], words: Words) -> Iterable[NoticeHeading]:
    def heading(row: ProblemRow) -> tuple[str | None, str | None]:
        return row.fields["heading_number"], row.fields["heading"]

    for (number, title), members in groupby(rows, key=heading):
        problems = [
            NoticeProblem(one.fields["number"] or None, one.fields["title"], _result(one, words)) for one in members
        ]
        yield NoticeHeading(number, title, tuple(problems))


def _result(row: ProblemRow, words: Words) -> str:
    """What was done: the problem's own result, else its measures' accepted ones; unfinished work says so."""
    accepted = [one.fields["result"] for one in row.measures if one.state == "accepted" and one.fields["result"]]
    done = [row.fields["result"]] if row.fields["result"] else accepted
    if row.is_done:
        ending = words.say("notice.long_term") if row.fields["long_term"] else ""
    else:
        ending = words.say("notice.unfinished")
    return "\n".join([*done, *([ending] if ending else [])]) or words.say("notice.done")
