"""Images of a course as the platform tells of them: their names and sizes, not their content."""

import mimetypes
import time
from typing import Any


def image_file(name: str, content: bytes) -> dict[str, Any]:
    """An entry of `overviewfiles`, in the shape of Moodle's external files."""
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {
        "filename": name, "filepath": "/", "filesize": len(content), "fileurl": f"/pluginfile.php/course/{name}",
        "timemodified": int(time.time()), "mimetype": media,
    }  # fmt: skip
