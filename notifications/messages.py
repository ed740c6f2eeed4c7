"""The message templates of a workflow family, parsed at the start, where a broken one does no harm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from jinja2 import Environment, StrictUndefined, Template, TemplateSyntaxError, pass_context
from jinja2.runtime import Context

from notifications.words import day_text, load_words

Facts = Mapping[str, Any]


class BadTemplateError(Exception):
    """A message template cannot be parsed; the text names the template and the line to correct."""


class UnknownMessageError(Exception):
    """A line names a message that its family has no template for: add the template or correct the rule."""


@dataclass(frozen=True)
class Messages:
    """Parsed templates by message name; each makes one paragraph of a digest."""

    templates: Mapping[str, Template]

    @classmethod
    def parse(cls, sources: Mapping[str, str]) -> Self:
        """From message name → Jinja2 source; raises BadTemplateError.

        A template sees the facts of its line and, added by delivery, `today` (ISO date) and `days_left`
        (whole days to `due_on`, negative when overdue, None without a deadline). The filter `day` turns an
        ISO date into 6月12日.
        """
        environment = text_environment()
        return cls({name: _parse(environment, name, source) for name, source in sources.items()})

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.templates)

    def line_text(self, rule: str, facts: Facts) -> str:
        """One paragraph. Line breaks vanish: a title with a break in it must not look like an item of its own.

        Raises UnknownMessageError, or jinja2.UndefinedError for a fact that is missing.
        """
        if rule not in self.templates:
            raise UnknownMessageError(f"{rule!r}; there are: {', '.join(sorted(self.templates))}")
        rendered = self.templates[rule].render(facts)
        return "".join(line.strip() for line in rendered.splitlines())


def text_environment() -> Environment:
    """The one way delivery renders text: a missing fact is an error, never a gap in a sentence."""
    environment = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  plain-text mail: escaping would show people &lt; and &amp;
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    return environment


@pass_context
def _day(context: Context, value: str | date) -> str:
    today = date.fromisoformat(str(context["today"]))
    return day_text(load_words(), date.fromisoformat(str(value)), today)


def _parse(environment: Environment, name: str, source: str) -> Template:
    try:
        return environment.from_string(source)
    except TemplateSyntaxError as error:
        raise BadTemplateError(f"{name}, line {error.lineno}: {error.message}") from error
