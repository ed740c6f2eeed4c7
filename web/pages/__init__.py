"""The table of contents of the site: a module for each noun, with its `router`; everything not public is locked."""

from web.pages import (
    actions,
    bodies,
    calendars,
    cases,
    commitments,
    evidence,
    extensions,
    feedback,
    forecast,
    health,
    home,
    imports,
    inbox,
    inspections,
    ladders,
    leads,
    letters,
    log_in,
    look,
    look_backs,
    measures,
    meeting_page,
    meetings,
    notices,
    openings,
    password,
    problems,
    register,
    reviews,
    revisions,
    staff,
    wall_chart,
    why,
)

PUBLIC = (log_in, look)
PAGES = (
    home, meeting_page, register, wall_chart, bodies, inspections, feedback, meetings, problems, measures, evidence,
    inbox, letters, cases, actions, password, why, forecast, ladders, imports, revisions, health, staff, extensions,
    calendars, openings, commitments, look_backs, reviews, leads, notices,
)  # fmt: skip
