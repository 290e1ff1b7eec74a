"""Two who register a course at the same moment get two numbers, on both databases."""

import threading
from datetime import date

from sqlalchemy.orm import Session, sessionmaker

from app.config import Config
from app.courses import register
from app.demo import seed
from app.files.models import File
from app.files.store import store
from app.identity import people
from tests.walk.story import SAMPLES

EACH, AT_ONCE = 3, 4


def test_courses_registered_at_once_have_numbers_of_their_own(sessions: sessionmaker[Session], config: Config) -> None:
    with sessions.begin() as session:
        seed.load_people(session)
        admin = people.find_by_email(session, seed.address("admin-by"))
        executor = people.find_by_email(session, seed.address("ns-by"))
        assert admin
        assert executor
        with (SAMPLES / "many-fonts.pdf").open("rb") as stream:
            file: File = store(config.files, session, stream, "notes.pdf", admin.id, 10_000_000)
        values = {
            "title_ru": "Курс", "title_en": "Course", "language": "ru", "initiator_kind": "nmi",
            "nmi": "nmi-by-belgim", "executor": executor.id, "coordinators": [{"person": executor.id}],
            "materials": [file.id],
        }  # fmt: skip
    numbers: list[str] = []
    barrier = threading.Barrier(AT_ONCE)

    def work() -> None:
        for _ in range(EACH):
            barrier.wait(30)
            with sessions.begin() as session:
                numbers.append(register.register(session, values, admin.id).number)

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    year = date.today().year  # noqa: DTZ011 - the number's year is that of the system's clock here
    assert sorted(numbers) == [f"{year}-{number:03}" for number in range(1, EACH * AT_ONCE + 1)]
