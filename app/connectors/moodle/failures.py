"""What can go wrong at the platform, each with a stable code; told by `errorcode`, never by the exception's class.

The first two mean that the platform or our access to it is out of order, the third concerns this one step.
"""

from app.errors import OutOfOrder, PermanentFailure, TemporaryFailure

SYSTEM = "moodle"

LATER = frozenset({"sitemaintenance", "dbconnectionfailed"})
CLOSED = frozenset(
    {"invalidtoken", "servicenotavailable", "passwordisexpired", "usernotconfirmed", "sitepolicynotagreed"}
)
NO_RIGHT = frozenset(
    {
        "accessexception",
        "nopermissions",
        "nopermission",
        "wsusercannotassign",
        "errorcatcontextnotvalid",
        "errorcoursecontextnotvalid",
        "requireloginerror",
        "cannotdeletecourse",
    }
)
BY_HAND = "by_hand"
NOT_FOUND = "not_found"
UNDECIDED = "undecided"
NAME_TAKEN = "name_taken"
PUBLIC = "public_at_once"


class Later(TemporaryFailure):
    """The platform is away, overloaded or answered nonsense: a later attempt may do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"Moodle: {message} [{code}]")
        self.code = code


class Closed(OutOfOrder):
    """Our access is refused as a whole: wrong or expired token, web services off, wrong address."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(SYSTEM, f"Moodle: {message} [{code}]")
        self.code = code


class Refused(PermanentFailure):
    """This request was refused, and would be again. `code` is Moodle's errorcode or one of ours."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"Moodle: {message} [{code}]", code)


def of(code: str, message: str) -> Later | Closed | Refused:
    """The failure for an errorcode of Moodle's."""
    if code in LATER:
        return Later(code, message)
    if code in CLOSED:
        return Closed(code, message)
    return Refused(code, message)


def for_a_person(refusal: Refused) -> Refused:
    """A right that our account lacks for this step: somebody who has it does the step."""
    return Refused(BY_HAND, str(refusal)) if refusal.code in NO_RIGHT else refusal
