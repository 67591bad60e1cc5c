"""Settings: a bad value stops the start and is named."""

import stat
from pathlib import Path

import pytest

from surveys.db import tortoise_config
from surveys.errors import SettingsError
from surveys.settings import settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/polyvox"),
        ("DATABASE_URL", "sqlite:///relative.sqlite3"),
        ("DATABASE_URL", "sqlite://relative.sqlite3"),
        ("SENTIMENT_MODEL", "/no/such/model"),
        ("BROKER_URL", "redis://localhost"),
        ("SMTP_URL", "localhost:25"),
        ("PUBLIC_URL", "polyvox.example"),
        ("SECRET_KEY", "x" * 31),
        ("TIME_ZONE", "Europe/Rīga"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("ORIGINAL_DAYS", "0"),
        ("WEBHOOK_ALLOW", "https"),
        ("TRUSTED_HOPS", "-1"),
    ],
)
def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    settings.cache_clear()
    with pytest.raises(SettingsError, match=f"^{name}: "):
        settings()


def test_a_data_folder_that_cannot_be_made_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("no folder")
    monkeypatch.setenv("POLYVOX_HOME", str(home / "file" / "data"))
    settings.cache_clear()
    with pytest.raises(SettingsError, match=r"^POLYVOX_HOME: .*/file/data cannot be made: "):
        _ = settings().home


@pytest.mark.parametrize("name", ["a b", "100%25", "ā?b#c"])
def test_the_data_folder_may_have_any_name(home: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The database's address is read as an address is."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("POLYVOX_HOME", str(home / name))
    settings.cache_clear()
    credentials = tortoise_config()["connections"]["default"]["credentials"]
    assert credentials["file_path"] == str(home / name / "polyvox.sqlite3")
    # Nobody else on the machine looks into one that we made.
    assert stat.S_IMODE((home / name).stat().st_mode) == 0o700


def test_links_have_one_slash_after_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://feedback.example.org/")
    settings.cache_clear()
    assert settings().base_url == "https://feedback.example.org"


def test_defaults_keep_everything_in_the_data_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    assert settings().database == f"sqlite:///{home}/polyvox.sqlite3"
    assert settings().base_url == "http://127.0.0.1:8000"
    key = settings().signing_key
    assert len(key) >= 32
    assert settings().signing_key == key
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600


def test_an_empty_setting_is_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    settings.cache_clear()
    assert settings().port == 8000
