"""What the certificate's template may speak of, in the current language (R10.2-a)."""

from app.courses.certificates.issuing import GROUP
from app.courses.certificates.models import Certificate
from app.courses.letters import delivery
from app.engine import Json
from app.errors import N_
from app.i18n import Text, _, current_locale, format_date, ngettext

TITLE = Text("Сертификат КООМЕТ № {number}", "COOMET certificate No {number}")
CODE_FILE = "verify.svg"
WORDINGS = {
    "participation": N_("certificate of participation"),
    "completion": N_("certificate of completion"),
}


def spaced(code: str) -> str:
    """In groups of five, as people copy it from paper."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def link(one: Certificate) -> str:
    """The public page on which the certificate is verified."""
    return f"{delivery.address()}/certificates/{one.code}"


def facts(one: Certificate) -> dict[str, Json]:
    locale = current_locale()
    return {
        "number": one.number,
        "name": one.name,
        "title": one.title_ru if locale == "ru" else one.title_en,
        "date": format_date(one.issued_on),
        "hours": ngettext("%(num)s hour", "%(num)s hours", one.hours) if one.hours else "",
        "completion": one.wording == "completion",
        "kind": _(WORDINGS[one.wording]),
        "signatory": str(one.signatory.get(f"signatory_{locale}") or ""),
        "post": str(one.signatory.get(f"post_{locale}") or ""),
        "code": spaced(one.code),
        "link": link(one),
        "page": f"{delivery.address()}/certificates",
    }
