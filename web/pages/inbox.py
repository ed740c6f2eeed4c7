"""The messages of the person who is logged in."""

from fastapi import APIRouter
from fastapi.responses import Response

from desk import inbox
from web.visit import Here, not_found

router = APIRouter()


@router.get("/inbox")
def list_messages(here: Here) -> Response:
    with here.look() as tx:
        messages = inbox.messages(tx, here.visitor.person_id)
    return here.page("inbox.html.j2", messages=messages)


@router.get("/inbox/{message_id}")
def read_message(here: Here, message_id: str) -> Response:
    with here.look() as tx:
        message = inbox.message(tx, here.visitor.person_id, message_id)
    if message is None:
        raise not_found()
    inbox.mark_read(here.desk, [message.id], here.visitor.person_id, here.now)
    return here.page("message.html.j2", message=message)


@router.post("/inbox/read")
def mark_all_read(here: Here) -> Response:
    with here.look() as tx:
        ids = [one.id for one in inbox.messages(tx, here.visitor.person_id)]
    inbox.mark_read(here.desk, ids, here.visitor.person_id, here.now)
    return here.go("/inbox")
