"""Fonts by their family, and whether a family has serifs: its name first, for the flags in files are often wrong."""

import re
from collections.abc import Iterable, Mapping

_SUBSET = re.compile(r"^[A-Z]{6}\+")
_STYLES = (
    "regular|book|normal|bold|semibold|demibold|demi|extrabold|ultrabold|black|heavy|medium|light|extralight|"
    "ultralight|thin|hairline|italic|ital|oblique|inclined|condensed|cond|narrow|semicondensed|extended|bolditalic|"
    "boldoblique|lightitalic|semibolditalic|mediumitalic|blackitalic|psmt|ps|mt"
)
_STYLE = re.compile(rf"(?:(?:[\s,_-]+(?:{_STYLES}))|-roman)+$", re.IGNORECASE)
_GLUED = re.compile(r"(?:PSMT|PS|MT)$")
_TEX = re.compile(r"^(CM|LM|SF)[A-Z]+\d+$")


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


SERIF = _names(
    """
    times timesnew timesnewroman timescyr nimbusroman nimbusromanno9l georgia cambria garamond ebgaramond palatino
    cambriamath palatinolinotype bookantiqua
    bookman bookmanoldstyle century centuryschoolbook newcenturyschlbk constantia
    minion baskerville librebaskerville bodoni bodonimt didot ptserif ptastraserif liberationserif dejavuserif
    notoserif sourceserif freeserif linuxlibertine libertinus merriweather playfair playfairdisplay robotoslab
    rockwell tinos charter utopia caslon lora crimson crimsontext sylfaen perpetua petersburg schoolbook kudriashov
    journal newton academy mincho msmincho simsun batang courier couriernew ibmplexserif spectral cormorant alegreya
    vollkorn
    """
)
SANS = _names(
    """
    arial arialnarrow arialblack helvetica helveticaneue calibri verdana tahoma trebuchet trebuchetms segoeui
    segoeuisymbol candara corbel liberationsans liberationmono dejavusans dejavusansmono notosans sourcesans
    opensans roboto lato montserrat ptsans ptastrasans golostext inter ubuntu freesans centurygothic gillsans
    franklingothic futura impact lucidasans luxisans consolas menlo wingdings symbol zapfdingbats webdings aptos
    rubik manrope fira firasans myriad univers akzidenzgrotesk arimo carlito comicsans comicsansms
    """
)


def family(name: str) -> str:
    """ABCDEF+TimesNewRomanPS-BoldMT → TimesNewRoman; Source Sans Pro Black → Source Sans; CMR12 → CMR."""
    plain = _SUBSET.sub("", name).strip()
    plain = _GLUED.sub("", plain)
    if _TEX.match(plain):
        return plain.rstrip("0123456789")
    shorter = _STYLE.sub("", plain)
    return _GLUED.sub("", shorter) or plain


def _key(name: str) -> str:
    return re.sub(r"[\s_-]", "", family(name)).lower()


def has_serifs(name: str, flagged: Iterable[str] = ()) -> bool:
    """By the name where it is known; otherwise as the file's own description of the font says."""
    key = _key(name)
    if key in SANS or key.startswith(("cmss", "lmsans")) or "sans" in key:
        return False
    return key in SERIF or key.startswith(("cmr", "cmbx", "cmti", "cmsl", "lmroman")) or name in set(flagged)


def by_family(fonts: Mapping[str, list[int]]) -> dict[str, list[str]]:
    """Family as it is written first → the fonts of it; families in the order of their names."""
    found: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    for name in sorted(fonts, key=str.casefold):
        key = _key(name)
        found.setdefault(written.setdefault(key, family(name)), []).append(name)
    return found
