"""Checkpoints: every committed event has its place once, whoever seals and in whatever order others commit."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from app.audit import checkpoints, evidence, keyring, keys, merkle, proofs
from app.audit.evidence import Entry
from app.audit.keys import KeyProblem
from app.audit.kinds import Kind
from app.audit.models import CheckpointRow, EventRow, LeafRow
from tests.conftest import MONDAY
from tests.unit.conftest import Counting

Sessions = sessionmaker[Session]
KEY = keys.generate()


def write(sessions: Sessions, count: int, stream: str = "i1") -> None:
    with sessions.begin() as session:
        entries = [Entry("instance", stream, Kind.TASK_OPENED, "p1", {"n": n}) for n in range(count)]
        evidence.many(session, entries)


def seal(sessions: Sessions) -> checkpoints.Checkpoint | None:
    with sessions.begin() as session:
        return checkpoints.make(session, KEY, MONDAY)


def hashes(session: Session) -> list[bytes]:
    query = sa.select(EventRow.hash).join(LeafRow, LeafRow.seq == EventRow.seq).order_by(LeafRow.position)
    return list(session.scalars(query))


@pytest.mark.requirement("X-3")
def test_a_checkpoint_is_over_all_events_and_the_next_goes_on_from_it(sessions: Sessions) -> None:
    write(sessions, 5)
    first = seal(sessions)
    write(sessions, 3, "i2")
    second = seal(sessions)
    assert first
    assert second
    assert (first.size, second.size) == (6, 9)  # the key's own event is one
    assert second.previous == first.root
    assert keys.verifies(KEY.public, second.signature, second.statement)
    with sessions() as session:
        leaves = [merkle.leaf(one) for one in hashes(session)]
        assert session.scalars(sa.select(LeafRow.position).order_by(LeafRow.position)).all() == list(range(9))
        path = proofs.Tree(session).consistency(6, 9)
    assert (merkle.subtree(leaves[:6]), merkle.subtree(leaves)) == (first.root, second.root)
    assert merkle.consistent(6, 9, path, first.root, second.root)


def test_without_new_events_there_is_no_checkpoint(sessions: Sessions) -> None:
    write(sessions, 1)
    assert seal(sessions)
    assert seal(sessions) is None
    with sessions() as session:
        assert checkpoints.unsealed(session) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(CheckpointRow)) == 1


def test_an_event_whose_transaction_ends_late_gets_its_place_later(sessions: Sessions, engine: Engine) -> None:
    """On PostgreSQL a smaller number may become visible after a larger one was sealed; it must not be lost."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    write(sessions, 1)
    late = sessions()
    late.begin()
    slow = evidence.record(late, "instance", "slow", Kind.TASK_OPENED, "p1")
    write(sessions, 2, "fast")
    first = seal(sessions)
    write(sessions, 1, "faster")
    second = seal(sessions)
    late.commit()
    late.close()
    third = seal(sessions)
    assert first
    assert second
    assert third
    assert (first.size, second.size, third.size) == (4, 5, 6)
    with sessions() as session:
        assert session.scalar(sa.select(LeafRow.position).where(LeafRow.seq == slow.seq)) == 5
        assert merkle.subtree([merkle.leaf(one) for one in hashes(session)]) == third.root
        newest = session.scalar(sa.select(sa.func.max(EventRow.seq)))
        assert session.get_one(CheckpointRow, 6).horizon == newest


def test_several_sealers_and_writers_at_once_leave_one_order_without_gaps(sessions: Sessions) -> None:
    failures: list[BaseException] = []
    barrier = threading.Barrier(6)

    def run(number: int) -> None:
        try:
            barrier.wait()
            for round_ in range(12):
                if number < 3:
                    seal(sessions)
                else:
                    write(sessions, 3, f"i{number}-{round_}")
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    last = seal(sessions)
    with sessions() as session:
        events = session.scalar(sa.select(sa.func.count()).select_from(EventRow))
        made = list(checkpoints.since(session))
        found = hashes(session)
    assert len(found) == events == 3 * 12 * 3 + 1
    assert last is None or last == made[-1]
    previous = b""
    for one in made:
        assert one.previous == previous
        assert one.root == merkle.subtree([merkle.leaf(digest) for digest in found[: one.size]])
        previous = one.root


