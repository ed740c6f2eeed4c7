"""The public notice (整改情况的通报) is the end of the job and what the street outside reads of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from documents import layout, numerals

Line = tuple[layout.Kind, str]


@dataclass(frozen=True)
class NoticeProblem:
    """A problem and what was done about it; each line of `result` becomes a paragraph.

    Numbers are those of the feedback document, in plain digits; None where it gives none.
    """

    number: str | None
    title: str
    result: str


@dataclass(frozen=True)
class NoticeHeading:
    """A heading with its problems. Without a title they stand directly under the area."""

    number: str | None
    title: str | None
    problems: tuple[NoticeProblem, ...]


@dataclass(frozen=True)
class NoticeArea:
    """An area with its headings. Without a title they stand directly under the section."""

    number: str | None
    title: str | None
    headings: tuple[NoticeHeading, ...]


@dataclass(frozen=True)
class NoticeContact:
    """Where opinions go and for how long the notice is up; a field left empty is left out."""

    invitation: str
    phone: str
    mailbox: str
    email: str
    period: str


@dataclass(frozen=True)
class NoticeFacts:
    """All that a notice says. Every figure in it was counted by whoever made these facts."""

    title: str
    document_number: str | None
    opening: tuple[str, ...]
    overview: tuple[str, ...]
    areas: tuple[NoticeArea, ...]
    next_steps: tuple[str, ...]
    contact: NoticeContact | None
    signed_by: str
    dated: date


def notice_docx(facts: NoticeFacts) -> bytes:
    """The notice as a Word file in the format of GB/T 9704-2012; equal facts give equal bytes."""
    document = layout.official_document()
    if facts.document_number:
        layout.add(document, layout.DOCUMENT_NUMBER, layout.six_cornered(facts.document_number))
        layout.add(document, layout.BODY, "")
    layout.add_title(document, facts.title)
    for kind, text in _lines(facts):
        layout.add_lines(document, kind, text)
    layout.add_signature(document, facts.signed_by, facts.dated)
    return layout.to_bytes(document, facts.title, facts.signed_by, facts.dated)


def _lines(facts: NoticeFacts) -> Iterator[Line]:
    """The text between title and signature. An empty section is left out and the next takes its number."""
    sections = (
        ("总体情况", _body(facts.overview)),
        ("逐项整改落实情况", list(_areas(facts.areas))),
        ("下一步工作安排", _body(facts.next_steps)),
    )
    yield from _body(facts.opening)
    for number, (title, lines) in enumerate((section for section in sections if section[1]), start=1):
        yield layout.LEVEL_1, f"{numerals.chinese(number)}、{title}"
        yield from lines
    if facts.contact:
        yield from _contact(facts.contact)


def _body(paragraphs: tuple[str, ...]) -> list[Line]:
    return [(layout.BODY, paragraph) for paragraph in paragraphs]


def _areas(areas: tuple[NoticeArea, ...]) -> Iterator[Line]:
    for area in areas:
        if area.title:
            yield layout.LEVEL_2, _numbered("（{}）", numerals.in_chinese(area.number)) + area.title
        yield from _headings(area.headings)


def _headings(headings: tuple[NoticeHeading, ...]) -> Iterator[Line]:
    for heading in headings:
        if heading.title:
            yield layout.LEVEL_3, _numbered("{}.", heading.number) + heading.title
        yield from _problems(heading.problems)


def _problems(problems: tuple[NoticeProblem, ...]) -> Iterator[Line]:
    for problem in problems:
        yield layout.LEVEL_4, _numbered("（{}）", problem.number) + problem.title
        yield layout.BODY, f"整改落实情况：{problem.result}"


def _numbered(pattern: str, number: str | None) -> str:
    return pattern.format(number) if number else ""


def _contact(contact: NoticeContact) -> Iterator[Line]:
    yield layout.BODY, contact.invitation
    yield layout.BODY, contact.period
    labelled = (("电话", contact.phone), ("邮政信箱", contact.mailbox), ("电子邮箱", contact.email))
    for label, value in labelled:
        if value:
            yield layout.ADDRESS, f"{label}：{value}"
