"""A sheet of A4 per person and day, as a Word file in a folder, for those who are handed paper."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Self

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from notifications.channels.base import Outcome, Recipient, Retry, Sealed, Sent
from notifications.channels.whole import write_whole
from notifications.words import load_words

# How the lines of layout/digest.j2 begin.
SECTION = re.compile(r"[一二三]、")
ITEM, DETAIL = "● ", "  "
HEADING, BODY = "黑体", "仿宋"

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\\/:*?"<>|]')


@dataclass(frozen=True)
class SheetChannel:
    """Writes DIRECTORY/<day> <person> <mark of the id>.docx; the same id is the same file with the same bytes."""

    directory: Path
    brief: ClassVar[bool] = False
    per_minute: ClassVar[None] = None

    @classmethod
    def of(cls, *, directory: Path) -> Self:
        return cls(directory)

    def address_of(self, person: Recipient) -> str:
        return person.name

    def send(self, envelope: Sealed) -> Outcome:
        try:
            write_whole(self.directory / file_name(envelope), to_bytes(envelope))
        except OSError as error:
            return Retry("channel_down", str(error), channel_down=True)
        return Sent()


def file_name(envelope: Sealed) -> str:
    """Sorts by day and shows whose it is; two people of one name have different marks."""
    mark = envelope.id.partition("@")[0][-8:]
    return NOT_IN_NAMES.sub("_", f"{envelope.day} {envelope.address} {mark}.docx")


def to_bytes(envelope: Sealed) -> bytes:
    """The subject as heading, a paragraph for each line of the text, and a line to sign for it."""
    document = docx.Document()
    _set_page(document)
    _add(document, envelope.subject, points=15, face=HEADING).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in envelope.body.removesuffix("\n").split("\n"):
        _add_line(document, line)
    _add(document, load_words().say("sheet_receipt")).paragraph_format.space_before = Pt(24)
    document.core_properties.identifier = envelope.id
    document.core_properties.title = envelope.subject
    document.core_properties.created = datetime.fromtimestamp(envelope.packed_at, UTC)
    return _dateless(document)


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(27)
    section.top_margin = section.bottom_margin = Mm(25)
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)  # noqa: S101  the template of the library has it
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.3
    normal.paragraph_format.widow_control = True


def _add_line(document: Document, line: str) -> None:
    """An item stays together with why it is sent: half of it on the next page is read as another one."""
    is_section = bool(SECTION.match(line))
    paragraph = _add(
        document, line, points=11 if line.startswith(DETAIL) else 13, face=HEADING if is_section else BODY
    )
    layout = paragraph.paragraph_format
    layout.keep_together = True
    layout.keep_with_next = is_section or line.startswith(ITEM)
    if not line:
        layout.line_spacing = Pt(9)  # a whole blank line between items wastes every third sheet


def _add(document: Document, text: str, *, points: int = 13, face: str = BODY) -> Paragraph:
    """One face for Chinese and figures, set for both: Word takes its own for what is left open."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(points), face
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    return paragraph


def _dateless(document: Document) -> bytes:
    """The library stamps each part with the clock: the same sheet would have other bytes at each try."""
    packed, plain = io.BytesIO(), io.BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(plain, "w") as target:
        for entry in source.infolist():
            part = zipfile.ZipInfo(entry.filename, ZIP_EPOCH)
            target.writestr(part, source.read(entry), zipfile.ZIP_DEFLATED)
    return plain.getvalue()
