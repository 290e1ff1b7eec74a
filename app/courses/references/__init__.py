"""Documents that the recommendation refers to (section 2): editions with the day from which each holds.

in_force(session, on) -> {code: Edition}     all of them as on that day; what nobody has entered yet is the draft's own
change(session, code, edition, from, by)     another edition from that day on, in the evidence
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind
from app.courses.references.models import ReferenceDocument
from app.errors import N_, Invalid, Problem
from app.i18n import Text

ARRANGEMENT, GUIDANCE, CERTIFICATES = "practical_arrangement", "cbkt_guidance", "r_tr_27"
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
_LINK = re.compile(r"https?://[^\s<>\"]{3,500}")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Edition:
    """A reference document as cited: title, number, year or edition (empty: not entered), link."""

    title_ru: str
    title_en: str
    number: str = ""
    edition: str = ""
    link: str = ""

    @property
    def title(self) -> Text:
        return Text(self.title_ru, self.title_en)


FIRST: Mapping[str, Edition] = {
    ARRANGEMENT: Edition(
        "Практическое соглашение между BIPM и КООМЕТ о сотрудничестве в осуществлении деятельности по наращиванию "
        "потенциала и передаче знаний с использованием электронной обучающей платформы BIPM",
        "Practical Arrangement between the BIPM and COOMET on cooperation in capacity building and knowledge transfer "
        "using the BIPM e-learning platform",
    ),
    GUIDANCE: Edition(
        "Руководство CBKT «Размещение обучающего материала на электронной обучающей платформе BIPM – руководство для "
        "участвующих РМО»",
        "CBKT guidance “Hosting learning material on the BIPM e-learning platform – guidance for participating RMOs”",
    ),
    CERTIFICATES: Edition(
        "Рекомендация КООМЕТ «Порядок оформления сертификатов, выдаваемых по результатам проведения обучающих "
        "мероприятий в рамках КООМЕТ»",
        "COOMET Recommendation “Procedure for issuing certificates on the results of training events within COOMET”",
        "R/TR/27:2023",
        "2023",
    ),
}
"""Section 2 of the draft: what holds until the Secretariat enters an edition."""


def in_force(session: Session, on: date) -> dict[str, Edition]:
    """Code -> the edition that holds on that day; first those of section 2."""
    found = dict(FIRST)
    rows = sa.select(ReferenceDocument).where(ReferenceDocument.valid_from <= on)
    for row in session.scalars(rows.order_by(ReferenceDocument.valid_from, ReferenceDocument.code)):
        found[row.code] = Edition(row.title_ru, row.title_en, row.number, row.edition, row.link)
    return found


def dated(session: Session, code: str) -> list[ReferenceDocument]:
    """All editions entered, the newest first."""
    rows = sa.select(ReferenceDocument).where(ReferenceDocument.code == code)
    return list(session.scalars(rows.order_by(ReferenceDocument.valid_from.desc())))


def change(session: Session, code: str, edition: Edition, valid_from: date, by: str) -> None:
    """Enter an edition, or a document that was not in the list. Raises Invalid with the fields that are wrong."""
    tidy = Edition(*(" ".join(text.split()) for text in asdict(edition).values()))
    _check(code, tidy)
    session.merge(ReferenceDocument(code=code, valid_from=valid_from, set_by=by, **asdict(tidy)))
    session.flush()
    body = {"document": code, "from": valid_from.isoformat(), **asdict(tidy)}
    evidence.record(session, "site", "settings", Kind.REFERENCE_CHANGED, by, body)


def _check(code: str, edition: Edition) -> None:
    problems = {}
    if not _CODE.fullmatch(code):
        problems["code"] = Problem(N_("The short name may hold small Latin letters, digits and underscores."))
    for name in ("title_ru", "title_en"):
        if not asdict(edition)[name]:
            problems[name] = Problem(N_("Give it in both languages."))
    for name, text in asdict(edition).items():
        if len(text) > _LONGEST:
            problems[name] = Problem(N_("This is too long: at most %(number)s characters."), number=_LONGEST)
    if edition.link and not _LINK.fullmatch(edition.link):
        problems["link"] = Problem(N_("The address must begin with http:// or https://."))
    if problems:
        raise Invalid(N_("Some answers need another look."), problems)
