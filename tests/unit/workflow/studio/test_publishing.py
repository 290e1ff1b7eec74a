"""Publishing: exactly what was looked at, once, by one or by two; and the way back."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.audit.models import EventRow
from app.engine import Finding
from app.errors import Conflict, Invalid
from app.i18n import Text
from app.identity.actors import Actor, Holding
from app.workflow import releases
from app.workflow.models import Release
from app.workflow.models_studio import StudioRequest, StudioVersion
from app.workflow.releases import Refused
from app.workflow.studio import drafts, history, publishing, rehearsal
from app.workflow.studio.drafts import Saved
from tests.unit.workflow.test_releases import ONE, TWO, write

ONE_PATH = "processes/one/one.bpmn"
TWO_PATH = "processes/two/two.bpmn"
LETTER = "processes/one/letters/told.ru.txt"


def analyst(name: str, on_behalf_of: str | None = None) -> Actor:
    return Actor(name, Text(name, name), "ru", "Europe/Minsk", None, (Holding("analyst", None, None, on_behalf_of),))


ANNA, BORIS = analyst("anna"), analyst("boris")


@pytest.fixture
def opened(sessions: sessionmaker[Session], tmp_path: Path) -> sessionmaker[Session]:
    """A release with one diagram, and a draft over it that adds another."""
    with sessions.begin() as session:
        releases.publish_first(session, write(tmp_path, one=ONE))
        draft = drafts.open_draft(session, "anna")
        drafts.save(session, draft, TWO_PATH, TWO, 0, "anna")
    return sessions


def seen(session: Session) -> str:
    return publishing.of_draft(session, drafts.current(session)).sha256


def publish(session: Session, sha256: str | None = None, who: Actor = ANNA, note: str = "why") -> Release:
    content = publishing.of_draft(session, drafts.current(session))
    return publishing.publish(session, content, sha256 or content.sha256, (), who, note)


def ask(session: Session, who: Actor = ANNA) -> StudioRequest:
    content = publishing.of_draft(session, drafts.current(session))
    return publishing.ask(session, content, content.sha256, (), who, "why")


def kinds(session: Session) -> list[str]:
    return list(session.scalars(sa.select(EventRow.kind).order_by(EventRow.seq)))


def test_the_draft_becomes_the_newest_release_with_its_note(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        made = publish(session)
        newest = releases.current(session)
        assert newest is made
        assert (made.number, made.note, made.by, made.source) == (2, "why", "anna", "studio")
        assert releases.export(session, made.id)[TWO_PATH] == TWO
        assert drafts.find(session) is None
        assert kinds(session)[-1] == "release:published"


def test_without_a_note_with_findings_or_without_a_difference_nothing_is_published(
    opened: sessionmaker[Session],
) -> None:
    error = Finding(ONE_PATH, None, "rule", "publishing", Text("нет", "no"), Text("", ""))
    advice = Finding(ONE_PATH, None, "rule", "warning", Text("нет", "no"), Text("", ""))
    with opened.begin() as session:
        content = publishing.of_draft(session, drafts.current(session))
        with pytest.raises(Invalid, match="note"):
            publish(session, note="  ")
        with pytest.raises(Refused):
            publishing.publish(session, content, content.sha256, (error,), ANNA, "why")
        drafts.save(session, drafts.current(session), TWO_PATH, None, 1, "anna", how="removed")
        with pytest.raises(Conflict, match="nothing to publish"):
            publish(session)
        drafts.save(session, drafts.current(session), TWO_PATH, TWO, 2, "anna")
        content = publishing.of_draft(session, drafts.current(session))
        assert publishing.publish(session, content, content.sha256, (advice,), ANNA, "why").number == 2


def test_what_is_saved_after_the_look_is_not_published_unseen(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        looked_at = seen(session)
        drafts.save(session, drafts.current(session), LETTER, b"text", 0, "boris")
        with pytest.raises(Conflict, match="has changed since"):
            publish(session, looked_at)


def test_two_who_publish_at_once_make_one_release(opened: sessionmaker[Session]) -> None:
    with opened() as session:
        looked_at = seen(session)
    gate = threading.Barrier(2)
    outcomes: list[str] = []

    def run(who: Actor) -> None:
        gate.wait()
        try:
            with opened.begin() as session:
                publish(session, looked_at, who)
            outcomes.append("published")
        except Conflict:
            outcomes.append("refused")

    both = [threading.Thread(target=run, args=(who,)) for who in (ANNA, BORIS)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["published", "refused"]
    with opened() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Release)) == 2
        assert kinds(session).count("release:published") == 2


def test_a_save_in_the_moment_of_publishing_is_in_the_release_or_refused(opened: sessionmaker[Session]) -> None:
    with opened() as session:
        looked_at = seen(session)
    gate = threading.Barrier(2)
    outcomes: dict[str, str] = {}

    def run(name: str) -> None:
        gate.wait()
        try:
            with opened.begin() as session:
                if name == "publish":
                    publish(session, looked_at)
                else:
                    drafts.save(session, drafts.current(session), LETTER, b"text", 0, "boris")
            outcomes[name] = "done"
        except Conflict:
            outcomes[name] = "refused"

    both = [threading.Thread(target=run, args=(name,)) for name in ("publish", "save")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes.values()) == ["done", "refused"], outcomes


def test_a_second_analyst_publishes_what_was_asked_for(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        asked = ask(session)
        assert publishing.waiting(session) is asked
        with pytest.raises(Conflict, match="second analyst"):
            publishing.approve(session, asked, (), ANNA)
        made = publishing.approve(session, asked, (), BORIS)
        assert (made.number, made.note, asked.outcome, asked.release_id) == (2, "why", "approved", made.id)
        assert [one for one in kinds(session) if one.startswith("release:")] == [
            "release:published", "release:requested", "release:published", "release:approved",
        ]  # fmt: skip
        with pytest.raises(Conflict, match="answered"):
            publishing.approve(session, asked, (), BORIS)


@pytest.mark.parametrize(
    ("by", "answering", "may"),
    [
        (ANNA, BORIS, True),
        (ANNA, ANNA, False),
        (ANNA, analyst("boris", on_behalf_of="anna"), False),
        (analyst("boris", on_behalf_of="anna"), ANNA, False),
        (analyst("boris", on_behalf_of="anna"), analyst("clara", on_behalf_of="anna"), False),
        (ANNA, analyst("clara", on_behalf_of="boris"), True),
        (ANNA, Actor("dora", Text("", ""), "ru", "UTC"), False),
    ],
)
def test_a_substitute_is_no_second_pair_of_eyes(
    opened: sessionmaker[Session], by: Actor, answering: Actor, may: bool
) -> None:
    with opened.begin() as session:
        assert publishing.may_answer(ask(session, by), answering) is may


def test_a_later_save_voids_the_request(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        asked = ask(session)
        drafts.save(session, drafts.current(session), LETTER, b"text", 0, "anna")
        with pytest.raises(Conflict, match="has changed since"):
            publishing.approve(session, asked, (), BORIS)
        again = ask(session)
        assert (asked.outcome, publishing.waiting(session)) == ("withdrawn", again)


def test_it_is_sent_back_with_a_reason_or_withdrawn_and_ends_with_its_draft(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        asked = ask(session)
        with pytest.raises(Invalid, match="reason"):
            publishing.send_back(session, asked, BORIS, " ")
        publishing.send_back(session, asked, BORIS, "look at the letter")
        draft = drafts.current(session)
        assert (asked.outcome, publishing.answered(session, draft)) == ("returned", asked)
        second = ask(session)
        publishing.send_back(session, second, ANNA, "not yet")
        assert second.outcome == "withdrawn"
        third = ask(session)
        drafts.discard(session, draft, "anna")
        assert (third.outcome, publishing.waiting(session)) == ("withdrawn", None)


def test_an_older_release_is_published_anew_and_the_draft_is_brought_up_to_it(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        publish(session)
        draft = drafts.open_draft(session, "anna")
        drafts.save(session, draft, LETTER, b"text", 0, "anna")
        drafts.save(session, draft, TWO_PATH, TWO + b"\n", 0, "anna")
        content = publishing.of_release(session, releases.get(session, 1))
        made = publishing.publish(session, content, content.sha256, (), BORIS, "back")
        assert (made.number, made.manifest) == (3, releases.get(session, 1).manifest)
        with pytest.raises(Conflict, match="Bring the draft up"):
            publish(session)
        assert drafts.bring_up(session, draft, made, "anna") == [TWO_PATH]
        assert drafts.files(session, draft)[TWO_PATH] == TWO + b"\n"
        aside = session.scalars(sa.select(StudioVersion).where(StudioVersion.how == "aside")).one()
        assert (aside.path, aside.data, aside.by) == (TWO_PATH, None, drafts.RELEASE)
        assert publish(session).number == 4
        with pytest.raises(Conflict, match="already"):
            drafts.bring_up(session, drafts.open_draft(session, "anna"), releases.get(session, 4), "anna")


def test_a_discarded_draft_is_taken_up_again_with_its_files(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        draft = drafts.current(session)
        with pytest.raises(Conflict, match="discarded"):
            drafts.reopen(session, draft, "boris")
        drafts.discard(session, draft, "anna")
        again = drafts.reopen(session, draft, "boris")
        assert again.id != draft.id
        assert drafts.files(session, again)[TWO_PATH] == TWO
        assert [one.how for one in history.of_draft(session, again)] == ["restored"]
        assert isinstance(drafts.save(session, again, TWO_PATH, ONE, 1, "boris"), Saved)


def test_the_same_content_is_rehearsed_once_and_another_anew(opened: sessionmaker[Session]) -> None:
    with opened() as session:
        files = drafts.files(session, drafts.current(session))
    first = rehearsal.of(files)
    assert first.wait()
    assert rehearsal.of(dict(files)) is first
    assert not first.serious
    broken = rehearsal.of({**files, TWO_PATH: b"<two"})
    assert broken is not first
    assert {one.file for one in broken.serious} == {TWO_PATH}
