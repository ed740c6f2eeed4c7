"""Turns a template into a page: one environment, strict about every name, escaping everything."""

import hashlib
from collections.abc import Callable, Hashable
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from desk.wording import dated, day_text
from desk.wording import days_text as desk_days_text
from engine.organizations import SHANGHAI
from engine.words import Words
from web.places import place, step_path

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
# So many pieces are kept: rows of some forty pages of a register.
MOST_PIECES = 2048


def environment(words: Words) -> Environment:
    """The templates of this package, speaking one language."""
    made = Environment(
        loader=PackageLoader("web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
        # A template is as old as the program: both are read when it starts.
        auto_reload=False,
    )
    made.globals |= {
        "piece": _pieces(made),
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
    made.filters["days_text"] = lambda left: desk_days_text(words, left)
    made.filters["days_left"] = pass_context(lambda context, due_on: days_left(due_on, _today(context)))
    made.filters["clock"] = pass_context(lambda context, instant: instant_text(context, words, instant))
    return made


def _pieces(made: Environment) -> Callable[[str, Hashable], Markup]:
    """Draws a piece of a page out of one value, and each value once: rows and links are mostly what they were.

    The macro `draw` in a file of `pieces/` sees nothing of the page but that value: what its looks depend on must
    be part of it, so that what was drawn before can never be another row, another day or another person's.
    """

    @cache
    def macro(name: str) -> Callable[[Hashable], Markup]:
        return made.get_template(f"pieces/{name}.html.j2").module.draw  # type: ignore[attr-defined,no-any-return]

    @lru_cache(maxsize=MOST_PIECES)
    def piece(name: str, value: Hashable) -> Markup:
        return macro(name)(value)

    return piece


def spoken(words: Words, name: Any) -> str:
    """A word that a field holds, as people say it; what has no entry is shown as it is."""
    return words.sentences.get(f"word.{name}", str(name))


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
