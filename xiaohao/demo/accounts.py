"""An account for each role of the sample, so that whoever looks round can be anybody."""

from dataclasses import dataclass

from desk.account_record import CONSOLE
from desk.accounts import set_password
from desk.finding import find_person
from desk.inbox import mark_read, messages
from engine.organizations import names
from xiaohao.bootstrap import House
from xiaohao.demo.sample import Sample

FRESH = 14 * 86_400  # seconds: what is older, people of the sample have read
MOST_READ = 500


@dataclass(frozen=True)
class Account:
    """Who can be logged in as, in which role (the label), with which password."""

    role: str
    key: str
    name: str
    password: str


def give_accounts(house: House, now: int) -> list[Account]:
    """Set the sample's password for one person of each role, in the order of the file; old messages are read."""
    sample = Sample().accounts
    return [_given(house, one["role"], one["person"], sample["password"], now) for one in sample["accounts"]]


def _given(house: House, role: str, key: str, password: str, now: int) -> Account:
    with house.database.read() as tx:
        person_id = find_person(tx, key)
        name = names(tx, [person_id])[person_id]
        old = [one.id for one in messages(tx, person_id, limit=MOST_READ) if one.at < now - FRESH]
    set_password(house.desk, person_id, password, now, by=CONSOLE)
    mark_read(house.desk, old, person_id, now - FRESH)
    return Account(house.desk.words.label(house.runtime.registry.roles[role].label), key, name, password)
