"""The settings of channels: what is chosen must be set up, and a secret is in no message."""

import sys
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from engine.faults import FaultsError
from notifications.channels import CHANNELS, BadChannelError, build
from notifications.channels.mail import MailChannel
from xiaohao.bootstrap import check_channels

ROBOT = {"base_url": "https://chat.street.test", "key": "k"}
HOOK = {"url": "http://10.0.0.2/messages", "secret": "sixteen letters!"}
ALL = {
    "mail": {"host": "127.0.0.1"},
    "wecom": ROBOT,
    "dingtalk": ROBOT,
    "feishu": ROBOT,
    "webhook": HOOK,
}


@pytest.fixture(autouse=True)
def _no_settings_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOHAO_CONFIG", "there-is-no-such-file.toml")


def _places(**settings: Any) -> list[str]:
    """Where the faults are that stop the start."""
    with pytest.raises(FaultsError) as caught:
        check_channels(Settings(**settings))
    assert "a-secret-word" not in str(caught.value)
    return [one.path for one in caught.value.faults]


def test_every_channel_of_the_registry_is_built_from_its_settings() -> None:
    """But for Apprise: its library takes a second to come in, and the suite of all channels builds it too."""
    names = sorted(CHANNELS.keys() - {"inbox", "apprise"})
    settings = Settings(remote=names, data=Path("there"), channel=ALL)

    assert [build(name, options).brief for name, options in settings.channels.items()] == [
        name in ("dingtalk", "feishu", "webhook", "wecom") for name in names
    ]


def test_a_setting_of_a_channel_comes_from_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOHAO_CHANNEL__MAIL__HOST", "127.0.0.1")
    monkeypatch.setenv("XIAOHAO_CHANNEL__MAIL__PORT", "2525")
    settings = Settings(remote="mail")
    channel = build("mail", settings.channels["mail"])

    assert isinstance(channel, MailChannel)
    assert (channel.server.host, channel.server.port) == ("127.0.0.1", 2525)


def test_keys_are_not_shown_with_the_settings() -> None:
    assert "a-secret-word" not in repr(Settings(channel={"wecom": {**ROBOT, "key": "a-secret-word"}}))


def test_an_installation_without_settings_writes_files() -> None:
    assert Settings().channels.keys() == {"folder"}


def test_one_name_a_list_and_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(remote="sheet").remote == ("sheet",)
    monkeypatch.setenv("XIAOHAO_REMOTE", "folder, sheet")
    assert Settings().remote == ("folder", "sheet")


def test_a_channel_for_a_role_is_built_too() -> None:
    assert Settings(reach={"head": ["sheet"]}).channels.keys() == {"folder", "sheet"}


@pytest.mark.row(15)
@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("mail", "host"),
        ("wecom", "base_url"),
        ("dingtalk", "base_url"),
        ("feishu", "base_url"),
        ("webhook", "url"),
        ("apprise", "url"),
    ],
)
def test_what_is_chosen_and_not_set_up_stops_the_start(name: str, first: str) -> None:
    assert _places(remote=[name])[0] == f"channel.{name}.{first}"
    assert _places(reach={"head": [name]})[0] == f"channel.{name}.{first}"


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"remote": ["pigeon"]}, "channel.pigeon"),
        ({"channel": {"pigeon": {}}}, "channel.pigeon"),
        ({"channel": {"wecom": {"base_url": "https://chat.street.test"}}}, "channel.wecom.key"),
        ({"channel": {"wecom": {**ROBOT, "base_url": "chat.street.test"}}}, "channel.wecom.base_url"),
        ({"channel": {"wecom": {**ROBOT, "base_url": "https://chat.street.test/"}}}, "channel.wecom.base_url"),
        ({"channel": {"wecom": {**ROBOT, "base_url": "https://企业微信"}}}, "channel.wecom.base_url"),
        ({"channel": {"wecom": {**ROBOT, "per_minute": 0}}}, "channel.wecom.per_minute"),
        ({"channel": {"wecom": {**ROBOT, "keys": "a-secret-word"}}}, "channel.wecom.keys"),
        ({"channel": {"wecom": {**ROBOT, "timeout": "soon"}}}, "channel.wecom.timeout"),
        ({"channel": {"mail": {"host": "h", "prot": 25}}}, "channel.mail.prot"),
        ({"channel": {"mail": {"host": ""}}}, "channel.mail.host"),
        ({"channel": {"mail": {"host": "h", "security": "ssl"}}}, "channel.mail.security"),
        ({"channel": {"webhook": {**HOOK, "secret": "a-secret-word"}}}, "channel.webhook"),
        ({"channel": {"apprise": {}}}, "channel.apprise.url"),
    ],
)
def test_a_faulty_setting_is_named_by_its_place(settings: dict[str, Any], place: str) -> None:
    assert _places(**settings) == [place]


def test_without_the_extra_the_channel_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)

    with pytest.raises(BadChannelError, match=r"pip install 'xiaohao\[apprise\]'"):
        build("apprise", {"url": "json://10.0.0.3"})
