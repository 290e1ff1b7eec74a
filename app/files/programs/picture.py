"""Stands alone: size of a picture, and a small copy of it made anew. Run by `looking` in a confined process."""

import json
import sys
import warnings
from base64 import b64encode
from io import BytesIO
from typing import Any

from confinement import confine  # type: ignore[import-not-found]  # beside `confined`, which runs this file
from PIL import Image, ImageOps

MOST_PIXELS = 40_000_000
SHOWN = (1280, 720)


def look(path: str) -> dict[str, Any]:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=("PNG", "JPEG", "MPO", "GIF")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return {"unread": "pixels", "width": picture.width, "height": picture.height}
            picture.draft("RGB", SHOWN)
            whole = ImageOps.exif_transpose(picture)
            seen = whole.convert("RGBA")
            flat = Image.new("RGB", seen.size, "white")
            flat.paste(seen, mask=seen.getchannel("A"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return {"unread": "pixels"}
    except (OSError, ValueError, SyntaxError, EOFError):
        return {"unread": "damaged"}
    flat.thumbnail(SHOWN)
    made = BytesIO()
    flat.save(made, "JPEG", quality=85)
    return {"shown": b64encode(made.getvalue()).decode()}


def measure(path: str) -> tuple[int, int]:
    """As its header says, turned as a camera asks for."""
    with Image.open(path, formats=("PNG", "JPEG", "MPO", "GIF")) as picture:
        turned = picture.getexif().get(274, 1) in (5, 6, 7, 8)
        return (picture.height, picture.width) if turned else (picture.width, picture.height)


if __name__ == "__main__":
    confine()
    wanted = json.load(sys.stdin)["path"]
    found = look(wanted)
    if "shown" in found:
        found["width"], found["height"] = measure(wanted)
    json.dump(found, sys.stdout)
