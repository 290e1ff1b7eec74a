"""A letter as a recipient would read it, with sample facts: for trying a procedure out, where no course is real."""

from collections.abc import Callable, Mapping

from app.courses.letters import fields
from app.courses.letters.composing import Composed, compose
from app.courses.letters.facts import Facts
from app.engine.expressions_errors import ExpressionError
from app.errors import N_, Invalid, PermanentFailure
from app.i18n import Locale, use_locale

HOME = "https://courses.example"
NOT_WRITTEN = N_("The letter “%(letter)s” cannot be written: %(reason)s.")


def preview(
    files: Mapping[str, bytes], folder: str, letter: str, locale: Locale, more: Callable[[], Facts] = dict
) -> Composed:
    """In that language; `more`: facts that are known, in the place of samples. Raises Invalid with what is wrong."""
    try:
        with use_locale(locale):
            return compose(files, folder, letter, locale, {**fields.sample(locale), **more()})
    except (PermanentFailure, ExpressionError, UnicodeDecodeError) as error:
        raise Invalid(NOT_WRITTEN, letter=letter[:80], reason=str(error)[:300]) from error
