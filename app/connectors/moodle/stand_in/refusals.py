"""The refusals of the stand-in, in the words of Moodle 4.5 as they were recorded."""

from typing import Any

_CORE = "core\\exception\\"
PARAMETER = "Invalid parameter value detected"


class MoodleError(Exception):
    """An error as Moodle tells it; `code` None: a fault of PHP, which has no errorcode."""

    def __init__(self, exception: str, code: str | None, message: str, debug: str = "") -> None:
        super().__init__(message)
        self.exception, self.code, self.message, self.debug = exception, code, message, debug

    def body(self, *, debugging: bool) -> dict[str, Any]:
        found = {"exception": self.exception, "errorcode": self.code, "message": self.message}
        if self.code is None:
            del found["errorcode"]
        return {**found, "debuginfo": self.debug} if debugging and self.debug else found


def simple(code: str, message: str) -> MoodleError:
    return MoodleError(f"{_CORE}moodle_exception", code, message)


def no_right(what: str) -> MoodleError:
    message = f"Sorry, but you do not currently have permissions to do that ({what})."
    return MoodleError(f"{_CORE}required_capability_exception", "nopermissions", message)


def parameter(debug: str = "") -> MoodleError:
    return MoodleError(f"{_CORE}invalid_parameter_exception", "invalidparameter", PARAMETER, debug)


def no_record(table: str) -> MoodleError:
    message = f"Can't find data record in database table {table}."
    return MoodleError("dml_missing_record_exception", "invalidrecord", message)


def context(kind: str, code: str, ident: int, why: str) -> MoodleError:
    message = (
        f"You cannot execute functions in the {kind} context ({kind} id:{ident}). "
        f"The context error message was: {why}"
    )
    return simple(code, message)


def access() -> MoodleError:
    return MoodleError("webservice_access_exception", "accessexception", "Access control exception")


def token() -> MoodleError:
    return simple("invalidtoken", "Invalid token - token not found")


def warning(ident: int, error: MoodleError) -> dict[str, Any]:
    return {"item": "course", "itemid": ident, "warningcode": error.code, "message": error.message}
