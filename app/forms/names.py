"""Which names a field may have (S13): it becomes a variable of conditions, a key of the page and an id."""

import keyword
import re
from collections.abc import Collection

from app.i18n import Text

PAGE_NAMES = frozenset({"csrf_token", "nonce", "revision"})
"""What the page posts beside the form; so do names that begin with an underscore."""
_OF_THE_PAGE = frozenset({"action", "elements", "method", "reset", "submit", "target", "constructor"})
_OF_PYTHON = frozenset(keyword.kwlist) | frozenset(
    {"abs", "all", "any", "bool", "dict", "enumerate", "float", "int", "len", "list", "map", "max", "min", "next"}
    | {"print", "range", "reversed", "round", "set", "sorted", "str", "sum", "tuple", "zip"}
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def is_own(name: str) -> bool:
    """Belongs to the page around the form, not to the form."""
    return name.startswith("_") or name in PAGE_NAMES


def fault_of(name: str, functions: Collection[str] = ()) -> Text | None:
    """Why a field may not be called that, or None."""
    if not _NAME.fullmatch(name) or "__" in name:
        return Text(
            ru=f"Имя поля «{name[:60]}» не годится: до 40 строчных латинских букв, цифр и «_», первой — буква.",
            en=f"“{name[:60]}” cannot name a field: up to 40 small Latin letters, digits and “_”, a letter first.",
        )
    if name in functions or name in _OF_PYTHON or name in _OF_THE_PAGE or name in PAGE_NAMES:
        return Text(
            ru=f"Имя «{name}» занято языком выражений или самой страницей.",
            en=f"The name “{name}” is taken by the expression language or by the page itself.",
        )
    return None
