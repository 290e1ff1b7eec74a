"""What was seen in uploaded files."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Model


class FileLook(Model):
    """What a confined program found in a content, whoever uploaded it under whatever name."""

    __tablename__ = "file_look"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)
    shown_id: Mapped[str | None]
    """File of the small copy of a picture, made anew."""
    at: Mapped[datetime] = mapped_column(default=clock.now)
