"""QR codes that lead from paper or a slide to a page: black on white in either theme, as cameras want them."""

from io import BytesIO


def draw(address: str, title: str = "", **how: object) -> bytes:
    """SVG of the code with its quiet zone; the same address makes the same bytes."""
    import segno  # loaded where it works: a serving process keeps what it loads

    out = BytesIO()
    look = {"light": "#ffffff", "dark": "#000000", "border": 4, "lineclass": None, **how}
    segno.make(address, error="m", micro=False).save(out, kind="svg", title=title or None, **look)
    return out.getvalue()
