"""One answer: from what was typed (or is already typed JSON) to a value of the right type."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite

from app.engine import Json
from app.forms.cleaning import clean_line, clean_text
from app.forms.conversion import is_blank, read_date, read_number
from app.forms.messages import Fault, fault
from app.forms.model import Context, Field, Kind, Option, StoredFile


def options_of(field: Field, context: Context) -> Sequence[Option]:
    """What may be chosen on this page."""
    return context.options.get(field.options_from, ()) if field.options_from else field.options


def given_rows(field: Field, context: Context) -> list[Mapping[str, Json]] | None:
    """The rows that the program gives, where a table has read-only cells: none can be added or removed."""
    if field.rows is None or not any(cell.read_only for cell in field.rows.inputs):
        return None
    rows = context.current.get(field.name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) and rows else None


def answer_of(field: Field, raw: Json, context: Context) -> Json:
    """The value, or None where nothing was answered (an unticked box answers False). Raises Fault. Not for rows."""
    if field.kind == "checkbox":
        return _ticked(field, raw)
    if is_blank(raw):
        return None
    return _READERS[field.kind](field, raw, context)


def _ticked(field: Field, raw: Json) -> bool:
    if raw in (True, "true", "on"):
        return True
    if raw in (None, False, "", "false"):
        return False
    raise fault(field, "type")


def _text(field: Field, raw: Json, _context: Context) -> Json:
    if not isinstance(raw, str):
        raise fault(field, "type")
    text = clean_text(raw) if field.kind == "textarea" else clean_line(raw)
    if len(text) > field.max_length:
        raise fault(field, "maxLength", limit=field.max_length, length=len(text))
    return text or None


def _choice(field: Field, raw: Json, context: Context) -> Json:
    if field.type == "boolean":
        if isinstance(raw, bool) or raw in ("true", "false"):
            return raw in (True, "true")
        raise fault(field, "enum")
    if not isinstance(raw, str) or all(raw != one.value for one in options_of(field, context)):
        raise fault(field, "enum")
    return raw


def _several(field: Field, raw: Json, context: Context) -> Json:
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise fault(field, "type")
    offered = [one.value for one in options_of(field, context)]
    chosen = {one for one in raw if one != ""}
    if not chosen <= set(offered):
        raise fault(field, "enum")
    found: list[Json] = [value for value in dict.fromkeys(offered) if value in chosen]
    return found


def _date(field: Field, raw: Json, _context: Context) -> Json:
    day = read_date(clean_line(raw[:100])) if isinstance(raw, str) else None
    if day is None:
        raise fault(field, "format")
    return day.isoformat()


def _number(field: Field, raw: Json, _context: Context) -> Json:
    if isinstance(raw, str):
        value = read_number(clean_line(raw[:100]))
    else:
        value = raw if isinstance(raw, int | float) and not isinstance(raw, bool) and isfinite(raw) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or (field.type == "integer" and isinstance(value, float)):
        raise fault(field, "type")
    return value


def _file(field: Field, raw: Json, context: Context) -> Json:
    ids = [one for one in (raw if isinstance(raw, list) else [raw]) if one != ""]
    if len(ids) > 1 and not field.multiple:
        raise fault(field, "maxItems", limit=1, length=len(ids))
    for one in ids:
        if not isinstance(one, str) or one not in context.files:
            raise fault(field, "format")
        problem = fault_of_file(field, context.files[one])
        if problem is not None:
            raise problem
    return list(dict.fromkeys(ids)) if field.multiple else ids[0]


def fault_of_file(field: Field, file: StoredFile) -> Fault | None:
    """Why the field does not take such a file, or None."""
    if field.accept and file.kind not in field.accept:
        return fault(field, "accept", kinds=", ".join(kind.upper() for kind in field.accept))
    if field.max_bytes is not None and file.size > field.max_bytes:
        return fault(field, "max_mb", limit=round(field.max_bytes / 1024 / 1024, 1))
    return None


_READERS: Mapping[Kind, Callable[[Field, Json, Context], Json]] = {
    "text": _text,
    "textarea": _text,
    "radio": _choice,
    "select": _choice,
    "checkboxes": _several,
    "date": _date,
    "number": _number,
    "file": _file,
}
