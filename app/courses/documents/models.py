"""The files of archive entries: rows are only ever added; triggers refuse anything else."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit import append_only
from app.db import Model


class ArchivedFile(Model):
    """One file of an archive entry; its checksum also stands in the entry's body."""

    __tablename__ = "archived_file"

    entry_id: Mapped[str] = mapped_column(sa.ForeignKey("archive_entry.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(sa.ForeignKey("file.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    language: Mapped[str] = mapped_column(default="")
    """ru or en; empty for a file that has none."""
    size: Mapped[int]
    sha256: Mapped[str]


append_only.guard(Model.metadata.tables["archived_file"], ("entry_id", "position"))
