"""A serving process stays small: what only workers, migrations or child processes need is not loaded with it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEVER = (
    "weasyprint", "pptx", "pyhanko", "procrastinate", "cryptography", "alembic", "pypdf", "PIL", "psycopg", "requests",
    "urllib3", "xlsxwriter", "segno", "yaml",
)  # fmt: skip
"""Psycopg comes with a database of PostgreSQL, and only then."""
START = """
import sys
from pathlib import Path
from app import create_app
from app.config import Config
create_app(Config(mode=sys.argv[1], data_dir=Path(sys.argv[2]), secret_key="k" * 40, public_url="https://courses.example",
    smtp_url="smtp://a:b@mail.example", mail_from="c@courses.example", moodle_url=sys.argv[3], moodle_token="t"))
print(*sorted({name.split(".")[0] for name in sys.modules} | {name for name in sys.modules if ".dialects." in name}))
"""


@pytest.mark.parametrize(("mode", "platform"), [("demo", ""), ("serve", "https://moodle.example")])
def test_a_serving_process_loads_only_what_pages_need(mode: str, platform: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", START, mode, str(tmp_path), platform]
    loaded = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120).stdout.split()
    assert "flask" in loaded
    assert "sqlalchemy" in loaded
    assert set(NEVER) & set(loaded) == set()
    assert "sqlalchemy.dialects.sqlite" in loaded
    assert "sqlalchemy.dialects.postgresql" not in loaded, "2.3 MB that SQLite has no use for"
