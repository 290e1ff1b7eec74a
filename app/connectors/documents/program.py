"""Stands alone: reads a request on standard input, writes a PDF. Run by `rendering` in a confined process."""

import contextlib
import io
import json
import os
import resource
import signal
import sys
from base64 import b64decode
from typing import Any

SECONDS, MEMORY, OUTPUT = (int(given) for given in sys.argv[1:4])


def confine() -> None:
    """From here on time, processor, memory, size and number of files are limited; the alarm kills, it is not caught."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(SECONDS)
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    limits = {
        resource.RLIMIT_CPU: int(used) + SECONDS + 1,
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: OUTPUT,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # a platform that does not know this limit
            resource.setrlimit(which, (most, most))


def write(request: dict[str, Any]) -> bytes:
    with contextlib.redirect_stdout(sys.stderr):  # without Pango it prints a banner
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    assets = {f"asset:{name}": b64decode(content) for name, content in request["assets"].items()}

    class Closed(URLFetcher):  # type: ignore[misc]
        """Knows the assets handed in and nothing else: no address, no file, no data."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url not in assets:
                raise ValueError("only the assets handed in are fetched")
            return URLFetcherResponse(url, assets[url])

        def open(self, fullurl: Any, data: Any = None, timeout: Any = None) -> Any:
            raise FatalURLFetchingError("nothing is opened")

    confine()
    fetcher, fonts = Closed(), FontConfiguration()
    page = weasyprint.HTML(string=request["html"] or "<p>", url_fetcher=fetcher, base_url=None)
    document = page.render(font_config=fonts)
    document.metadata.title = request["title"]
    document.metadata.lang = request["language"]
    document.metadata.attachments = []
    made = io.BytesIO()
    document.write_pdf(made, pdf_variant="pdf/ua-1", pdf_identifier=b"coomet")
    return made.getvalue()


if __name__ == "__main__":
    sys.setrecursionlimit(3000)
    pdf = write(json.load(sys.stdin.buffer))
    with os.fdopen(os.dup(1), "wb") as out:
        out.write(pdf)
