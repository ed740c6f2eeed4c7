"""On paper a page keeps what it is for: rows, answers and stations; menus and buttons stay behind."""

from collections.abc import Callable

from office import Office
from playwright.sync_api import Page, expect

PageAs = Callable[..., Page]


def test_lists_and_standing_are_on_paper_and_buttons_are_not(office: Office, page_as: PageAs) -> None:
    problem = office.problem_in_work()
    page = page_as("coordinator")
    page.emulate_media(media="print")
    for path, kept in (
        ("/register", "table.register tbody tr"),
        ("/meeting-page", "table.compact tbody tr"),
        (f"/problems/{problem}", ".stations .now"),
        ("/", ".figures li"),
    ):
        page.goto(path)
        expect(page.locator(kept).first).to_be_visible()
        for gone in (".nav", ".menu", ".foot", "button"):
            expect(page.locator(gone).locator("visible=true")).to_have_count(0)
