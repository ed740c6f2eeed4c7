"""Settings and seeds: what an installation starts from. Imported by nobody but `xiaohao`."""

from pathlib import Path

FOLDER = Path(__file__).parent


def calendars() -> dict[str, str]:
    """The published holiday lists by year, as TOML texts."""
    return _texts("calendars")


def ladders() -> dict[str, str]:
    """The alert ladder presets by name, as TOML texts."""
    return _texts("ladders")


def milestones() -> str:
    """The milestones of an inspection and their periods, as a TOML text."""
    return (FOLDER / "milestones.toml").read_text(encoding="utf-8")


def _texts(folder: str) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((FOLDER / folder).glob("*.toml"))}
