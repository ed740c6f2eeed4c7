"""Makes PostgreSQL databases for tests, and says how many there are."""

import itertools

import psycopg
from sqlalchemy import make_url


class PostgresMaker:
    """Databases on one server, each a copy of a template or empty."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._counter = itertools.count(1)

    def __call__(self, template: str | None = None) -> str:
        name = f"test_{next(self._counter)}"
        source = make_url(template).database if template else "template0"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        return make_url(self._server).set(database=name).render_as_string(hide_password=False)
