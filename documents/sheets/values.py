"""What a cell means: an office writes a date, a number and a yes in many ways, and sometimes none of them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from documents import dates, numerals
from documents.folding import trim
from documents.sheets.workbook import Value

# Excel counts days from here; its days before March 1900 are one off, and no deadline lies there.
_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # the years 2000 to 2099
_BARE = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_CHINESE = re.compile(
    rf"([{numerals.CHARACTERS}]{{4}})年([{numerals.CHARACTERS}]{{1,3}})月([{numerals.CHARACTERS}]{{1,3}})[日号]"
)
_BRACKETED = re.compile(r"[(\[【〔]\s*(.+?)\s*[)\]】〕]")
_SEPARATED = re.compile(r"[、,;/\n|]")
_BEHIND = re.compile(r"\(.*?\)")
_YES = frozenset({"是", "√", "✓", "✔", "有", "需要", "对", "y", "yes", "true", "1"})
_NO = frozenset({"否", "×", "✗", "x", "无", "不", "不需要", "不是", "-", "—", "n", "no", "false", "0"})


@dataclass(frozen=True)
class NotA:
    """A cell that is not what its column asks for: a word of `what` and the text of the cell."""

    what: str
    text: str


def text_of(value: Value) -> str:
    """The cell as a person sees it: whole numbers without .0, dates as 2026-12-31."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return trim(str(value).replace("\r\n", "\n").replace("_x000D_", ""))


def date_of(value: Value) -> date | NotA | None:
    """A date, None for an empty cell; nothing is guessed where a part is missing."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = text_of(value)
    if not text:
        return None
    if isinstance(value, float) and value.is_integer() and _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return _EPOCH + timedelta(days=int(value))
    return _date_in(text) or NotA("date", text)


def _date_in(text: str) -> date | None:
    """The one date that a text consists of, 前 and 之前 aside."""
    plain = re.sub(r"[ T]0?0:00(?::00)?$", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"(?:之前|以前|前)$", "", re.sub(r"\s", "", plain))
    if found := _BARE.fullmatch(plain):
        plain = "{}年{}月{}日".format(*found.groups())
    if found := _CHINESE.fullmatch(plain):
        plain = "{}年{}月{}日".format(*map(numerals.parse, found.groups()))
    whole = [one for one in dates.stated(plain) if (one.start, one.end) == (0, len(plain))]
    return whole[0].day if whole else None


def number_of(value: Value) -> str:
    """A number as it is counted: （３） → 3, 三 → 3; what is no figure (3-1, 立1) stays as it is written."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text_of(value)))
    if found := _BRACKETED.fullmatch(text):
        text = found[1]
    text = text.rstrip(".、")
    figure = None if text.isdecimal() else numerals.parse(text)
    return text if figure is None else str(figure)


def flag_of(value: Value) -> bool | NotA | None:
    """Yes or no, None for an empty cell."""
    text = text_of(value)
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in _YES | _NO:
        return plain in _YES
    return NotA("flag", text) if text else None


def people_of(value: Value) -> tuple[str, ...]:
    """The people named in a cell, each once: 张 三（主任）、李四 → 张三, 李四."""
    names = (part for text in _parts(value) for part in _apart(_without_titles(text)))
    return tuple(dict.fromkeys(name for name in names if name))


def units_of(value: Value) -> tuple[str, ...]:
    """The departments named in a cell, each once; a bracket may belong to a name and stays."""
    names = (re.sub(r"\s", "", text) for text in _parts(value))
    return tuple(dict.fromkeys(name for name in names if name))


def _parts(value: Value) -> list[str]:
    return _SEPARATED.split(unicodedata.normalize("NFKC", text_of(value)))


def _apart(text: str) -> list[str]:
    """李四 王五 are two, 张 三 is one: no name has a single character."""
    names = text.split()
    return names if all(len(name) > 1 for name in names) else ["".join(names)]


def _without_titles(text: str) -> str:
    """A bracket behind a name is a title, unless nothing would be left."""
    bare = _BEHIND.sub("", text)
    return bare if bare.strip() else text
