"""The table of contents of the site: a module for each noun, with its `router`; everything not public is locked."""

from web.pages import (
    actions,
    bodies,
    cases,
    forecast,
    health,
    home,
    inbox,
    log_in,
    look,
    meeting_page,
    password,
    register,
    staff,
    wall_chart,
    why,
)  # fmt: skip

PUBLIC = (log_in, look)
PAGES = (
    home, meeting_page, register, wall_chart, bodies, inbox, cases, actions, password, why, forecast,
    health, staff,
)  # fmt: skip
