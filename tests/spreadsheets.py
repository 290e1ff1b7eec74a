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
    rows = [[_cell(cell) for cell in row] for row in tree.iter(f"{_MAIN}row")]
    return Read(rows, sum(1 for _ in tree.iter(f"{_MAIN}f")), xml.decode())


def _cell(cell: ElementTree.Element) -> str | float:
    if cell.attrib.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_MAIN}t"))
    value = cell.findtext(f"{_MAIN}v")
    return float(value) if value else ""
