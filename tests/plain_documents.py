"""A PDF with the words of the page and without its layout, at once: for tests that are not about documents."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import NameObject, create_string_object

from app.connectors.documents import Page

_UNSEEN = re.compile(r"<(head|style|script)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)


def render_all(pages: Sequence[Page], assets: Mapping[str, bytes]) -> list[bytes]:  # it has no layout
    """In the place of `documents.render_all`; needs neither Pango nor a process of its own."""
    return [_write(page) for page in pages]


def _write(page: Page) -> bytes:
    """One blank sheet; the words are the subject in the metadata."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    words = " ".join(unescape(_UNSEEN.sub(" ", page.html)).split())
    writer.add_metadata({"/Title": page.title, "/Subject": words})
    writer.root_object[NameObject("/Lang")] = create_string_object(page.language)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()
