"""What the pages of people and departments share: whose they are, and what their forms send."""

from starlette.datastructures import FormData

from engine.kinds import ADMINISTRATOR
from web.query import whole
from web.visit import Visit, not_found

KEEPING = (ADMINISTRATOR.name,)
# Who must see what was done to an account, and by whom.
WATCHING = (*KEEPING, "coordinator", "discipline")


def administered(here: Visit) -> int:
    """The organisation that the visitor administers; for everybody else there is no such page."""
    return _place(here, KEEPING)


def watched(here: Visit) -> int:
    """The organisation whose people the visitor may look at."""
    return _place(here, WATCHING)


def number_in(form: FormData, name: str) -> int:
    """An id as a form sends it; what is none is nobody's."""
    found = whole(str(form.get(name, "")))
    if found is None:
        raise not_found()
    return found


def pairs(form: FormData) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _place(here: Visit, roles: tuple[str, ...]) -> int:
    found = here.visitor.organizations(roles)
    if not found:
        raise not_found()
    return found[0]
