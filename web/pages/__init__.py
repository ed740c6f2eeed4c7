"""The table of contents of the site: a module for each noun, with its `router`; everything not public is locked."""

from web.pages import actions, cases, inbox, log_in, look, password, start

PUBLIC = (log_in, look)
PAGES = (start, inbox, cases, actions, password)
