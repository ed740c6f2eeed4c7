"""The settings of an installation: a TOML file, overridden by environment variables XIAOHAO_…"""

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

FILE_VARIABLE = "XIAOHAO_CONFIG"
DEFAULT_FILE = Path("xiaohao.toml")


class MailSettings(BaseModel):
    """The mail server. Without a host there is no mail channel, and the folder takes its place."""

    model_config = ConfigDict(extra="forbid")
    host: str = ""
    port: int = 25
    sender: str = "xiaohao@example.org"
    security: Literal["none", "starttls", "tls"] = "none"
    username: str = ""
    password: SecretStr = SecretStr("")
    ca_file: str | None = None
    timeout: float = 20.0


class Settings(BaseSettings):
    """Everything that differs between installations. An unknown key is an error, not a setting without effect.

    `data` holds the database (unless `database` names another), the file store and, for the folder channel,
    `mail/`. `beat_seconds` is how often the worker looks for what is due.
    """

    model_config = SettingsConfigDict(env_prefix="XIAOHAO_", env_nested_delimiter="__", extra="forbid")
    data: Path = Path("var")
    database: str = ""
    language: Literal["zh", "en"] = "zh"
    remote: Literal["folder", "mail"] = "folder"
    domain: str = "xiaohao.example.org"
    link_base: str = ""
    beat_seconds: int = Field(default=30, ge=1)
    mail: MailSettings = MailSettings()

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'xiaohao.db'}"

    @property
    def mail_folder(self) -> Path:
        return self.data / "mail"

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
