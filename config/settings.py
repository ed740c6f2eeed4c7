"""The settings of an installation: a TOML file, overridden by environment variables XIAOHAO_…"""

import os
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

FILE_VARIABLE = "XIAOHAO_CONFIG"
DEFAULT_FILE = Path("xiaohao.toml")


Remote = Literal["folder", "mail", "sheet", "wecom", "dingtalk", "feishu", "webhook", "apprise"]
WebAddress = Annotated[str, Field(pattern=r"^https?://[!-~]+[!-.0-~]$")]  # printable ASCII, no slash at the end
PerMinute = Annotated[int, Field(ge=1)]


class MailSettings(BaseModel):
    """The mail server. `sender` also stands in the files of the folder channel."""

    model_config = ConfigDict(extra="forbid")
    host: str = ""
    port: int = 25
    sender: str = "xiaohao@example.org"
    security: Literal["none", "starttls", "tls"] = "none"
    username: str = ""
    password: SecretStr = SecretStr("")
    ca_file: str | None = None
    timeout: float = 20.0
    per_minute: PerMinute | None = None


class RobotSettings(BaseModel):
    """A group robot of a chat platform, on the platform's servers or on an office's own."""

    model_config = ConfigDict(extra="forbid")
    base_url: WebAddress
    key: SecretStr
    ca_file: str | None = None
    timeout: float = 10.0
    per_minute: PerMinute = 20


class WebhookSettings(BaseModel):
    """A system of the office's own that takes messages."""

    model_config = ConfigDict(extra="forbid")
    url: WebAddress
    secret: Annotated[SecretStr, Field(min_length=16)]
    ca_file: str | None = None
    timeout: float = 10.0
    per_minute: PerMinute | None = None


class AppriseSettings(BaseModel):
    """One place that the library Apprise can reach; the address holds the key."""

    model_config = ConfigDict(extra="forbid")
    url: SecretStr
    per_minute: PerMinute = 20


class WebSettings(BaseModel):
    """The pages. `secure_cookies` only behind https; `upload_megabytes` is the largest file that is taken."""

    model_config = ConfigDict(extra="forbid")
    secure_cookies: bool = False
    upload_megabytes: Annotated[int, Field(ge=1, le=2000)] = 50


class Settings(BaseSettings):
    """Everything that differs between installations. An unknown key is an error, not a setting without effect.

    `data` holds the database (unless `database` names another), the file store and, for the channels that write
    files, `mail/` and `sheets/`. `remote` are the channels of everybody beside the inbox, `reach` those of the
    holders of a role instead. `beat_seconds` is how often the worker looks for what is due.
    """

    model_config = SettingsConfigDict(env_prefix="XIAOHAO_", env_nested_delimiter="__", extra="forbid")
    data: Path = Path("var")
    database: str = ""
    language: Literal["zh", "en"] = "zh"
    domain: str = "xiaohao.example.org"
    link_base: str = ""
    beat_seconds: int = Field(default=30, ge=1)
    web: WebSettings = WebSettings()
    mail: MailSettings = MailSettings()
    wecom: RobotSettings | None = None
    dingtalk: RobotSettings | None = None
    feishu: RobotSettings | None = None
    webhook: WebhookSettings | None = None
    apprise: AppriseSettings | None = None
    # Below the tables that they are checked against.
    remote: Annotated[tuple[Remote, ...], NoDecode] = ("folder",)
    reach: dict[str, tuple[Remote, ...]] = {}

    @field_validator("remote", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """An environment variable has no lists: `mail,wecom`."""
        return [name.strip() for name in value.split(",")] if isinstance(value, str) else value

    @field_validator("remote", "reach")
    @classmethod
    def _set_up(cls, value: Any, info: ValidationInfo) -> Any:
        """A channel that is chosen and not set up would fail at every beat of the night instead of at the start."""
        chosen = value if isinstance(value, tuple) else chain.from_iterable(value.values())
        missing = {name for name in chosen if not _is_set_up(name, info.data)}
        if missing:
            raise ValueError(f"not set up: {', '.join(sorted(missing))}")
        return value

    @property
    def channels(self) -> dict[str, dict[str, Any]]:
        """The chosen channels with their settings, as each is built from them."""
        chosen = {*self.remote, *chain.from_iterable(self.reach.values())}
        return {name: self._options(name) for name in sorted(chosen)}

    def _options(self, name: Remote) -> dict[str, Any]:
        if name == "folder":
            return {"directory": self.mail_folder, "sender": self.mail.sender}
        if name == "sheet":
            return {"directory": self.sheet_folder}
        options = getattr(self, name).model_dump().items()
        return {key: value.get_secret_value() if isinstance(value, SecretStr) else value for key, value in options}

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'xiaohao.db'}"

    @property
    def mail_folder(self) -> Path:
        return self.data / "mail"

    @property
    def sheet_folder(self) -> Path:
        return self.data / "sheets"

    @property
    def files_folder(self) -> Path:
        return self.data / "files"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the command line says wins over the environment, the environment over the file."""
        del dotenv_settings, file_secret_settings
        path = Path(os.environ.get(FILE_VARIABLE, DEFAULT_FILE))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=path)


def _is_set_up(name: Remote, settings: Mapping[str, Any]) -> bool:
    """A table that is faulty itself is missing here: its own fault is reported."""
    if name == "mail":
        return "mail" not in settings or bool(settings["mail"].host)
    return name in ("folder", "sheet") or settings.get(name, True) is not None
