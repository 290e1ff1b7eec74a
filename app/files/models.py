"""The table of files. Many rows may point at one content."""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, new_id

FileKind = Literal["pdf", "ppt", "pptx", "h5p", "png", "jpg", "gif", "xlsx"]
"""xlsx: a workbook that the program itself has made; none is ever taken from outside."""


class File(Model):
    """One file under the name somebody gave it. Rows are never changed: what a person agreed to stays what it was."""

    __tablename__ = "file"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    name: Mapped[str] = mapped_column(sa.String(300))
    """As the person called it; never used as a path."""
    media_type: Mapped[str]
    kind: Mapped[FileKind] = mapped_column(sa.Text)
    notes: Mapped[list[Any]] = mapped_column(default=list)
    """Message ids of what a reader should know, such as a password; translated where they are shown."""
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    """A person's id or `system:<part>`."""
