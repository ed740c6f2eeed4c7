"""Reads a TOML table field by field and remembers every fault with its file, path, line and remedy."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from itertools import islice
from typing import Any, TypeVar

LANGUAGES = ("zh", "en")
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
        try:
            return cls(where, text, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise FaultsError([Fault(where, "", None, f"not TOML: {error}", "mend the syntax")]) from error

    @property
    def line(self) -> int | None:
        """The line on which this table begins; None at the top."""
        return self._line_of(self.path)

    def fault(self, path: str, message: str, remedy: str) -> None:
        self.faults.append(Fault(self.where, path, self._line_of(path), message, remedy))

    def text(self, key: str) -> str:
        return self._typed(key, str, "", required=True)

    def maybe_text(self, key: str) -> str | None:
        return self._typed(key, str, "", required=False) or None

    def flag(self, key: str, *, default: bool = False) -> bool:
        return self._typed(key, bool, default, required=False)

    def number(self, key: str, *, default: int = 0) -> int:
        return self._typed(key, int, default, required=False)

    def words(self, key: str) -> tuple[str, ...]:
        found = self._typed(key, list, [], required=False)
        if all(isinstance(one, str) for one in found):
            return tuple(found)
        self.fault(self._at(key), "not a list of words", 'write ["a", "b"]')
        return ()

    def choice(self, key: str, choices: tuple[str, ...], *, default: str) -> str:
        found = self._typed(key, str, default, required=False)
        if found not in choices:
            self.fault(self._at(key), f"unknown word {found!r}", f"one of: {', '.join(choices)}")
        return found

    def label(self, key: str) -> Mapping[str, str]:
        found: dict[str, str] = self._typed(key, dict, {}, required=True)
        missing = [one for one in LANGUAGES if not found.get(one)]
        if missing and key in self.data:
            self.fault(self._at(key), f"no text in {', '.join(missing)}", 'write { zh = "…", en = "…" }')
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

    def _line_of(self, path: str) -> int | None:
        """The line of the innermost table that `path` lies in: the nth `[[name]]` after the table around it.

        A path whose last table is written in one line with its key, as `label = {…}`, has the line of that key.
        """
        line, name = 0, ""
        for part in re.finditer(r"(\w+)(?:\[(\d+)\])?", path):
            name = f"{name}.{part[1]}" if name else part[1]
            found = self._nth_head(name, int(part[2] or 0), line)
            if found is None:
                break
            line = found
        return line or None

    def _nth_head(self, name: str, nth: int, after: int) -> int | None:
        """The nth line after a line that opens the table `name`; at the top it may be a key, a list being one."""
        opens = re.compile(rf"\[\[?{re.escape(name)}\]\]?")
        key = re.compile(rf"{name}\s*=")
        lines = list(enumerate(self.source.splitlines(), 1))
        if not after and (keys := [number for number, line in lines if key.match(line)]):
            return keys[0]
        heads = (number for number, line in lines if number > after and opens.match(line))
        return next(islice(heads, nth, None), None)


def whole(read: Callable[[Reader], Value]) -> Callable[[Reader], Value]:
    """Makes a function that reads one table take what it did not ask for as a fault."""

    @wraps(read)
    def reading(row: Reader) -> Value:
        found = read(row)
        row.done()
        return found

    return reading
