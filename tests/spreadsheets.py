"""Reads a workbook back without the library that wrote it: what a person sees, and whether anything is calculated."""

import io
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True, slots=True)
class Read:
    """`rows`: cells as text or number by row; `formulas`: how many cells are calculated."""

    rows: list[list[str | float]]
    formulas: int
    xml: str


def read(workbook: bytes) -> dict[str, Read]:
    """Name of the sheet -> what it holds."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as folder:
        names = [
            one.attrib["name"] for one in ElementTree.fromstring(folder.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
        ]
        return {name: _sheet(folder.read(f"xl/worksheets/sheet{at}.xml")) for at, name in enumerate(names, 1)}


def _sheet(xml: bytes) -> Read:
    tree = ElementTree.fromstring(xml)
    rows = [_row(row) for row in tree.iter(f"{_MAIN}row")]
    return Read(rows, sum(1 for _ in tree.iter(f"{_MAIN}f")), xml.decode())


def _row(row: ElementTree.Element) -> list[str | float]:
    """Cells where they stand: what was left blank between them is "", nothing follows the last one."""
    found: dict[int, str | float] = {_column(cell.attrib["r"]): _cell(cell) for cell in row}
    return [found.get(at, "") for at in range(max(found, default=-1) + 1)]


def _column(place: str) -> int:
    """A1 -> 0, AA7 -> 26."""
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1


def _cell(cell: ElementTree.Element) -> str | float:
    if cell.attrib.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_MAIN}t"))
    value = cell.findtext(f"{_MAIN}v")
    return float(value) if value else ""
