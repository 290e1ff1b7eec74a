"""QR codes that lead from paper to a page."""

import io

import segno


def draw(address: str) -> bytes:
    """SVG of the code, black on white with its quiet zone; the same address makes the same bytes."""
    made = io.BytesIO()
    segno.make(address, error="m", micro=False).save(made, kind="svg", scale=4, border=2, xmldecl=True, svgns=True)
    return made.getvalue()
