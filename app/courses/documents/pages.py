"""A document's page: the release's template in one language, filled; with it the assets that it refers to."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from app.engine import Json
from app.engine.templates import Template, compile_template
from app.errors import PermanentFailure
from app.i18n import LOCALES, Locale

COMMON = "processes/documents"


def compose(files: Mapping[str, bytes], folder: str, name: str, locale: Locale, facts: Mapping[str, Json]) -> str:
    """The HTML of the document of that name. PermanentFailure: the release has none."""
    for language in (locale, *(one for one in LOCALES if one != locale)):
        path = f"processes/{folder}/documents/{name}.{language}.html"
        if path in files:
            return _template(files[path].decode()).render(facts)
    raise PermanentFailure(f"the release has no document {name!r} for {folder!r}", "no_document")


def assets(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    """Style sheets beside the templates, by file name: the folder's own over those of all procedures."""
    found = {}
    for place in (COMMON, f"processes/{folder}/documents"):
        for path, content in files.items():
            pure = PurePosixPath(path)
            if str(pure.parent) == place and pure.suffix == ".css":
                found[pure.name] = content
    return found


@lru_cache(maxsize=32)
def _template(source: str) -> Template:
    return compile_template(source, html=True)
