from pathlib import Path

import pytest

from app import config


def test_settings_are_read_from_the_environment_and_arguments_win() -> None:
    read = config.read({"PORT": "8123", "DATA_DIR": "/srv/coomet", "FILES_DIR": "/srv/files"}, mode="serve")
    assert (read.port, read.data_dir, read.files, read.mode) == (8123, Path("/srv/coomet"), Path("/srv/files"), "serve")
    assert read.database == "sqlite:////srv/coomet/coomet.db"
    assert config.read({"DATABASE_URL": "postgresql+psycopg://x"}).database == "postgresql+psycopg://x"


def test_a_setting_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match="PORT must be a number"):
        config.read({"PORT": "eight"})


def test_the_mode_is_no_setting_of_the_environment() -> None:
    assert config.read({"MODE": "demo"}, mode="serve").mode == "serve"


def test_the_secret_is_never_shown() -> None:
    assert "hidden" not in repr(config.Config(secret_key="hidden"))


def test_there_are_at_most_25_settings_each_with_a_name_for_the_environment() -> None:
    assert len(config.Config.__annotations__) <= 25


def test_an_empty_text_counts_as_not_set() -> None:
    read = config.read({"PORT": "", "FILES_DIR": "", "SECRET_KEY": ""})
    assert (read.port, read.files_dir, read.secret_key) == (8000, None, config.DEFAULT_SECRET)


def test_the_address_of_the_database_is_not_shown_with_its_password() -> None:
    read = config.read({"DATABASE_URL": "postgresql+psycopg://coomet:hidden%21@db/coomet"})
    assert "hidden" not in repr(read)
    assert "hidden!" in read.secrets
