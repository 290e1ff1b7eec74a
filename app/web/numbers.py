"""Numbers as they come in an address or a form."""


def whole(text: str | None, otherwise: int = 0) -> int:
    """The whole number of at most nine digits, or what stands for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise
