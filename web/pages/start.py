"""Where a person arrives: the first page of their navigation."""

from fastapi import APIRouter
from fastapi.responses import Response

from web.navigation import first_for
from web.visit import Here

router = APIRouter()


@router.get("/")
def start(here: Here) -> Response:
    return here.go(first_for(here.visitor))
