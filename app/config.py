"""Deployment settings, all of them, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

Mode = Literal["demo", "serve", "test"]
Backend = Literal["local", "procrastinate"]
DEFAULT_SECRET = "only-for-the-demo"  # noqa: S105 - `serve` refuses to start with it


@dataclass(frozen=True, slots=True)
class Config:
    """One field a setting; the name in the environment is the field's name in capitals."""

    mode: Mode = "demo"
    data_dir: Path = Path("data")
    """Where the embedded database, the files and the demo's clock are kept."""
    database_url: str = field(default="", repr=False)
    """SQLAlchemy URL; empty means SQLite in DATA_DIR."""
    files_dir: Path | None = None
    """Content-addressed store; by default `files` in DATA_DIR."""
    secret_key: str = field(default=DEFAULT_SECRET, repr=False)
    public_url: str = ""
    """Address under which people reach the pages; links in letters begin with it."""
    port: int = 8000
    max_upload_mb: int = 100
    default_zone: str = "Europe/Minsk"
    """Zone of the Secretariat and of organisations without one of their own."""
    default_country: str = "BY"
    """Working-day calendar of the Secretariat and of organisations without a country."""
    trusted_proxies: int = 0
    """How many reverse proxies stand before the program."""
    log_level: str = "INFO"
    lease_seconds: int = 30
    """How long a worker may be silent before its job is given to another."""
    backend: Backend = "local"
    """What wakes workers: each looks for itself, or Procrastinate on PostgreSQL for many machines."""
    smtp_url: str = field(default="", repr=False)
    """smtp://user:password@host:587 (STARTTLS demanded), smtps://… (TLS) or smtp+plain://host:25 (a relay near by).

    `?connections=2` is how many letters go out at a time.
    """
    mail_from: str = ""
    """Address in From, and where bounces go."""
    moodle_url: str = ""
    """Address of the platform; empty: every step there is done by hand."""
    moodle_token: str = field(default="", repr=False)
    moodle_category: int = 0
    """Id of COOMET's category on the platform."""
    evidence_key: Path | None = None
    """Ed25519 private key (PEM) that signs checkpoints; by default `evidence.key` in DATA_DIR, made when missing."""
    checkpoint_dir: Path | None = None
    """Folder on another machine or medium that gets a copy of every checkpoint."""
    checkpoint_mail: str = ""
    """Addresses, separated by commas, that get a copy of every checkpoint."""
    seal_file: Path | None = None
    """PKCS#12 with the organisation's certificate; documents are sealed with it."""
    seal_password: str = field(default="", repr=False)

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'coomet.db').absolute()}"

    @property
    def key_file(self) -> Path:
        return self.evidence_key or self.data_dir / "evidence.key"

    @property
    def files(self) -> Path:
        return self.files_dir or self.data_dir / "files"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log, page or backup may hold."""
        within = [unquote(urlsplit(url).password or "") for url in (self.database_url, self.smtp_url) if url]
        found = [self.secret_key, self.moodle_token, self.seal_password, *within]
        return tuple(secret for secret in found if secret)


def read(environment: Mapping[str, str] = os.environ, **overrides: object) -> Config:
    """Settings from the environment; keyword arguments win. ValueError names the setting it cannot read."""
    values: dict[str, object] = {}
    for name, kind in Config.__annotations__.items():
        raw = environment.get(name.upper())
        if not raw or name == "mode":  # Compose hands on an empty text for what is not set
            continue
        try:
            values[name] = int(raw) if kind is int else Path(raw) if "Path" in str(kind) else raw
        except ValueError:
            raise ValueError(f"{name.upper()} must be a number, not {raw!r}") from None
    return Config(**(values | overrides))  # type: ignore[arg-type]  # the loop above gives each field its own type
