"""What a browser sends, with or without JavaScript, becomes a draft."""

from collections.abc import Mapping, Sequence

from app.errors import Problem
from app.forms.model import Context, Draft, Form, StoredFile


def parse(
    form: Form,
    posted: Mapping[str, Sequence[str]],
    files: Mapping[str, Sequence[StoredFile | Problem]] | None = None,
    context: Context | None = None,
) -> Draft:
    """Read a posted form (`request.form.to_dict(flat=False)`).

    Rows are posted as `coordinators.0.name`; `files` holds the stored files by the same paths, or the Problem for
    which one was not stored. Names that begin with `_`, `csrf_token`, `nonce` and `revision` are the page's own.
    """
    raise NotImplementedError
