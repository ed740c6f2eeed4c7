"""Every Word document of the office has the same page, that of GB/T 9704-2012, so it is drawn in one place.

Lengths are points unless a name says otherwise; widths and indents count characters of the 3号 body (16 pt).
"""

import io
import itertools
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from xml.sax.saxutils import quoteattr

import docx
from docx.document import Document
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

BODY_TEXT_LEVEL = 9  # Word's outline level of what is no heading
BODY_POINTS = 16  # 3号
TITLE_POINTS = 22  # 2号
PAGE_NUMBER_POINTS = 14  # 4号
TITLE_CHARS = 20  # characters of 2号 in the type area, 156 mm wide
LINE_PITCH = 28.95  # 22 lines in the type area, 225 mm high: at 29 pt the last one goes to the next page
GRID_PITCH_TWIPS = 579  # the same in twentieths of a point
TIGHTER_TWIPS = -5  # 28 characters of 16 pt are 6 pt wider than the type area
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
NOT_FOR_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
YEAR_IN_BRACKETS = re.compile(r"[\[［(（【〔](\d{4})[\]］)）】〕]")
TEMPLATE_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}
TEMPLATE_BALLAST = ("/stylesWithEffects", "/thumbnail", "/numbering")  # in the library's template: 440 KB


class Face(Enum):
    """A typeface of the standard, followed by the names to try in turn where it is not installed."""

    TITLE = ("方正小标宋简体", "方正小标宋_GBK", "华文中宋", "宋体", "SimSun", "Noto Serif CJK SC")
    BODY = ("仿宋_GB2312", "仿宋", "FangSong", "华文仿宋", "Noto Serif CJK SC")
    BLACK = ("黑体", "SimHei", "微软雅黑", "Noto Sans CJK SC")
    SCRIPT = ("楷体_GB2312", "楷体", "KaiTi", "华文楷体", "Noto Serif CJK SC")
    SONG = ("宋体", "SimSun", "Noto Serif CJK SC")


@dataclass(frozen=True)
class Kind:
    """A kind of paragraph. It becomes a named style, so that an office can change it in one place."""

    key: str
    name: str
    face: Face = Face.BODY
    points: int = BODY_POINTS
    pitch: float = LINE_PITCH
    align: str = "both"
    first_line_chars: int = 2
    tighter_twips: int = TIGHTER_TWIPS
    outline_level: int = BODY_TEXT_LEVEL


DOCUMENT_NUMBER = Kind("OfficialNumber", "公文发文字号", align="center", first_line_chars=0)
TITLE = Kind("OfficialTitle", "公文标题", Face.TITLE, TITLE_POINTS, 35, "center", 0, 0)
BODY = Kind("OfficialBody", "公文正文")
LEVEL_1 = Kind("OfficialLevel1", "公文一级标题", Face.BLACK, outline_level=0)
LEVEL_2 = Kind("OfficialLevel2", "公文二级标题", Face.SCRIPT, outline_level=1)
LEVEL_3 = Kind("OfficialLevel3", "公文三级标题", outline_level=2)
LEVEL_4 = Kind("OfficialLevel4", "公文四级标题", outline_level=3)
SALUTATION = Kind("OfficialSalutation", "公文主送", first_line_chars=0)
ADDRESS = Kind("OfficialAddress", "公文联系方式", align="left")
TABLE_TEXT = Kind("OfficialTable", "公文表格", Face.BODY, 12, 20, "left", 0, 0)
SIGNATURE = Kind("OfficialSignature", "公文落款", align="right", first_line_chars=0)
ODD_PAGE = Kind("OfficialOddPage", "公文单页码", Face.SONG, PAGE_NUMBER_POINTS, 18, "right", 0, 0)
EVEN_PAGE = Kind("OfficialEvenPage", "公文双页码", Face.SONG, PAGE_NUMBER_POINTS, 18, "left", 0, 0)
KINDS = (
    DOCUMENT_NUMBER,
    TITLE,
    BODY,
    LEVEL_1,
    LEVEL_2,
    LEVEL_3,
    LEVEL_4,
    SALUTATION,
    ADDRESS,
    TABLE_TEXT,
    SIGNATURE,
    ODD_PAGE,
    EVEN_PAGE,
)


def official_document() -> Document:
    """An empty A4 page of 22 lines by 28 characters with the styles of `KINDS` and page numbers."""
    document = docx.Document()
    _drop_what_the_template_brings(document)
    _set_styles(document)
    _set_page(document.sections[0])
    _set_page_numbers(document)
    return document


def add(document: Document, kind: Kind, text: str) -> Paragraph:
    """Append one paragraph of one kind."""
    return document.add_paragraph(printable(text), style=kind.name)


def add_lines(document: Document, kind: Kind, text: str) -> None:
    """Append a paragraph per line: a line break within a justified paragraph would stretch the line."""
    for line in lines_of(text):
        add(document, kind, line)


def add_title(document: Document, title: str) -> None:
    """Append the title, broken by sense where one line cannot hold it, and an empty line."""
    add(document, TITLE, "\n".join(title_lines(title)))
    add(document, BODY, "")


def add_signature(document: Document, signed_by: str, dated: date) -> None:
    """Append the date, four characters in from the right, and above it the signing body, centred on it.

    Both stay with the last line of the text: a page that holds only a signature can be put to another text.
    """
    written = chinese_date(dated)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    add(document, BODY, "").paragraph_format.keep_with_next = True
    signer = add(document, SIGNATURE, signed_by)
    signer.paragraph_format.keep_with_next = True
    overhang = (width(signed_by) - width(written)) / 2
    signer.paragraph_format.right_indent = _body_chars(max(0, 4 - overhang))
    add(document, SIGNATURE, written).paragraph_format.right_indent = _body_chars(4)


