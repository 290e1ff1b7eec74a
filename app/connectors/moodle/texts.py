"""Comparing texts of the platform by their words: it cleans markup, decodes entities and folds spaces."""

from html.parser import HTMLParser

_SILENT = ("script", "style")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def words(html: str) -> str:
    """The text without tags, entities decoded, every run of spaces one space. Whether a tag parts words is not kept."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.parts).split())


def same(left: str, right: str) -> bool:
    return words(left).replace(" ", "") == words(right).replace(" ", "")
