"""Puts the house together from its settings: the only place where every room meets."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import config
from config.settings import Settings
from desk.check_workflows import check_ladders
from desk.desk import Desk, FileStore
from engine.canonical import loads
from engine.database import Database, Tx
from engine.editions import CALENDAR, LADDER, WORKFLOW, check, publish
from engine.faults import Fault, FaultsError
from engine.kinds import LineRef
from engine.organizations import load_body
from engine.registry import Registry
from engine.runtime import Runtime
from engine.words import Words, load
from notifications import channels
from notifications.channels.base import Channel, Recipient
from notifications.delivery import INBOX, Delivery, WaitingLine
from notifications.messages import Messages
from workflows import families
from xiaohao.migrations import upgrade

BEATS_MISSED, SHORTEST_PATIENCE = 3, 300
LAST_DAY = date.max.isoformat()
# A page makes tens of thousands of objects that are gone with it, a step hundreds: as it comes, the collector would
# look for rings among them some thirty times a page.
COLLECT_AFTER = (50_000, 20, 20)
ROOMS = ("engine", "desk", "web", "xiaohao")


@dataclass(frozen=True)
class House:
    """An installation, put together."""

    settings: Settings
    desk: Desk
    messages: Messages

    @property
    def database(self) -> Database:
        return self.desk.database

    @property
    def runtime(self) -> Runtime:
        return self.desk.runtime

    @property
    def patience(self) -> int:
        """How many seconds old the last beat may be: three of the worker's own, but never under a slow one's."""
        return max(SHORTEST_PATIENCE, BEATS_MISSED * self.settings.beat_seconds)


def build(settings: Settings) -> House:
    """Everything but the database's tables; raises FaultsError or ValueError when a part is not usable."""
    gc.set_threshold(*COLLECT_AFTER)
    if settings.database_url.startswith("sqlite:///"):
        settings.data.mkdir(parents=True, exist_ok=True)
    registry = Registry(families())
    _check_reach(settings, registry)
    check_channels(settings)
    desk = Desk(
        database=Database(settings.database_url),
        runtime=Runtime(registry),
        files=FileStore(settings.files_folder),
        words=load_words(settings.language),
    )
    return House(settings, desk, Messages.parse(registry.messages))


def load_words(language: str) -> Words:
    """The catalogue of all rooms in one language. Raises IncompleteCatalogueError."""
    return load(catalogue(), language)


def catalogue() -> dict[str, str]:
    """The TOML texts of everything that is said to people, by room; each family is one."""
    rooms = {room: files(room).joinpath("words.toml").read_text(encoding="utf-8") for room in ROOMS}
    return rooms | {f"workflows.{family.name}": family.words for family in families()}


def install(house: House) -> None:
    """Bring the database to the newest edition and put workflows, ladders and calendars in force.

    Running it again changes nothing; a changed workflow becomes a new edition that only new cases follow.
    Raises FaultsError for a ladder or a calendar that cannot work, and writes nothing.
    """
    registry = house.runtime.registry
    if faults := check_ladders(config.ladders(), registry):
        raise FaultsError(faults)
    editions = [
        *((WORKFLOW, kind, text) for kind, text in registry.workflows.items()),
        *((LADDER, name, text) for name, text in config.ladders().items()),
        *((CALENDAR, year, text) for year, text in config.calendars().items()),
    ]
    for kind, name, text in editions:
        check(kind, name, text, registry)
    upgrade(house.database)
    with house.database.begin() as tx:
        for kind, name, text in editions:
            if kind != CALENDAR or not _is_entered(house, tx, name):
                publish(tx, kind, name, text)


def _is_entered(house: House, tx: Tx, year: str) -> bool:
    """Whether the office put a list of its own in force: ours must not come over it at the next start."""
    there = house.runtime.editions.calendar_year(tx, int(year))
    return there is not None and bool(there.entered_by)


def _check_reach(settings: Settings, registry: Registry) -> None:
    """A misspelt role would be a setting without effect."""
    faults = [
        Fault("xiaohao.toml", f"reach.{role}", None, "没有这个角色", f"可用的有：{'、'.join(registry.roles)}")
        for role in settings.reach
        if role not in registry.roles
    ]
    if faults:
        raise FaultsError(faults)


def check_channels(settings: Settings) -> None:
    """A channel that is not set up would fail at every beat of the night instead of at the start. Raises
    FaultsError with the place of every fault."""
    faults: list[Fault] = []
    for name, options in settings.channels.items():
        try:
            channels.build(name, options)
        except channels.BadChannelError as error:
            for setting, message in error.places:
                path = f"channel.{name}.{setting}" if setting else f"channel.{name}"
                faults.append(Fault("xiaohao.toml", path, None, message, "见 docs/settings.md"))
    if faults:
        raise FaultsError(faults)


def delivery(house: House, tx: Tx) -> Delivery:
    """How messages leave, with the calendar in force."""
    settings = house.settings
    return Delivery(
        channels=_channels(settings),
        messages=house.messages,
        describe=_describe(house),
        window_of=lambda organization_id: load_body(tx, organization_id).settings.window,
        calendar=house.runtime.editions.calendar(tx),
        remotes_of=_remotes_of(house, tx),
        domain=settings.domain,
        link_base=settings.link_base,
        reminders=frozenset(family.reminder for family in house.runtime.registry.families),
    )


def _channels(settings: Settings) -> dict[str, Channel]:
    chosen: dict[str, dict[str, Any]] = {INBOX: {}, **settings.channels}
    return {name: channels.build(name, options) for name, options in chosen.items()}


def _remotes_of(house: House, tx: Tx) -> Callable[[Recipient, date], Sequence[str]]:
    """The channels of all the roles whose posts a person holds that day; without such a post, everybody's."""
    view, reach = house.runtime.view(tx), house.settings.reach

    def remotes_of(person: Recipient, day: date) -> Sequence[str]:
        posts = view.posts(person.id) if reach else ()
        held = {role for _, _, role, since, until in posts if since <= day.isoformat() <= (until or LAST_DAY)}
        chosen = {name for role in held & reach.keys() for name in reach[role]}
        return sorted(chosen) if held & reach.keys() else house.settings.remote

    return remotes_of


def _describe(house: House) -> Any:
    def describe(tx: Tx, lines: Sequence[WaitingLine]) -> Mapping[str, Mapping[str, Any] | None]:
        view = house.runtime.view(tx)
        view.load_read_only(line.case_id for line in lines)
        by_family: dict[str, list[LineRef]] = {}
        for line in lines:
            family = house.runtime.registry.family_of[view.case(line.case_id).kind].name
            by_family.setdefault(family, []).append((line.key, line.case_id, line.rule, loads(line.params)))
        found: dict[str, Mapping[str, Any] | None] = {}
        for family_ in house.runtime.registry.families:
            found |= family_.describe(view, by_family.get(family_.name, []))
        return found

    return describe
