"""Numbers and days as they come in an address or a form."""

from datetime import date

from app.errors import N_, Invalid


def whole(text: str | None, otherwise: int = 0) -> int:
    """The whole number of at most nine digits, or what stands for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def day(text: str) -> date:
    """Raises Invalid for what is not a date as browsers send it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(N_("This is not a date.")) from None
