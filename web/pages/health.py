"""How the installation is doing, for the administrator: beats, backlog, channels, what has not gone out."""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from desk.desk import RefusedError
from desk.finding import NotFoundError
from desk.health import Health, health, sentences
from desk.outbox import DEAD, QUEUED, Entry, entries, find_entry, resend
from engine.database import Tx
from engine.view import View
from notifications.words import explain, load_words
from web.visit import Here, Visit, not_found

ADMINISTRATOR = ("administrator",)

router = APIRouter()


@router.get("/health")
def show(here: Here) -> Response:
    _check(here)
    with here.view() as view:
        found = _visible(here, view, health(view, here.now, here.site.patience))
        told = list(sentences(here.words, view, found))
        unsent = [one for one in entries(view.tx, (DEAD, QUEUED)) if _is_theirs(here, one)]
    errors = {one.id: explain(load_words(), one.error) if one.error else "" for one in unsent}
    return here.page("health.html.j2", level=found.level, told=told, unsent=unsent, errors=errors)


@router.post("/health/outbox/{message_id}/resend")
def send_again(here: Here, message_id: str) -> Response:
    _check(here)
    with here.desk.database.begin() as tx:
        entry = _found(here, tx, message_id)
        try:
            address = resend(tx, here.now, here.site.delivery(tx), entry, here.words)
        except RefusedError as refused:
            return here.go("/health", refused.sentence)
    return here.go("/health", here.words.say("web.health.again", person=entry.person, address=address))


def _found(here: Visit, tx: Tx, message_id: str) -> Entry:
    try:
        entry = find_entry(tx, message_id)
    except NotFoundError:
        raise not_found() from None
    if not _is_theirs(here, entry):
        raise not_found()
    return entry


def _check(here: Visit) -> None:
    if not here.visitor.holds(*ADMINISTRATOR):
        raise not_found()


def _is_theirs(here: Visit, one: Entry) -> bool:
    return one.organization_id in here.visitor.organizations(ADMINISTRATOR)


def _visible(here: Visit, view: View, found: Health) -> Health:
    """Another body's problems are not named to this one's administrator."""
    return replace(found, quarantined=tuple(one for one in found.quarantined if here.sees(view, one)))
