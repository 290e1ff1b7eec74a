"""Coming in with a password or a one-time link, and what somebody tries who should not (S41, S44–S55)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock, create_app, db, join, worker
from app.audit.kinds import Kind
from app.audit.models import EventRow
from app.connectors.mail import Mailbox
from app.courses.letters.models import Letter
from app.errors import Conflict
from app.identity import accounts, credentials, inspection, links, people
from app.identity.models import Account, AccountSession, Appointment, Attempt, OneTimeLink, Person
from app.workflow.models import Job
from tests.web.client import Client
from tests.web.conftest import Enter, settings_for

PASSWORD = "восемь гирь на одной чаше"
LINK = re.compile(r"https?://[^\s]+/link/([\w-]+)")


def factory(site: Flask) -> sessionmaker[Session]:
    found: sessionmaker[Session] = site.extensions["sessions"]
    return found


def person_of(site: Flask, email: str) -> Person:
    with factory(site)() as session:
        return session.scalars(sa.select(Person).where(Person.email == email)).one()


def letter_to(site: Flask, email: str) -> str:
    """Text of the newest letter to the address, once the worker has done its work."""
    worker.work_off(factory(site))
    box: Mailbox = site.extensions["demo_mailbox"]
    return box.messages(email)[0].text


def token_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found.group(1)


EMAIL = "vera.novikova@institute.example"


@pytest.fixture
def secretariat(enter: Enter) -> Client:
    return enter("secretariat", "en")


def add(secretariat: Client, email: str = EMAIL, **more: str) -> str:
    fields = {"name_ru": "Вера Новикова", "name_en": "Vera Novikova", "email": email, "locale": "ru", "invite": "1"}
    return secretariat.post("/people/new", fields | more).location.rsplit("/", 1)[1]


@pytest.fixture
def invited(site: Flask, secretariat: Client) -> str:
    """Token of a fresh invitation."""
    add(secretariat)
    return token_in(letter_to(site, EMAIL))


@pytest.fixture
def member(site: Flask, enter: Enter, invited: str) -> Client:
    """Somebody who has chosen a password by the invitation."""
    client = enter(locale="en")
    client.get(f"/link/{invited}", expect=303)
    client.post("/password", {"password": PASSWORD, "again": PASSWORD})
    return client


def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD, expect: int = 303, next_: str = "") -> str:
    return client.post("/sign-in", {"email": email, "password": password, "next": next_}, expect=expect).location


def test_an_invitation_leads_to_a_password_and_the_password_in(site: Flask, enter: Enter, member: Client) -> None:
    assert "Vera Novikova" in member.get("/account").text()
    member.post("/sign-out")
    assert member.get("/account", expect=303).location
    assert sign_in(member, next_="/account") == "/account"
    with factory(site)() as session:
        kinds = session.scalars(sa.select(EventRow.kind).order_by(EventRow.seq.desc()).limit(9)).all()
    for kind in (Kind.PERSON_INVITED, Kind.PASSWORD_SET, Kind.SIGNED_IN, Kind.SIGNED_OUT):
        assert kind.value in kinds


def test_the_letter_is_in_the_recipients_language_and_begins_with_our_address(site: Flask, secretariat: Client) -> None:
    add(secretariat, "en@institute.example", locale="en")
    add(secretariat, "ru@institute.example", locale="ru")
    assert "You have been invited" in letter_to(site, "en@institute.example")
    text = letter_to(site, "ru@institute.example")
    assert "Вас пригласили" in text
    assert "http://127.0.0.1:8000/link/" in text


def test_s46_a_scanner_that_opens_the_link_does_nothing(site: Flask, enter: Enter, invited: str) -> None:
    for _ in range(2):
        scanner = enter(locale="en")
        assert scanner.browser.head(f"/link/{invited}").status_code == 303
        scanner.get(f"/link/{invited}", expect=303)
        scanner.get("/password")
    with factory(site)() as session:
        assert session.scalars(sa.select(OneTimeLink.used_at)).all() == [None]
    client = enter(locale="en")
    client.get(f"/link/{invited}", expect=303)
    client.post("/password", {"password": PASSWORD, "again": PASSWORD})


def test_s47_a_link_works_once(enter: Enter, member: Client, invited: str) -> None:
    other = enter(locale="en")
    other.get(f"/link/{invited}", expect=303)
    assert "does not work any more" in other.get("/password", expect=410).heading
    other.post("/password", {"password": "другая длинная фраза", "again": "другая длинная фраза"}, expect=410)
    other.post("/sign-in", {"email": EMAIL, "password": "другая длинная фраза"}, expect=422)


@pytest.mark.parametrize("what", ["expired", "replaced", "readdressed", "closed", "altered"])
def test_s47_a_link_that_is_good_for_nothing_any_more(
    site: Flask, enter: Enter, secretariat: Client, invited: str, what: str
) -> None:
    client = enter(locale="en")
    client.get(f"/link/{invited}", expect=303)
    client.get("/password")
    ident = person_of(site, EMAIL).id
    if what == "expired":
        with factory(site).begin() as session:
            session.execute(sa.update(OneTimeLink).values(expires_at=clock.system() - timedelta(seconds=1)))
    elif what == "replaced":
        secretariat.post(f"/people/{ident}/invite")
    elif what == "readdressed":
        fields = {"name_ru": "Вера", "name_en": "Vera", "email": "new@institute.example", "locale": "ru"}
        secretariat.post(f"/people/{ident}", fields)
    elif what == "closed":
        secretariat.post(f"/people/{ident}/close", {"reason": "gone"})
    else:
        client = enter(locale="en")
        client.get(f"/link/{invited[:-2]}xx", expect=303)
    client.post("/password", {"password": PASSWORD, "again": PASSWORD}, expect=410)
    with factory(site)() as session:
        assert session.scalars(sa.select(Account.password_hash).where(Account.person_id == ident)).all() == [None]


def test_s48_only_hashes_are_stored_and_tokens_have_256_bits(site: Flask, member: Client, invited: str) -> None:
    assert len(invited) >= 43
    secret = member.browser.get_cookie("session")
    assert secret is not None
    with factory(site)() as session, session.connection() as connection:
        dump = "\n".join(
            str(row) for table in db.Model.metadata.sorted_tables for row in connection.execute(table.select())
        )
    assert invited not in dump
    assert PASSWORD not in dump
    with site.test_request_context():
        held = site.session_interface.get_signing_serializer(site).loads(secret.value)  # type: ignore[attr-defined]
    assert held["_user_id"] not in dump
    assert credentials.hash_password("x" * 12).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_s49_the_token_leaves_the_address(enter: Enter, invited: str) -> None:
    client = enter(locale="en")
    opened = client.get(f"/link/{invited}", expect=303)
    assert opened.location == "/password"
    page = client.get("/password")
    assert invited not in page.source
    assert page.answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example", "\\\\evil.example", "javascript:alert(1)", "/\\evil"]
)
def test_s50_after_signing_in_one_stays_in_the_house(enter: Enter, member: Client, evil: str) -> None:
    assert sign_in(enter(locale="en"), next_=evil) == "/"


def test_s52_a_cookie_from_before_is_not_the_one_after(site: Flask, enter: Enter, member: Client) -> None:
    client = enter(locale="en")
    client.get("/sign-in")
    before = client.browser.get_cookie("session")
    sign_in(client)
    after = client.browser.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    stranger = enter(locale="en")
    stranger.browser.set_cookie("session", before.value)
    stranger.get("/account", expect=303)


def test_s52_other_roles_are_another_secret(site: Flask, member: Client, secretariat: Client) -> None:
    def hashes() -> list[str]:
        with factory(site)() as session:
            mine = sa.select(AccountSession.hash).where(AccountSession.person_id == person_of(site, EMAIL).id)
            return list(session.scalars(mine.where(AccountSession.ended_at.is_(None))))

    member.get("/account")
    before = hashes()
    terms = {"person": person_of(site, EMAIL).id, "role": "auditor", "valid_from": clock.now().date().isoformat()}
    secretariat.post("/appointments/new", terms)
    member.get("/archive")
    after = hashes()
    assert len(before) == len(after) == 1
    assert before != after
    member.get("/archive")
    assert hashes() == after, "once is enough"


def test_s53_a_closed_account_is_out_at_once(site: Flask, member: Client, secretariat: Client) -> None:
    secretariat.post(f"/people/{person_of(site, EMAIL).id}/close", {"reason": "left"})
    assert member.get("/account", expect=303).location.startswith("/demo")
    member.post("/sign-in", {"email": EMAIL, "password": PASSWORD}, expect=422)


def test_s53_another_password_signs_everybody_else_out(enter: Enter, member: Client) -> None:
    other = enter(locale="en")
    sign_in(other)
    fresh = "девять гирь на другой чаше"
    member.post("/account/password", {"present": PASSWORD, "password": fresh, "again": fresh})
    member.get("/account")
    other.get("/account", expect=303)
    sign_in(other, password=PASSWORD, expect=422)
    sign_in(other, password=fresh)


def test_one_ends_a_session_elsewhere_and_never_somebody_elses(enter: Enter, member: Client) -> None:
    other, stranger = enter(locale="en"), enter("chair-16", "en")
    sign_in(other)
    ends = member.get("/account").tree.xpath("//form[contains(@action, '/end')]/@action")
    theirs = [one for one in ends if not one.endswith("end-others")]
    assert len(theirs) == 1
    stranger.post(theirs[0], expect=404)
    other.get("/account")
    member.post(theirs[0])
    other.get("/account", expect=303)


@pytest.mark.parametrize("column", ["seen_at", "expires_at"])
def test_a_session_ends_by_the_real_clock(site: Flask, member: Client, column: str) -> None:
    member.post("/demo/clock", {"amount": "400", "unit": "days"})
    member.get("/account")
    past = clock.system() - timedelta(hours=9)
    with factory(site).begin() as session:
        session.execute(sa.update(AccountSession).values({column: past}))
    member.get("/account", expect=303)


def test_s55_known_and_unknown_get_the_same_page_in_the_same_time(enter: Enter, member: Client) -> None:
    def ask(email: str) -> tuple[str, float]:
        client = enter(locale="en")
        began = perf_counter()
        page = client.post("/sign-in", {"email": email, "password": "wrong wrong wrong"}, expect=422)
        return page.source.replace(email, "…"), perf_counter() - began

    known, unknown = [ask(EMAIL) for _ in range(5)], [ask("nobody@institute.example") for _ in range(5)]
    bare = [
        re.sub(r"nonce-?[^>]*|csrf_token[^>]*|value=\"[\w.-]{40,}\"", "", page) for page, _ in (known[0], unknown[0])
    ]
    strip = [re.sub(r'[\w-]{22}|"Im[^"]*"', "", one) for one in bare]
    assert strip[0] == strip[1]
    times = [median(seconds for _, seconds in asked) for asked in (known, unknown)]
    print(f"S55: sign-in known {times[0] * 1000:.0f} ms, unknown {times[1] * 1000:.0f} ms")
    assert 0.4 < times[0] / times[1] < 2.5


def test_s55_guessing_is_stopped_and_told_when_to_go_on(site: Flask, enter: Enter, member: Client) -> None:
    for email in (EMAIL, "nobody@institute.example"):
        guesser = enter(locale="en")
        for _ in range(5):
            sign_in(guesser, email, "wrong wrong wrong", expect=422)
        page = guesser.post("/sign-in", {"email": email, "password": PASSWORD}, expect=429)
        assert "Try again in 15 minutes" in page.text()
        assert int(page.answer.headers["Retry-After"]) > 600
        assert page.value("email") == email, "what was typed stays"
    with factory(site).begin() as session:
        session.execute(sa.update(Attempt).values(at=clock.system() - timedelta(minutes=16)))
    sign_in(enter(locale="en"))


def test_s55_asking_for_a_password_tells_nothing(site: Flask, enter: Enter, member: Client) -> None:
    client = enter(locale="en")
    for email in (EMAIL, "nobody@institute.example"):
        assert client.post("/forgotten", {"email": email}).location == "/forgotten/sent"
    client.get("/forgotten/sent")
    with factory(site)() as session:
        asked = session.scalars(sa.select(Job.params).where(Job.operation == "accounts.forgotten")).all()
    assert sorted(bool(one["person"]) for one in asked) == [False, True]
    token = token_in(letter_to(site, EMAIL))
    client.get(f"/link/{token}", expect=303)
    fresh = "девять гирь на другой чаше"
    client.post("/password", {"password": fresh, "again": fresh})
    member.get("/account", expect=303)


def test_letters_for_a_forgotten_password_are_limited_in_silence(site: Flask, enter: Enter, member: Client) -> None:
    client = enter(locale="en")
    for _ in range(5):
        client.post("/forgotten", {"email": EMAIL})
    worker.work_off(factory(site))
    with factory(site)() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Letter.template == "reset")) <= 3  # type: ignore[operator]


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("короткий", "короткий", "at least 12 characters"),
        ("qwertyuiop123", "qwertyuiop123", "tried first"),
        ("vera.novikova 2026", "vera.novikova 2026", "your name or address"),
        (PASSWORD, PASSWORD + "!", "The two entries differ"),
        ("x" * 300, "x" * 300, "at most 256"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(
    enter: Enter, invited: str, password: str, again: str, said: str
) -> None:
    client = enter(locale="en")
    client.get(f"/link/{invited}", expect=303)
    page = client.post("/password", {"password": password, "again": again}, expect=422)
    assert said in page.text()
    assert password not in page.source


def test_s41_a_form_sets_only_what_it_shows(site: Flask, secretariat: Client) -> None:
    ident = add(secretariat, active="0", id="chosen", role="operator", password_hash="x", is_admin="1")
    with factory(site)() as session:
        kept = session.get_one(Person, ident)
        assert kept.active
        assert kept.id != "chosen"
        assert session.scalars(sa.select(Appointment).where(Appointment.person_id == ident)).all() == []
        assert session.get_one(Account, ident).password_hash is None


def test_the_people_are_found_corrected_and_what_is_wrong_is_told(site: Flask, secretariat: Client) -> None:
    ident = add(secretariat)
    assert "Vera Novikova" in secretariat.get("/people?q=новикова").text()
    assert "Nothing found" in secretariat.get("/people?q=nobody-of-that-name").text()
    page = secretariat.post(f"/people/{ident}", {"name_ru": "", "name_en": "V", "email": "no address"}, expect=422)
    assert "This is not an e-mail address" in page.text()
    assert page.value("email") == "no address"
    secretariat.post(f"/people/{ident}", {"name_ru": "Вера", "name_en": "Vera N", "email": EMAIL, "locale": "en"})
    assert "Vera N" in secretariat.get(f"/people/{ident}").heading


def test_letters_are_listed_with_what_became_of_them(site: Flask, enter: Enter, secretariat: Client) -> None:
    add(secretariat)
    assert "waiting" in secretariat.get("/letters?q=новикова").text("//tbody")
    worker.work_off(factory(site))
    assert "sent" in secretariat.get("/letters?state=sent").text("//tbody")
    assert "No letters here" in secretariat.get("/letters?state=bounced").text()
    path = secretariat.get("/letters").links("/letters/0")[0]
    assert "one-time link stands here" in secretariat.get(path).text()
    enter("admin-by", "en").get(path, expect=404)
    page = secretariat.post("/letters/returned", {"text": "hello"}, expect=422)
    assert "no notification" in page.text()
    assert "hello" in page.source


@pytest.fixture
def fresh_site(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """As `serve` builds it: nobody yet, no personas, our address."""
    settings = replace(settings_for(tmp_path), mode="serve", public_url="https://courses.example")
    join(settings)
    (tmp_path / "coomet.db").write_bytes(sqlite_template.read_bytes())
    engine = db.create_engine(settings.database)
    yield create_app(settings, engine)
    engine.dispose()
    clock.use(clock.system)


def test_s44_the_first_person_comes_in_once(fresh_site: Flask) -> None:
    with factory(fresh_site).begin() as session:
        lost = accounts.invite_first(session, "wrong@institute.example", "Wrong")
        token = accounts.invite_first(session, "op@institute.example", "Олег Оператор")
        assert links.find(session, lost) is None
        person = accounts.set_password(session, links.find(session, token).id, credentials.hash_password(PASSWORD))  # type: ignore[union-attr]
        roles = session.scalars(sa.select(Appointment.role).where(Appointment.person_id == person)).all()
        assert sorted(roles) == ["operator", "secretariat"]
        assert inspection.check(session) == []
    with factory(fresh_site).begin() as session:
        session.execute(sa.delete(Appointment))
        with pytest.raises(Conflict):
            accounts.invite_first(session, "op@institute.example", "Олег")


def test_serve_has_no_personas_and_its_cookie_is_bound_to_the_host_s54(fresh_site: Flask) -> None:
    assert not [rule for rule in fresh_site.url_map.iter_rules() if rule.rule.startswith("/demo")]
    browser = fresh_site.test_client()
    page = browser.get("/sign-in", base_url="https://courses.example")
    (cookie,) = page.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert browser.get("/", base_url="https://courses.example").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("host", ["evil.example", "courses.example.evil.example"])
def test_s51_another_host_is_refused(fresh_site: Flask, host: str) -> None:
    assert fresh_site.test_client().get("/sign-in", base_url=f"https://{host}").status_code == 400


def test_an_erased_person_leaves_no_way_in(site: Flask, member: Client) -> None:
    ident = person_of(site, EMAIL).id
    with factory(site).begin() as session:
        people.erase(session, ident, "system:test")
    member.get("/account", expect=303)
    with factory(site)() as session:
        assert session.get_one(Account, ident).password_hash is None
        assert session.scalars(sa.select(AccountSession).where(AccountSession.person_id == ident)).all() == []
