"""The settings of channels: what is chosen must be set up, and a secret is in no message."""

import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config.settings import Settings
from notifications.channels import CHANNELS, BadChannelError, build

ROBOT = {"base_url": "https://chat.street.test", "key": "k"}
HOOK = {"url": "http://10.0.0.2/messages", "secret": "sixteen letters!"}
ALL = {
    "mail": {"host": "127.0.0.1"},
    "wecom": ROBOT,
    "dingtalk": ROBOT,
    "feishu": ROBOT,
    "webhook": HOOK,
    "apprise": {"url": "json://10.0.0.3/messages"},
}


@pytest.fixture(autouse=True)
def _no_settings_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOHAO_CONFIG", "there-is-no-such-file.toml")


def _places(**settings: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Settings(**settings)
    assert "a-secret-word" not in str([error["msg"] for error in caught.value.errors()])
    return [".".join(map(str, error["loc"])) for error in caught.value.errors()]


def test_every_channel_of_the_registry_is_built_from_its_settings() -> None:
    names = sorted(CHANNELS.keys() - {"inbox"})
    settings = Settings(remote=names, data=Path("there"), **ALL)

    assert [build(name, options).brief for name, options in settings.channels.items()] == [
        name in ("apprise", "dingtalk", "feishu", "webhook", "wecom") for name in names
    ]


def test_an_installation_without_settings_writes_files() -> None:
    assert Settings().channels.keys() == {"folder"}


def test_one_name_a_list_and_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(remote="sheet").remote == ("sheet",)
    monkeypatch.setenv("XIAOHAO_REMOTE", "folder, sheet")
    assert Settings().remote == ("folder", "sheet")


def test_a_channel_for_a_role_is_built_too() -> None:
    assert Settings(reach={"head": ["sheet"]}).channels.keys() == {"folder", "sheet"}


@pytest.mark.row(15)
@pytest.mark.parametrize("name", ["mail", "wecom", "dingtalk", "feishu", "webhook", "apprise"])
def test_what_is_chosen_and_not_set_up_stops_the_start(name: str) -> None:
    assert _places(remote=[name]) == ["remote"]
    assert _places(reach={"head": [name]}) == ["reach"]


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"remote": ["pigeon"]}, "remote.0"),
        ({"wecom": {"base_url": "https://chat.street.test"}}, "wecom.key"),
        ({"wecom": {**ROBOT, "base_url": "chat.street.test"}}, "wecom.base_url"),
        ({"wecom": {**ROBOT, "base_url": "https://chat.street.test/"}}, "wecom.base_url"),
        ({"wecom": {**ROBOT, "base_url": "https://企业微信"}}, "wecom.base_url"),
        ({"wecom": {**ROBOT, "per_minute": 0}}, "wecom.per_minute"),
        ({"wecom": {**ROBOT, "keys": "a-secret-word"}}, "wecom.keys"),
        ({"webhook": {**HOOK, "secret": "a-secret-word"}}, "webhook.secret"),
        ({"apprise": {}}, "apprise.url"),
    ],
)
def test_a_faulty_setting_is_named_by_its_place(settings: dict[str, Any], place: str) -> None:
    assert _places(**settings) == [place]


def test_a_faulty_table_that_is_chosen_is_named_once_by_itself() -> None:
    assert _places(remote=["wecom"], wecom={"base_url": "https://chat.street.test"}) == ["wecom.key"]


def test_an_address_that_apprise_does_not_know_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadChannelError, match="apprise: url") as caught:
        build("apprise", {"url": "pigeon://a-secret-word"})

    assert "a-secret-word" not in str(caught.value)


def test_without_the_extra_the_channel_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)

    with pytest.raises(BadChannelError, match=r"pip install 'xiaohao\[apprise\]'"):
        build("apprise", {"url": "json://10.0.0.3"})
