"""The names that offices give to the columns of their workbooks, and what each stands for."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

IGNORED = "-"  # a column that is known, or that somebody has said, not to be read
_LEFT_OUT = "left_out"

_MINOR = re.compile(r"[^\w]|_")
_HINT = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")


def folded(label: str) -> str:
    """A column's name without blanks, marks and explanations in brackets: 责任 科室（部门） → 责任科室."""
    plain = unicodedata.normalize("NFKC", label)
    return _MINOR.sub("", _HINT.sub("", plain)) or _MINOR.sub("", plain)


@cache
def _tables() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(files("documents.sheets").joinpath("columns.toml").read_text(encoding="utf-8"))


class Names:
    """What the columns of tables of columns.toml may be called; the first table that knows a name decides.

    The office's own names come before ours.
    """

    def __init__(self, *tables: str, own: Mapping[str, str] | None = None) -> None:
        known = [entry for table in reversed(tables) for entry in _tables()[table].items()]
        ours = {folded(name): key for key, names in known for name in names}
        self._keys = ours | {folded(name): key for name, key in (own or {}).items()}
        self.columns = tuple(key for key, _ in known if key != _LEFT_OUT)

    def key(self, label: str) -> str | None:
        """The column that a name stands for, IGNORED for one that is not read, None for one nobody knows."""
        key = self._keys.get(folded(label)) or self._shared(label)
        return IGNORED if key == _LEFT_OUT else key

    def _shared(self, label: str) -> str | None:
        """What two names in one stand for when they are names of the same column: 牵头单位/责任部门."""
        keys = {self._keys.get(folded(part)) for part in re.split("[/／、]", label)}
        return keys.pop() if len(keys) == 1 else None
