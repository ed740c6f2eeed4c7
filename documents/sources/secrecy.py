"""State secrets do not belong in this system: a file that bears a mark of secrecy is turned away at the door."""

import re
from collections.abc import Iterable
from pathlib import PurePath

from documents.folding import fold
from documents.reading import ReadingError

_LEVEL = r"(绝 *密|机 *密|秘 *密)"
_TERM = r"(?:[★☆*] *(?:\d{1,3} *[年月]|长期|启用前|解密前)?|\d{1,2} *年|长期)"
_URGENCY = r"(?:特急|加急|特提|平急|急件)"
_MARKS = (
    re.compile(rf"^ *(?:密级 *[:】\]]? *)?[\[【(]? *{_LEVEL} *[\]】)]? *{_TERM}? *{_URGENCY}? *$"),
    re.compile(rf"^.{{0,24}}{_LEVEL} *[★☆]"),
    re.compile(rf"^.{{0,12}}密级 *[:】\]] *{_LEVEL}"),
)
_LONGEST = 60  # characters; a mark stands alone on its line or at its head
_IN_NAME = re.compile(rf"(?:^|[\[【(〔_-]) *{_LEVEL} *(?:[★☆\]】)〕_ -]|$)")


def refuse(name: str, texts: Iterable[str]) -> None:
    """Raise ReadingError `state_secret` if the name of a file or a line of it bears a mark of secrecy."""
    found = _IN_NAME.search(fold(PurePath(name).stem)) or next(filter(None, map(_mark, texts)), None)
    if found:
        level = found[1].replace(" ", "")
        message = f"文件标有密级“{level}”，本系统不得处理涉密文件，已拒绝读取，也没有保存。请按保密规定办理。"
        raise ReadingError("state_secret", message)


def _mark(text: str) -> re.Match[str] | None:
    head = fold(text).strip()[: _LONGEST + 1]
    patterns = _MARKS if len(head) <= _LONGEST else _MARKS[1:]
    return next(filter(None, (pattern.search(head) for pattern in patterns)), None)
