"""Telling answers from failures. A status of 200 says nothing: most of Moodle's five shapes of error come under it."""

import json
import re
from html import unescape
from typing import Any

from app.connectors.moodle import failures

_TAG = re.compile(r"<[^>]{0,2000}>")
_LONGEST = 300
SECRET_FIELDS = ("userprivateaccesskey",)


def read(status: int, content_type: str, body: bytes) -> Any:
    """The answer as plain data. Raises Later, Closed or Refused."""
    if status != 200:
        raise _by_status(status)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        what = "a page" if "html" in content_type.lower() else "something"
        raise failures.Later("not_json", f"the site answered with {what} instead of data") from None
    if isinstance(answer, dict) and "exception" in answer:
        raise _by_code(answer)
    if isinstance(answer, dict):
        for name in SECRET_FIELDS:
            answer.pop(name, None)
    return answer


def demand_no_warnings(answer: Any) -> None:
    """Refusals of single items come as warnings beside, or in place of, the data. Raises Refused."""
    if not isinstance(answer, dict) or not isinstance(answer.get("warnings"), list):
        raise unexpected()
    for warning in answer["warnings"]:
        row = warning if isinstance(warning, dict) else {}
        code = str(row.get("warningcode") or "warning")
        raise failures.of(code, words(row.get("message")))


def demand_object(answer: Any) -> dict[str, Any]:
    """Raises Later for an answer of another form."""
    if not isinstance(answer, dict):
        raise unexpected()
    return answer


def demand_rows(answer: Any) -> list[dict[str, Any]]:
    """Raises Later for an answer of another form."""
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise unexpected()
    return answer


def unexpected() -> failures.Later:
    return failures.Later("unexpected", "the answer has another form than expected")


def words(text: Any) -> str:
    """A message of the site in one line, without its markup, of bearable length."""
    plain = unescape(_TAG.sub(" ", str(text or "no message")))
    return " ".join(plain.split())[:_LONGEST]


def _by_code(answer: dict[str, Any]) -> Exception:
    """The class of the exception is not looked at: it has another name in another version."""
    code = answer.get("errorcode")
    if not isinstance(code, str) or not code:
        return failures.Refused("program_fault", f"a fault inside the site: {words(answer.get('message'))}")
    return failures.of(code, words(answer.get("message")))


def _by_status(status: int) -> Exception:
    if status == 429 or status >= 500:
        return failures.Later(f"http_{status}", "the site is in maintenance, overloaded or out of order")
    if 300 <= status < 400:
        return failures.Closed("redirect", "the address leads elsewhere; give the address that the site itself uses")
    if status == 403:
        return failures.Closed("http_403", "web services are switched off, or this machine is shut out")
    if status == 404:
        return failures.Closed("http_404", "there are no web services at this address")
    return failures.Closed(f"http_{status}", f"the site answered with the status {status}")
