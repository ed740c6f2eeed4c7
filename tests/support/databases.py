"""Makes PostgreSQL databases for tests and takes them away again."""

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
        self._run(f"CREATE DATABASE {name} TEMPLATE {source}")
        return make_url(self._server).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Away with it, whoever is still connected: a hundred of them fill the disk of a small machine."""
        self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)
