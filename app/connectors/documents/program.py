"""Stands alone: reads a request on standard input, writes PDFs. Run by `rendering` in a confined process."""

import contextlib
import io
import json
import os
import sys
from base64 import b64decode, b64encode
from typing import Any, NoReturn

from confinement import confine  # type: ignore[import-not-found]  # beside `confined`, which runs this file


def write_all(request: dict[str, Any]) -> list[str]:
    """The PDFs in base64, in the order of the pages; every page has the whole time for itself."""
    with contextlib.redirect_stdout(sys.stderr):  # without Pango it prints a banner
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse

    assets = {f"asset:{name}": b64decode(content) for name, content in request["assets"].items()}

    class Closed(URLFetcher):  # type: ignore[misc]
        """Knows the assets handed in and nothing else: no address, no file, no data."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
            if url not in assets:
                raise ValueError("only the assets handed in are fetched")
            kind = "text/css" if url.endswith(".css") else "application/octet-stream"
            return URLFetcherResponse(url, assets[url], {"Content-Type": kind})

        def open(self, *_: Any, **__: Any) -> NoReturn:
            raise ValueError("nothing is opened")

    def write(page: dict[str, str]) -> str:
        confine()
        source = weasyprint.HTML(string=page["html"] or "<p>", url_fetcher=Closed(), base_url=None)
        document = source.render(font_config=FontConfiguration())
        document.metadata.title, document.metadata.lang = page["title"], page["language"]
        document.metadata.attachments = []  # a page may ask for them, and nothing of ours is ever attached
        made = io.BytesIO()
        document.write_pdf(made, pdf_variant="pdf/ua-1", pdf_identifier=b"coomet")
        return b64encode(made.getvalue()).decode()

    return [write(page) for page in request["pages"]]


if __name__ == "__main__":
    answer = write_all(json.load(sys.stdin.buffer))
    with os.fdopen(os.dup(1), "w") as out:
        json.dump(answer, out)
