"""The first person of a new site."""

from pathlib import Path

import pytest

from app import cli, create_app, db
from app.config import Config
from app.identity import accounts, actors, credentials, links
from tests.production.serving import FIT, HOST, SECRET


@pytest.fixture
def given(site_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {**FIT, "LC_ALL": "en", "DATA_DIR": str(site_folder)}.items():
        monkeypatch.setenv(name, value)
    return site_folder


def test_s44_the_first_person_comes_in_by_a_link_and_nobody_after_that(
    given: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["admin", "First@Example.org", "--name", "First"]) == 0
    lost = capsys.readouterr().out.strip()
    assert cli.main(["admin", "first@example.org"]) == 0, "until a password is chosen the link may be asked for again"
    link = capsys.readouterr().out.strip()
    assert link.startswith(f"https://{HOST}/link/")
    engine = db.create_engine(f"sqlite:///{given}/coomet.db")
    with db.session_factory(engine).begin() as session:
        assert links.find(session, lost.rpartition("/")[2]) is None, "the link before does nothing any more"
        found = links.find(session, link.rpartition("/")[2])
        assert found is not None
        accounts.set_password(session, found.id, credentials.hash_password("a long password of the first person"))
        held = {holding.role for holding in actors.actor_of(session, found.person_id).holdings}
    assert held >= {"operator", "secretariat"}
    for address in ("first@example.org", "second@example.org"):
        assert cli.main(["admin", address]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.strip()
    engine.dispose()


def test_s44_no_page_sets_the_site_up(given: Path) -> None:
    app = create_app(Config(mode="serve", data_dir=given, secret_key=SECRET, public_url=f"https://{HOST}"))
    """`/register` is the register of courses and certificates."""
    words = {"setup", "set-up", "install", "first", "admin", "register", "sign-up"}
    rules = [rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/register")]
    assert not [rule for rule in rules if words & set(rule.split("/"))]


def test_admin_refuses_what_is_no_address(given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for address in ("nobody", "a@b@c", "@x.org", "a b@x.org"):
        assert cli.main(["admin", address]) == 1
        assert "not an e-mail address" in capsys.readouterr().err
