"""Styles, scripts and fonts under addresses that change with their content, so that they may be kept for ever.

The styles are the committed files, joined at start: no build is needed for them. Fonts and the diagram viewer come
from `static/dist`, which `npm run build` in `assets/` writes; without it pages use the system's fonts and the outline.
"""

import hashlib
import json
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app

from app.web.access import public

STATIC = Path(__file__).parent / "static"
STYLES = STATIC / "styles"
_FOREVER = "public, max-age=31536000, immutable"

blueprint = Blueprint("assets", __name__)


class Assets:
    """What was found on the disk at start; nothing is looked up there afterwards."""

    def __init__(self) -> None:
        manifest = STATIC / "dist" / "manifest.json"
        self.built: dict[str, str] = json.loads(manifest.read_text()) if manifest.exists() else {}
        names = (STYLES / "order.txt").read_text().split()
        fonts = [STATIC / "dist" / self.built["fonts.css"]] if "fonts.css" in self.built else []
        self.styles = "\n".join(path.read_text() for path in [*fonts, *(STYLES / name for name in names)])
        self.styles_mark = _mark(self.styles.encode())
        self.marks = {
            str(path.relative_to(STATIC)): _mark(path.read_bytes())
            for path in sorted(STATIC.rglob("*"))
            if path.is_file() and "dist" not in path.parts
        }

    def address(self, name: str) -> str:
        """Where a browser fetches it; a bundle is named as in the manifest and is "" when it was not built."""
        if name == "styles.css":
            return f"/styles.css?v={self.styles_mark}"
        if name in self.marks:
            return f"/static/{name}?v={self.marks[name]}"
        return f"/static/dist/{self.built[name]}" if name in self.built else ""


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


@blueprint.get("/styles.css")
@public
def styles() -> Response:
    found: Assets = current_app.extensions["assets"]
    return Response(found.styles, mimetype="text/css", headers={"Cache-Control": _FOREVER})


def install(app: Flask) -> None:
    found = Assets()
    app.extensions["assets"] = found
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31536000
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = found.address
