"""The table of contents of the site: a module for each noun, with its `router`; everything not public is locked."""

from web.pages import actions, cases, forecast, health, inbox, log_in, look, password, start, why

PUBLIC = (log_in, look)
PAGES = (start, inbox, cases, actions, password, why, forecast, health)
