"""What tasks are about, as far as the inbox must know: a key and its titles, written by whoever owns the thing."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.i18n import Text, fold
from app.workflow.inserting import insert
from app.workflow.models import Subject


def put(session: Session, key: str, title_ru: str, title_en: str) -> None:
    """Make the subject known, or give it other titles."""
    row = {"title_ru": title_ru, "title_en": title_en, "folded": fold(f"{title_ru} {title_en} {key}")}
    session.execute(
        insert(session, Subject).values(key=key, **row).on_conflict_do_update(index_elements=["key"], set_=row)
    )


def title(session: Session, key: str) -> Text | None:
    found = session.execute(sa.select(Subject.title_ru, Subject.title_en).where(Subject.key == key)).one_or_none()
    return Text(found.title_ru, found.title_en) if found else None
