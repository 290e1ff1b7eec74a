"""Patterns that analysts write: for the whole text, and of a kind that no text can make slow (S10)."""

import re
from collections import deque

from app.i18n import Text

LINE = 500
"""Longest text that a pattern is tried on."""
MAX_WAYS = 1_000_000
"""In how many ways a matcher may have to try such a text."""
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}")
_SIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|\(\?|\{\d*,?\d*\}|.", re.DOTALL)


def is_email(text: str) -> bool:
    """An address that a letter can be sent to, with its domain; no display name, no quoting."""
    return len(text) <= 254 and ".." not in text and _EMAIL.fullmatch(text) is not None and text[0] != "."


def fault_of(pattern: str) -> Text | None:
    """Why a pattern is refused, or None."""
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return Text(
            ru="Выражение должно начинаться с ^ и кончаться $.", en="The pattern has to begin with ^ and end with $."
        )
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return Text(ru="Выражение написано с ошибкой.", en="The pattern is not well formed.")
    signs = deque(_SIGN.findall(pattern))
    if any(sign == "(?" or re.fullmatch(r"\\[1-9]", sign) for sign in signs):
        return Text(
            ru="Обратные ссылки и просмотр вперед или назад не поддерживаются.",
            en="References back and looking ahead or behind are not supported.",
        )
    if _choices(signs) > MAX_WAYS:
        return Text(
            ru="Слишком много повторов, чтобы проверять быстро; повторяемая группа не должна сама содержать повторов.",
            en="Too many repetitions to be quick; what is repeated must not contain repetitions itself.",
        )
    return None


def _choices(signs: deque[str]) -> float:
    """Upper bound of the ways to match what stands before the next closing bracket; takes it off the signs."""
    total, ways = 0.0, 1.0
    while signs:
        sign = signs.popleft()
        if sign == ")":
            break
        if sign == "|":
            total, ways = total + ways, 1.0
            continue
        inner = _choices(signs) if sign in ("(", "(?:") else 1.0
        while signs and (times := _times(signs[0])):
            signs.popleft()
            inner = _repeated(inner, *times)
        ways *= inner
    return total + ways


def _repeated(ways: float, least: int, most: int) -> float:
    if ways > 1 and most > 20:
        return float("inf")
    return min(ways, MAX_WAYS + 1.0) ** most * (most - least + 1)


def _times(sign: str) -> tuple[int, int] | None:
    """Least and most repetitions that the sign asks for; None: it is no quantifier."""
    if sign in ("*", "+"):
        return 0, LINE
    if sign == "?":
        return 0, 1
    if len(sign) < 3 or not sign.startswith("{"):
        return None
    low, comma, high = sign[1:-1].partition(",")
    least = int(low or 0)
    return least, (int(high) if high else LINE) if comma else least
