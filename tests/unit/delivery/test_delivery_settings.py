"""The settings of delivery: contradictions stop the start, and patience has an end."""

from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.working_days import SendingWindow, WorkingCalendar
from notifications.channels import BadChannelError, build
from notifications.channels.base import Recipient
from notifications.channels.eml import BadAddressError, Sender
from notifications.channels.inbox import InboxChannel
from notifications.channels.mail import MailChannel, Server
from notifications.delivery import BadDeliveryError, Delivery, Patience
from notifications.messages import Messages

DAY = date(2026, 6, 12)


def _mail() -> MailChannel:
    return MailChannel(Server("127.0.0.1"), Sender.parse("office@street.test"))


def _delivery(**changed: Any) -> Delivery:
    settings = {
        "channels": {"inbox": InboxChannel(), "mail": _mail()},
        "messages": Messages.parse({}),
        "describe": lambda _tx, _lines: {},
        "window_of": lambda _organization: SendingWindow(time(8, 30), time(17, 30), ZoneInfo("Asia/Shanghai")),
        "calendar": WorkingCalendar({}, frozenset()),
        "remotes_of": lambda _person, _day: ["mail"],
        "domain": "street.test",
    }
    return Delivery(**{**settings, **changed})


def _person(email: str | None) -> Recipient:
    return Recipient(1, "zhang", "张伟", email, None, 1)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"channels": {}}, "channels: the inbox is missing"),
        ({"domain": "street test"}, "domain: 'street test'"),
        ({"domain": ""}, "domain: ''"),
        ({"link_base": "http://10.0.0.2/"}, "link_base: 'http://10.0.0.2/' ends with a slash"),
    ],
)
def test_a_contradiction_stops_the_start(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(BadDeliveryError, match=said):
        _delivery(**changed)


def test_everybody_has_the_inbox_and_who_has_mail_gets_mail() -> None:
    assert _delivery().addresses(_person("zhang@street.test"), DAY) == {
        "inbox": "zhang",
        "mail": "zhang@street.test",
    }
    assert _delivery().addresses(_person(None), DAY) == {"inbox": "zhang"}


def test_who_wants_nothing_but_the_inbox_has_it_once() -> None:
    delivery = _delivery(remotes_of=lambda _person, _day: ["inbox"])

    assert delivery.addresses(_person("zhang@street.test"), DAY) == {"inbox": "zhang"}


def test_a_person_may_be_reached_on_several_channels() -> None:
    channels = {"inbox": InboxChannel(), "sheet": build("sheet", {"directory": "s"}), "mail": _mail()}
    delivery = _delivery(channels=channels, remotes_of=lambda _person, _day: ["mail", "sheet"])

    assert delivery.addresses(_person("zhang@street.test"), DAY) == {
        "inbox": "zhang",
        "mail": "zhang@street.test",
        "sheet": "张伟",
    }
    assert delivery.addresses(_person(None), DAY) == {"inbox": "zhang", "sheet": "张伟"}


def test_there_is_no_link_without_a_site_or_a_page() -> None:
    assert _delivery().link("/problems/1") == ""
    assert _delivery(link_base="http://10.0.0.2").link("") == ""
    assert _delivery(link_base="http://10.0.0.2").link("/problems/1") == "http://10.0.0.2/problems/1"


def test_waits_double_up_to_the_longest() -> None:
    patience = Patience(first_wait=60, longest_wait=3600)

    assert [patience.wait(n) for n in (1, 2, 3, 6, 7, 8, 1000)] == [60, 120, 240, 1920, 3600, 3600, 3600]


def test_the_default_patience_outlasts_a_weekend_of_three_days() -> None:
    patience = Patience()

    assert sum(patience.wait(n) for n in range(1, patience.attempts)) > 3 * 24 * 3600


@pytest.mark.parametrize("text", ["", "整改办", "office@", "整改办 <office>", "办公@street.test"])
def test_a_sender_without_an_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddressError):
        Sender.parse(text)


def test_a_sender_has_a_name_and_an_address() -> None:
    sender = Sender.parse("整改办 <office@street.test>")

    assert (sender.header.display_name, sender.address, sender.domain) == (
        "整改办",
        "office@street.test",
        "street.test",
    )


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        (
            "pigeon",
            {},
            "channel pigeon: there is none of this name, only inbox, folder, mail, sheet, wecom, dingtalk, feishu",
        ),
        (
            "mail",
            {"sender": "office@street.test", "host": "h", "prot": 25},
            "channel mail: prot: Unexpected keyword",
        ),
        ("mail", {"sender": "office@street.test"}, "channel mail: host: .*required"),
        (
            "mail",
            {"sender": "office@street.test", "host": "h", "security": "ssl"},
            "channel mail: security: .*'none', 'starttls' or 'tls'",
        ),
        ("folder", {"directory": "mail", "sender": "office"}, "channel folder: .*'office'"),
        ("wecom", {"base_url": "http://127.0.0.1"}, "channel wecom: key: Missing required"),
        ("wecom", {"base_url": "127.0.0.1", "key": "k"}, "channel wecom: base_url: .*pattern"),
        ("webhook", {"url": "http://127.0.0.1", "secret": "guess"}, "channel webhook: secret: shorter than 16"),
    ],
)
def test_misspelt_settings_stop_the_start_by_name(name: str, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(BadChannelError, match=said):
        build(name, settings)
