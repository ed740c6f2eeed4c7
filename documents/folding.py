"""One character for one character, so that a place found in folded text is the place in the source."""

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANK = dict.fromkeys(
    map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f\t\v\f\u200b\u200c\u200d\u2060\ufeff\u00ad"), " "
)
_TRADITIONAL = str.maketrans(
    "實況進問題關於對針總體組織聯電話郵領導黨設嚴從續後長堅開負責務監督導報評個項條類週擬將預計劃別巡視察見議結構據當廣說見書",
    "实况进问题关于对针总体组织联电话邮领导党设严从续后长坚开负责务监督导报评个项条类周拟将预计划别巡视察见议结构据当广说见书",
)
_TABLE: dict[int, int | str] = {**_TRADITIONAL, **_WIDE, **_BLANK}
BLANKS = "".join(map(chr, _BLANK)) + " \r\n"


def fold(text: str) -> str:
    """Make widths, blanks and the traditional characters of our vocabulary uniform; the length stays the same."""
    return text.translate(_TABLE)


def trim(text: str) -> str:
    """Take blanks of every kind, seen and unseen, from both ends."""
    return text.strip(BLANKS)