def test_proofs_reach_over_many_blocks_and_sealing_reads_only_what_is_new(
    sessions: Sessions, statements: Counting
) -> None:
    write(sessions, 2 * checkpoints.BLOCK + 50)
    seal(sessions)
    write(sessions, 10)
    with statements() as sent:
        last = seal(sessions)
    assert last
    assert len([one for one in sent if "event_leaf" in one]) <= 4, "one of them: where the key was introduced"
    with sessions() as session:
        old = checkpoints.newest(session, 2)[1]
        path = proofs.Tree(session).consistency(old.size, last.size)
        assert merkle.consistent(old.size, last.size, path, old.root, last.root)
        for position in (0, 1023, 1024, 2047, 2048, last.size - 1):
            seq = session.scalar(sa.select(LeafRow.seq).where(LeafRow.position == position))
            assert seq
            found = proofs.inclusion(session, seq)
            assert found
            assert found.holds
            assert found.position == position


def test_an_event_not_sealed_yet_has_no_proof(sessions: Sessions) -> None:
    write(sessions, 1)
    seal(sessions)
    with sessions.begin() as session:
        fresh = evidence.record(session, "instance", "i1", Kind.TASK_OPENED, "p1")
        assert proofs.inclusion(session, fresh.seq) is None
        assert checkpoints.unsealed(session) == 1


def test_time_never_goes_back_from_one_checkpoint_to_the_next(sessions: Sessions) -> None:
    write(sessions, 1)
    seal(sessions)
    write(sessions, 1)
    with sessions.begin() as session:
        made = checkpoints.make(session, KEY, MONDAY - timedelta(days=1))
    assert made
    assert made.at == MONDAY


def test_only_the_introduced_key_may_seal_until_another_is_introduced(sessions: Sessions) -> None:
    write(sessions, 1)
    seal(sessions)
    write(sessions, 1)
    other = keys.generate()
    with pytest.raises(KeyProblem, match=KEY.id), sessions.begin() as session:
        checkpoints.make(session, other, MONDAY)
    with sessions.begin() as session:
        keyring.introduce(session, other, KEY, "p1")
    with sessions.begin() as session:
        made = checkpoints.make(session, other, MONDAY)
        assert [one.by for one in keyring.introduced(session)] == [None, KEY.id]
        signature = keyring.introduced(session)[1].signature
    assert made
    assert made.key == other.id
    assert keys.verifies(KEY.public, signature, keys.introduction(other.public))


@pytest.mark.requirement("X-3")
def test_s68_checkpoints_leaves_and_blocks_refuse_every_change(sessions: Sessions, engine: Engine) -> None:
    write(sessions, checkpoints.BLOCK)
    seal(sessions)
    attacks = ["UPDATE event_checkpoint SET size = 1", "DELETE FROM event_checkpoint", "DELETE FROM event_leaf"]
    attacks += ["UPDATE event_leaf SET position = position + 9000", "DELETE FROM event_block"]
    attacks += ["UPDATE event_block SET number = 7"]
    if engine.dialect.name == "sqlite":
        attacks += ["REPLACE INTO event_leaf SELECT position, seq FROM event_leaf"]
    else:
        attacks += ["TRUNCATE event_checkpoint", "TRUNCATE event_leaf", "TRUNCATE event_block"]
    for attack in attacks:
        with engine.connect() as connection:
            with pytest.raises(DBAPIError, match="append-only"):
                connection.exec_driver_sql(attack)
            connection.rollback()


def test_a_backlog_is_sealed_in_portions(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "AT_ONCE", 4)
    write(sessions, 10)
    first = seal(sessions)
    write(sessions, 10, "i2")
    sizes = [made.size for _ in range(4) if (made := seal(sessions))]
    assert first
    assert first.size == 11  # a key signs nothing that ends before the event which introduces it
    assert sizes == [15, 19, 21]


def test_a_broken_off_sealing_leaves_nothing(sessions: Sessions) -> None:
    write(sessions, 3)
    with sessions() as session:
        checkpoints.make(session, KEY, MONDAY)
        session.rollback()
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LeafRow)) == 0
    made = seal(sessions)
    assert made
    assert made.size == 4
