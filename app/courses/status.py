"""One true sentence about a course, for its page and every list."""

from sqlalchemy.orm import Session

from app.courses.models import Course


def sentence(session: Session, course: Course) -> str:
    """«Ждём ТК 1.6: ответ до 19 ноября», in the current language."""
    raise NotImplementedError
