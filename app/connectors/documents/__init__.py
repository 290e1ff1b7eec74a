"""Documents as PDF: made from HTML in a confined process, and sealed where the organisation has a certificate."""

from app.connectors.documents.rendering import Page, available, render, render_all
from app.connectors.documents.sealing import Seal, seal, seal_holds

__all__ = ["Page", "Seal", "available", "render", "render_all", "seal", "seal_holds"]
