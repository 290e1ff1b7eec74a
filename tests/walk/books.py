"""The books at the end: documents by their text, letters by their Message-ID, the platform by its protocol."""

import io
from collections import Counter
from collections.abc import Mapping

from pypdf import PdfReader

from tests.walk.platform import Platform
from tests.walk.story import TITLE_EN, TITLE_RU, Walk, expect

Titles = tuple[str, str]
"""Russian and English, as the document has them at its head."""
SHEET: Titles = ("Лист согласования курса КООМЕТ", "Agreement sheet for a COOMET course")
FORM: Titles = ("Форма для утверждения курса КООМЕТ", "Form for approval of a COOMET course")
ANALYSIS: Titles = ("Анализ удовлетворенности обучающихся", "Analysis of learners’ satisfaction")
REPORT: Titles = ("Отчет об электронных обучающих курсах", "Report on the COOMET e-learning courses")
DECISION: Titles = ("Решение об аннулировании курса", "Decision to annul a COOMET course")
PUBLISHED: Mapping[Titles, int] = {SHEET: 3, FORM: 2}
"""How many papers the archive holds once the course is announced."""


def platform(walk: Walk, site: Platform) -> None:
    ours = site.courses(TITLE_EN, TITLE_RU)
    expect(len(ours) == 1, f"the platform has {len(ours)} courses of ours")


def documents(walk: Walk, expected: Mapping[Titles, int] = PUBLISHED) -> None:
    """Each file's words, in its language; the archive's checksum is proven by the program's own test."""
    secretariat = walk.person("secretariat")
    texts: list[str] = []
    for link in [link for page in walk.leaves("secretariat", "/archive") for link in page.links("/archive/")]:
        for file in secretariat.get(link).links("/files/"):
            content = secretariat.download(file)
            if content.startswith(b"%PDF"):
                pages = PdfReader(io.BytesIO(content)).pages
                texts.append(" ".join(" ".join(page.extract_text() for page in pages).split()))
    for titles, wanted in expected.items():
        for words in titles:
            found = sum(words in text for text in texts)
            expect(found == wanted, f"{found} documents, not {wanted}, say {words!r}; there are {len(texts)} files")
    expect(any(TITLE_RU in text for text in texts), "the title cannot be found in Russian")


def letters(walk: Walk) -> None:
    """The mailbox keeps a letter under its Message-ID and counts the copies that came under the same."""
    pages = walk.letters()
    copies: Counter[str] = Counter()
    for page in pages:
        (told,) = page.document.xpath("//*[@data-message-id]")
        copies[told.get("data-message-id")] += int(told.get("data-copies"))
    doubled = [ident for ident, times in copies.items() if times > 1]
    expect(not doubled, f"letters went out twice: {doubled}")
    expect(len(copies) == len(pages), "two letters have the same Message-ID")
    expect(len(pages) > 25, f"only {len(pages)} letters")
