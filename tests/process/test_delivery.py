"""After the last agreement: the frozen package, its delivery and hand-over (7.3, 7.4, 7.5, 7.8; reading A2)."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app import clock
from app.courses import archive, choices, materials, packages, settings
from app.courses.models_kept import ArchiveEntry
from app.errors import Denied
from app.identity import appointments
from app.identity.appointments import Terms
from app.identity.models import Appointment
from app.workflow import tasks
from tests.process.acts import Acts
from tests.process.conftest import Begin

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""


def agreed(begin: Begin) -> Acts:
    """Agreed by one body after a rework."""
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    acts.refuse("tc-1.6", "Нет ссылки")
    acts.rework("tc-1.6", "Добавлена")
    acts.agree("tc-1.6", reworked="yes")
    return acts


@pytest.mark.requirement("R7.3-d")
def test_the_administrator_gets_the_files_with_the_checksum_that_was_agreed(begin: Begin) -> None:
    acts = agreed(begin)
    with acts.sessions() as session:
        agreed_sum = acts.printed(session, "tc-1.6").rounds[-1].version_sha256
    acts.do("confirm_final", "executor", confirmed=True, remark="Все готово")
    with acts.sessions() as session:
        package = packages.of_agreement(session, acts.passage(session).id)
        opened = tasks.get_task_for(session, acts.actor(session, "administrator"), acts.task(session, "receive").id)
        seen = choices.context(session, "agreement_receipt", acts.course, tasks.data_of(session, opened)).current
    manifest = json.loads(package.manifest)
    assert manifest["materials"]["sha256"] == agreed_sum
    assert manifest["materials"]["version"] == 2
    assert (seen["checksum"], seen["files"], seen["remark"]) == (package.sha256, "lesson-2.pdf", "Все готово")


@pytest.mark.requirement("R7.4-a")
def test_administrator_and_secretariat_hold_the_same_package_with_the_whole_sheet(begin: Begin) -> None:
    acts = agreed(begin)
    acts.do("confirm_final", "executor", confirmed=True)
    with acts.sessions() as session:
        package = packages.of_agreement(session, acts.passage(session).id)
        found = archive.query(session, acts.actor(session, "secretariat"), search="гирь", kind=packages.KIND).entries
        with pytest.raises(Denied):
            archive.query(session, acts.actor(session, "chair_mass"))
        sheet = acts.printed(session, "tc-1.6")
    assert [(entry.source_id, entry.sha256) for entry in found] == [(package.id, package.sha256)]
    assert sha256(found[0].body.encode()).hexdigest() == package.sha256
    assert archive.is_intact(found[0])
    kept = json.loads(found[0].body)["sheets"][0]
    assert (kept["number"], kept["state"], len(kept["rounds"])) == (sheet.number, "agreed", 2)
    assert kept["rounds"][1]["reviewer"]["name"] == {"ru": "Марк Массин", "en": "Mark Massin"}


@pytest.mark.requirement("R7.4-a", "X-3")
@pytest.mark.parametrize("change", ["UPDATE archive_entry SET body = 'x'", "DELETE FROM archive_entry"])
def test_an_entry_of_the_archive_cannot_be_changed(begin: Begin, change: str) -> None:
    acts = agreed(begin)
    acts.do("confirm_final", "executor", confirmed=True)
    with acts.sessions() as session, pytest.raises(DatabaseError, match="append-only"):
        session.execute(sa.text(change))
    with acts.sessions() as session:
        kept = sa.select(sa.func.count()).select_from(ArchiveEntry).where(ArchiveEntry.kind == packages.KIND)
        assert session.scalar(kept) == 1


def test_delivery_to_the_administrator_alone_is_a_setting(begin: Begin) -> None:
    acts = agreed(begin)
    with acts.sessions.begin() as session:
        today = clock.now().date()
        settings.change(session, "package_to", "administrator", today, acts.people["secretariat"])
    acts.do("confirm_final", "executor", confirmed=True)
    with acts.sessions() as session:
        sent = sa.select(sa.func.count()).select_from(ArchiveEntry).where(ArchiveEntry.kind == packages.KIND)
        assert session.scalar(sent) == 0
        assert packages.of_course(session, acts.course)


@pytest.mark.requirement("R7.5-a")
def test_the_chair_at_that_time_stays_responsible_whoever_follows(begin: Begin) -> None:
    acts = agreed(begin)
    with acts.sessions.begin() as session:
        held = session.scalars(sa.select(Appointment).where(Appointment.person_id == acts.people["chair_mass"])).one()
        appointments.end(session, held.id, clock.now().date(), "system:test")
        terms = Terms("chair", clock.now().date() + timedelta(days=1), organisation_id="tc-1.6")
        appointments.appoint(session, acts.people["chair_time"], terms, "system:test")
    acts.clock.move(days=30)
    with acts.sessions() as session:
        sheet = acts.printed(session, "tc-1.6")
    assert sheet.chair is not None
    assert (sheet.body.en, sheet.chair.en) == ("TC 1.6 “Mass and Related Quantities”", "Mark Massin")
    assert sheet.agreed_at == clock.now() - timedelta(days=30)


@pytest.mark.requirement("R7.8-a")
def test_the_creator_receives_the_agreed_version_and_older_ones_are_superseded(begin: Begin) -> None:
    acts = agreed(begin)
    acts.finish()
    with acts.sessions() as session:
        versions = materials.versions(session, acts.course)
        package = packages.of_agreement(session, acts.passage(session).id)
    letter = next(one for one in acts.mailbox.messages("creator@") if "переданы" in one.subject)
    assert [(one.number, one.agreed, one.superseded) for one in versions] == [(2, True, False), (1, False, True)]
    assert (package.received_by, package.handed_to) == (acts.people["administrator"], acts.people["creator"])
    assert "lesson-2.pdf" in letter.text
    assert "lesson.pdf" not in letter.text
    assert package.sha256 in letter.text


def test_a_package_is_the_same_bytes_for_whoever_computes_its_checksum(begin: Begin) -> None:
    acts = agreed(begin)
    acts.finish()
    with acts.sessions() as session:
        package = packages.of_agreement(session, acts.passage(session).id)
        files = materials.files_of(session, package.version_id)
        assert sha256(package.manifest.encode()).hexdigest() == package.sha256
    listed = json.loads(package.manifest)["materials"]["files"]
    assert [(row["name"], row["sha256"]) for row in listed] == [(file.name, file.sha256) for file in files]
