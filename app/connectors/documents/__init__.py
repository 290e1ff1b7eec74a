"""Documents as PDF: made from HTML in a confined process, and sealed where the organisation has a certificate."""

from app.connectors.documents.rendering import available, render
from app.connectors.documents.sealing import Seal, seal

__all__ = ["Seal", "available", "render", "seal"]
