"""The settings of an installation: a TOML file, overridden by environment variables XIAOHAO_…"""

import os
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

FILE_VARIABLE = "XIAOHAO_CONFIG"
DEFAULT_FILE = Path("xiaohao.toml")


class WebSettings(BaseModel):
    """The pages. `secure_cookies` only behind https; `upload_megabytes` is the largest file that is taken."""

    model_config = ConfigDict(extra="forbid")
    secure_cookies: bool = False
    upload_megabytes: Annotated[int, Field(ge=1, le=2000)] = 50


class Settings(BaseSettings):
    """Everything that differs between installations. An unknown key is an error, not a setting without effect.

    `data` holds the database (unless `database` names another), the file store and, for the channels that write
    files, `mail/` and `sheets/`. `remote` are the channels of everybody beside the inbox, `reach` those of the
    holders of a role instead, `channel` what each is told, by its name: the channels check it themselves.
    `beat_seconds` is how often the worker looks for what is due.
    """

    model_config = SettingsConfigDict(env_prefix="XIAOHAO_", env_nested_delimiter="__", extra="forbid")
    data: Path = Path("var")
    database: str = ""
    language: Literal["zh", "en"] = "zh"
    domain: str = "xiaohao.example.org"
    link_base: str = ""
    beat_seconds: int = Field(default=30, ge=1)
    web: WebSettings = WebSettings()
    remote: Annotated[tuple[str, ...], NoDecode] = ("folder",)
    reach: dict[str, tuple[str, ...]] = {}
    # Keys and passwords among them: not to be shown with the rest.
    channel: Annotated[dict[str, dict[str, Any]], Field(repr=False)] = {}

    @field_validator("remote", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """An environment variable has no lists: `mail,wecom`."""
        return [name.strip() for name in value.split(",")] if isinstance(value, str) else value

    @property
    def channels(self) -> dict[str, dict[str, Any]]:
        """The chosen channels and whatever others were set up, with their settings, as each is built from them."""
        chosen = {*self.remote, *chain.from_iterable(self.reach.values()), *self.channel}
        return {name: self._given(name) | self.channel.get(name, {}) for name in sorted(chosen)}

    def _given(self, name: str) -> dict[str, Any]:
        """Where the channels that write files write them, unless they are told."""
        folders = {"folder": self.mail_folder, "sheet": self.sheet_folder}
        return {"directory": folders[name]} if name in folders else {}

    @property
    def wordings(self) -> Path:
        """The folder with the fixed words of each body's notices, a file `KEY.toml` for each."""
        return self.data / "notices"

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
