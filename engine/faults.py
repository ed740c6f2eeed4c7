"""Reads a TOML table field by field and remembers every fault with its file, path, line and remedy."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar

LANGUAGES = ("zh", "en")
# The head of a table or of one of a list of tables; a key at the beginning of a line.
HEAD = re.compile(r"\s*\[\[?\s*([\w.\-\s\"']+?)\s*\]")
KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*=")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a data file: where it is, what it is, what mends it."""

    where: str
    path: str
    line: int | None
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.path or 'file'}: {self.message} ({self.remedy})"


class FaultsError(ValueError):
    """A data file is not usable; every fault is listed. Mend the file: nothing was loaded from it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class Reader:
    """A view of one TOML table. Unknown keys are faults: a misspelt setting must not be silently without effect."""

    def __init__(
        self,
        where: str,
        source: str,
        data: Mapping[str, Any],
        path: str = "",
        faults: list[Fault] | None = None,
    ) -> None:
        self.where, self.source, self.data, self.path = where, source, data, path
        self.faults: list[Fault] = [] if faults is None else faults
        self._seen: set[str] = set()

    @classmethod
    def of(cls, text: str, where: str) -> "Reader":
        """The top table of a TOML text. Raises FaultsError when it is not TOML at all."""
        return cls(where, text, read_toml(text, where))

    @property
    def line(self) -> int | None:
        """The line on which this table begins; None at the top."""
        return line_of(self.source, self.path)

    def fault(self, path: str, message: str, remedy: str) -> None:
        self.faults.append(Fault(self.where, path, line_of(self.source, path), message, remedy))

    def text(self, key: str) -> str:
        found = self._typed(key, str, "", required=True)
        if not found.strip() and isinstance(self.data.get(key), str):
            self.fault(self._at(key), "empty", f"write a text for `{key}`")
        return found

    def maybe_text(self, key: str) -> str | None:
        return self._typed(key, str, "", required=False) or None

    def flag(self, key: str, *, default: bool = False) -> bool:
        return self._typed(key, bool, default, required=False)

    def number(self, key: str, *, default: int = 0) -> int:
        return self._typed(key, int, default, required=False)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them empty and none twice: the second would be without effect, or do harm."""
        found = self._typed(key, list, [], required=False)
        if not all(isinstance(one, str) and one.strip() for one in found):
            self.fault(self._at(key), "not a list of words", 'write ["a", "b"]')
            return ()
        for number, one in enumerate(found):
            if one in found[:number]:
                self.fault(f"{self._at(key)}[{number}]", f"{one!r} stands twice", "name each once")
        return tuple(dict.fromkeys(found))

    def choice(self, key: str, choices: tuple[str, ...], *, default: str) -> str:
        found = self._typed(key, str, default, required=False)
        if found not in choices:
            self.fault(self._at(key), f"unknown word {found!r}", f"one of: {', '.join(choices)}")
        return found

    def label(self, key: str) -> Mapping[str, str]:
        found: dict[str, str] = self._typed(key, dict, {}, required=True)
        missing = [one for one in LANGUAGES if not (isinstance(found.get(one), str) and found[one].strip())]
        if missing and key in self.data:
            self.fault(self._at(key), f"no text in {', '.join(missing)}", 'write { zh = "…", en = "…" }')
        for other in sorted(found.keys() - set(LANGUAGES)):
            self.fault(f"{self._at(key)}.{other}", "unknown key", f"one of: {', '.join(LANGUAGES)}")
        return found

    def maybe_label(self, key: str) -> Mapping[str, str] | None:
        """Like `label`, for one that may be left out."""
        self._seen.add(key)
        return self.label(key) if key in self.data else None

    def table(self, key: str) -> "Reader":
        found: dict[str, Any] = self._typed(key, dict, {}, required=True)
        return Reader(self.where, self.source, found, self._at(key), self.faults)

    def tables(self, key: str) -> Iterator["Reader"]:
        found = self._typed(key, list, [], required=False)
        for number, one in enumerate(found):
            path = f"{self._at(key)}[{number}]"
            if isinstance(one, dict):
                yield Reader(self.where, self.source, one, path, self.faults)
            else:
                self.fault(path, "not a table", f"write [[{key}]]")

    def done(self) -> None:
        """Call after the last key: what was not asked for is a fault."""
        for key in self.data.keys() - self._seen:
            self.fault(self._at(key), "unknown key", f"one of: {', '.join(sorted(self._seen))}")

    def _typed(self, key: str, kind: type[Value], default: Value, *, required: bool) -> Value:
        self._seen.add(key)
        if key not in self.data:
            if required:
                self.fault(self._at(key), "missing", f"add `{key}`")
            return default
        found = self.data[key]
        if type(found) is kind:  # isinstance would let `true` pass for 1
            return found
        self.fault(self._at(key), f"{found!r} is not a {kind.__name__}", f"write a {kind.__name__}")
        return default

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def line_of(source: str, path: str) -> int | None:
    """The line of the innermost table that `path` lies in: the nth `[[name]]` after the table around it.

    A path whose last table is written in one line with its key, as `label = {…}`, has the line of that key.
    """
    heads, keys = _lines_of(source)
    line, name = 0, ""
    for part in re.finditer(r"([\w-]+)(?:\[(\d+)\])?", path):
        name = f"{name}.{part[1]}" if name else part[1]
        if not line and name in keys:  # at the top it may be a key, a list being one
            line = keys[name]
            continue
        numbers = heads.get(name, [])
        nth = bisect_right(numbers, line) + int(part[2] or 0)
        if nth >= len(numbers):
            break
        line = numbers[nth]
    return line or None


@lru_cache(maxsize=8)
def _lines_of(source: str) -> tuple[dict[str, list[int]], dict[str, int]]:
    """The lines that open a table, by its name, and those of the first key of each name."""
    heads: dict[str, list[int]] = {}
    keys: dict[str, int] = {}
    for number, line in enumerate(source.split("\n"), 1):
        if head := HEAD.match(line):
            heads.setdefault(re.sub(r"[\s\"']", "", head[1]), []).append(number)
        elif key := KEY.match(line):
            keys.setdefault(key[1], number)
    return heads, keys


def read_text(path: Path) -> str:
    """The text of a data file, with or without the mark that some editors put before it.

    Raises FaultsError when it is not there or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise FaultsError([Fault(str(path), "", line, "not UTF-8", "save it as UTF-8")]) from error
    except OSError as error:
        raise FaultsError([Fault(str(path), "", None, str(error.strerror), "add the file")]) from error


def read_toml(text: str, where: str) -> dict[str, Any]:
    """The top table of a TOML text. Raises FaultsError when it is not TOML at all."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+)", str(error))
        number = int(line[1]) if line else text.count("\n") + 1  # it ends too early
        fault = Fault(where, "", number, f"not TOML: {error}", "mend the syntax")
        raise FaultsError([fault]) from error
    except RecursionError as error:
        message = "not TOML: lists or tables lie in each other too deeply"
        raise FaultsError([Fault(where, "", None, message, "mend the syntax")]) from error


def whole(read: Callable[[Reader], Value]) -> Callable[[Reader], Value]:
    """Makes a function that reads one table take what it did not ask for as a fault."""

    @wraps(read)
    def reading(row: Reader) -> Value:
        found = read(row)
        row.done()
        return found

    return reading
