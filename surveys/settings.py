"""Settings, read once from the environment; a bad value stops the start and is named."""

import os
import re
import secrets
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from surveys.errors import SettingsError

CHECKOUT = Path(__file__).parents[1]

DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
BROKER_SCHEMES = ("nats", "tls")
SMTP_SCHEMES = ("smtp", "smtps")
WEBHOOK_EXCEPTIONS = ("http", "private")
MODEL_FILES = ("config.json", "tokenizer.json")
WEIGHT_FILES = ("model.onnx", "onnx/model.onnx", "*.safetensors")
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
"""`owner/name` on a model hub."""


class Settings(BaseSettings):
    """One field per environment variable of the same name in capitals; docs/configuration.md lists them."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    polyvox_home: Path = Field(default=CHECKOUT / "var")
    database_url: str = ""
    broker_url: str = ""
    smtp_url: str = ""
    public_url: str = ""
    secret_key: str = ""
    time_zone: str = "UTC"
    port: int = Field(default=8000, ge=0, le=65535)
    original_days: int = Field(default=30, ge=1, le=3650)
    sentiment_model: str = ""
    webhook_allow: str = ""
    trusted_hops: int = Field(default=0, ge=0, le=10)

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value.startswith("sqlite:") and not value.startswith("sqlite:////"):
            # A path that depends on the folder would give web and worker two databases.
            msg = "needs an absolute path with four slashes, such as sqlite:////var/lib/polyvox.sqlite3"
            raise ValueError(msg)
        return _with_scheme(value, DATABASE_SCHEMES)

    @field_validator("broker_url")
    @classmethod
    def _broker(cls, value: str) -> str:
        return _with_scheme(value, BROKER_SCHEMES)

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: str) -> str:
        return _with_scheme(value, SMTP_SCHEMES)

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        return _with_scheme(value, ("http", "https")).rstrip("/")

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in available_timezones():
            msg = f"{value!r} is not an IANA time zone such as Europe/Riga"
            raise ValueError(msg)
        return value

    @field_validator("sentiment_model")
    @classmethod
    def _model(cls, value: str) -> str:
        folder = Path(value)
        if not value or (HUB_ID.fullmatch(value) and not folder.exists()):
            return value
        missing = [name for name in MODEL_FILES if not (folder / name).is_file()]
        if not any(path for kind in WEIGHT_FILES for path in folder.glob(kind)):
            missing.append(" or ".join(WEIGHT_FILES))
        if missing:
            msg = f"{value} is not a folder with a model: {', '.join(missing)} not found"
            raise ValueError(msg)
        return value

    @field_validator("webhook_allow")
    @classmethod
    def _known_exceptions(cls, value: str) -> str:
        unknown = {part.strip() for part in value.split(",")} - {"", *WEBHOOK_EXCEPTIONS}
        if unknown:
            msg = f"may name {' and '.join(WEBHOOK_EXCEPTIONS)}, with a comma between, and nothing else"
            raise ValueError(msg)
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < 32:
            msg = "needs at least 32 characters"
            raise ValueError(msg)
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's zone until an administrator sets another one."""
        return ZoneInfo(self.time_zone)

    @property
    def database(self) -> str:
        """DATABASE_URL, or an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{quote(str(self.home / 'polyvox.sqlite3'))}"

    @property
    def base_url(self) -> str:
        """PUBLIC_URL without a slash at the end, or the local address."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @cached_property
    def home(self) -> Path:
        """The data folder; made when missing, for nobody else to look into.

        Raises SettingsError when it cannot be made.
        """
        try:
            self.polyvox_home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            msg = f"POLYVOX_HOME: {self.polyvox_home} cannot be made: {error.strerror}"
            raise SettingsError(msg) from None
        return self.polyvox_home.resolve()

    def allows(self, exception: str) -> bool:
        """Whether webhooks may go unencrypted (`http`) or into our own networks (`private`)."""
        return exception in {part.strip() for part in self.webhook_allow.split(",")}

    @property
    def model_folder(self) -> str:
        """SENTIMENT_MODEL, or the model that ships."""
        return self.sentiment_model or str(CHECKOUT / "sentiment" / "model")

    @cached_property
    def signing_key(self) -> str:
        """SECRET_KEY, or one made on first use and kept in the data folder, readable by us alone."""
        return self.secret_key or _kept_key(self.home / "secret-key")


def _with_scheme(value: str, schemes: tuple[str, ...]) -> str:
    if value and urlsplit(value).scheme not in schemes:
        msg = f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"
        raise ValueError(msg)
    return value


def _kept_key(path: Path) -> str:
    """Two processes may start at once: the first to make the file wins, the other reads it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key


@cache
def settings() -> Settings:
    """Read the environment once.

    Raises SettingsError naming every variable that is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, problem['loc'])).upper()}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        ]
        raise SettingsError("; ".join(lines)) from None