def to_bytes(document: Document, title: str, author: str, dated: date) -> bytes:
    """The file; equal content gives equal bytes, because no clock reaches its properties or zip entries."""
    properties = document.core_properties
    properties.title, properties.author = printable(title), printable(author)
    properties.last_modified_by, properties.comments = printable(author), ""
    properties.created = properties.modified = datetime.combine(dated, time(), tzinfo=UTC)
    buffer = io.BytesIO()
    document.save(buffer)
    return _repacked(buffer.getvalue(), {"word/fontTable.xml": _font_table()})


def chinese_date(day: date) -> str:
    """A date as official documents write it, in Arabic digits without leading zeros: 2026年3月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def six_cornered(document_number: str) -> str:
    """A document number with its year in 〔〕, whichever brackets were typed."""
    return YEAR_IN_BRACKETS.sub(r"〔\1〕", document_number)


def title_lines(title: str) -> list[str]:
    """A title in lines of at most 20 characters: broken before 关于 if that fits, else into equal parts."""
    if len(title) <= TITLE_CHARS:
        return [title]
    before, about, after = title.partition("关于")
    if before and max(len(before), len(about + after)) <= TITLE_CHARS:
        return [before, about + after]
    count = -(-len(title) // TITLE_CHARS)
    cuts = [len(title) * index // count for index in range(count + 1)]
    return [title[start:end] for start, end in itertools.pairwise(cuts)]


def lines_of(text: str) -> list[str]:
    """The lines of a text, without blank ones and without the white space round them."""
    lines = (printable(line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def printable(text: str) -> str:
    """Text without the characters XML forbids: one of them, pasted by an officer, would stop the document."""
    return NOT_FOR_XML.sub("", text)


def width(text: str) -> float:
    """Width in full-width characters: digits and Latin letters take half of one."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def _body_chars(count: float) -> Length:
    return Pt(count * BODY_POINTS)


def _drop_what_the_template_brings(document: Document) -> None:
    for relations in (document.part.rels, document.part.package.rels):
        for key in [key for key, one in relations.items() if one.reltype.endswith(TEMPLATE_BALLAST)]:
            del relations[key]


def _set_styles(document: Document) -> None:
    """Normal is 16 pt in the body face, by the document's defaults: the page's grid is measured from it."""
    styles = document.styles.element
    for child in list(styles):
        if child.tag == qn("w:docDefaults") or child.get(qn("w:styleId"), "Normal") not in TEMPLATE_STYLES:
            styles.remove(child)
    styles.insert(0, parse_xml(_defaults_xml()))
    for kind in KINDS:
        styles.append(parse_xml(_style_xml(kind)))


def _defaults_xml() -> str:
    return (
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{_letters_xml(BODY)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:widowControl w:val="0"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )


def _style_xml(kind: Kind) -> str:
    """A line that is not of the grid's pitch leaves the grid, or it would be given two of its lines."""
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:customStyle="1" w:styleId="{kind.key}">'
        f'<w:name w:val="{kind.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{'<w:keepNext/>' if kind.outline_level < BODY_TEXT_LEVEL else ''}"
        f'<w:snapToGrid w:val="{int(kind.pitch == LINE_PITCH)}"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{round(kind.pitch * 20)}" w:lineRule="exact"/>'
        f'<w:ind w:firstLineChars="{kind.first_line_chars * 100}"'
        f' w:firstLine="{kind.first_line_chars * BODY_POINTS * 20}"/><w:jc w:val="{kind.align}"/>'
        f'<w:outlineLvl w:val="{kind.outline_level}"/></w:pPr>'
        f"<w:rPr>{_letters_xml(kind)}</w:rPr></w:style>"
    )


def _letters_xml(kind: Kind) -> str:
    """One face for every script: a Latin one beside it would halve the Chinese quotation marks."""
    name = quoteattr(kind.face.value[0])
    return (
        f'<w:rFonts w:hint="eastAsia" w:ascii={name} w:hAnsi={name} w:eastAsia={name} w:cs={name}/>'
        f'<w:spacing w:val="{kind.tighter_twips}"/>'
        f'<w:sz w:val="{kind.points * 2}"/><w:szCs w:val="{kind.points * 2}"/>'
    )


def _set_page(section: Section) -> None:
    """Margins of the standard; a grid of lines only, since one of characters stretches them."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(22)  # the page number stands 7 mm below the type area
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(GRID_PITCH_TWIPS))


def _set_page_numbers(document: Document) -> None:
    """Odd pages number on the right, even ones on the left, each one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    odd.style, even.style = ODD_PAGE.name, EVEN_PAGE.name
    odd.paragraph_format.right_indent = even.paragraph_format.left_indent = Pt(PAGE_NUMBER_POINTS)
    for paragraph in (odd, even):
        paragraph.add_run("— ")
        paragraph._p.append(parse_xml(_page_field_xml()))
        paragraph.add_run(" —")


def _page_field_xml() -> str:
    return f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _font_table() -> bytes:
    fonts = "".join(_font_xml(face.value[0], face.value[1:]) for face in Face)
    return f'<?xml version="1.0" encoding="UTF-8"?><w:fonts {nsdecls("w")}>{fonts}</w:fonts>'.encode()


def _font_xml(name: str, stand_ins: tuple[str, ...]) -> str:
    return (
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(','.join(stand_ins))}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
    )


def _repacked(packed: bytes, replacing: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            body = replacing.get(entry.filename) or source.read(entry)
            target.writestr(zipfile.ZipInfo(entry.filename, ZIP_EPOCH), body, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
