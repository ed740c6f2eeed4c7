"""Turns a template into a page: one environment, strict about every name, escaping everything."""

import hashlib
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from desk.wording import days_text as desk_days_text
from engine.organizations import SHANGHAI
from engine.words import Words
from web.places import place, step_path

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
# A day inside a sentence; what stands in a file name or a number of a document is left alone.
ISO_DAY = re.compile(r"(?<![\w.-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w.-])", re.ASCII)


def environment(words: Words) -> Environment:
    """The templates of this package, speaking one language."""
    made = Environment(
        loader=PackageLoader("web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    made.globals |= {
        "say": words.say,
        "static": static_path,
        "place": place,
        "step_path": step_path,
        "language": words.language,
    }
    made.filters["label"] = words.label
    made.filters["word"] = lambda name: spoken(words, name)
    made.filters["day"] = lambda on: day_text(words, on)
    made.filters["dated"] = lambda sentence: dated(words, sentence)
    made.filters["days"] = pass_context(lambda context, due_on: days_text(words, due_on, _today(context)))
    made.filters["days_left"] = pass_context(lambda context, due_on: days_left(due_on, _today(context)))
    made.filters["clock"] = pass_context(lambda context, instant: instant_text(context, words, instant))
    return made


def spoken(words: Words, name: Any) -> str:
    """A word that a field holds, as people say it; what has no entry is shown as it is."""
    return words.sentences.get(f"word.{name}", str(name))


def day_text(words: Words, on: str | date) -> str:
    """2026年3月9日, from an ISO day."""
    day = date.fromisoformat(on) if isinstance(on, str) else on
    return _day(words, day.year, day.month, day.day)


def dated(words: Words, sentence: str) -> str:
    """A sentence with its ISO days as people write them; without one it stays as it is."""
    return ISO_DAY.sub(lambda found: _day(words, *map(int, found.groups())), sentence)


def _day(words: Words, year: int, month: int, day: int) -> str:
    return words.say("web.day", year=year, month=month, day=day)


def days_text(words: Words, due_on: str | date, today: date) -> str:
    """还剩3天, 今天到期 or 逾期5天."""
    return desk_days_text(words, days_left(due_on, today))


def days_left(due_on: str | date, today: date) -> int:
    return ((date.fromisoformat(due_on) if isinstance(due_on, str) else due_on) - today).days


def instant_text(context: Context, words: Words, instant: int) -> str:
    """A local day and hour of the visitor's organisation, from epoch seconds; China's without a visitor."""
    visitor = context["visitor"]
    at = datetime.fromtimestamp(instant, visitor.zone if visitor else SHANGHAI)
    return words.say("web.instant", year=at.year, month=at.month, day=at.day, clock=f"{at:%H:%M}")


@cache
def static_path(name: str) -> str:
    """The address of a static file, with its content's hash: a browser may keep it until it changes."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{digest}"


def _today(context: Context) -> date:
    today: date = context["visitor"].today
    return today
