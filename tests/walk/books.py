"""The books at the end: documents by their text, letters by their Message-ID, the platform by its protocol."""

import io
from collections import Counter

from pypdf import PdfReader

from tests.walk.platform import Platform
from tests.walk.story import TITLE_EN, TITLE_RU, Walk, expect


def platform(walk: Walk, site: Platform) -> None:
    ours = site.courses(TITLE_EN, TITLE_RU)
    expect(len(ours) == 1, f"the platform has {len(ours)} courses of ours")


def documents(walk: Walk) -> None:
    """Each file's words, in its language; the archive's checksum is proven by the program's own test."""
    secretariat = walk.person("secretariat")
    texts: list[str] = []
    for link in secretariat.get("/archive").links("/archive/"):
        for file in secretariat.get(link).links("/files/"):
            content = secretariat.download(file)
            if content.startswith(b"%PDF"):
                pages = PdfReader(io.BytesIO(content)).pages
                texts.append(" ".join(" ".join(page.extract_text() for page in pages).split()))
    for words in ("Лист согласования курса КООМЕТ", "Agreement sheet for a COOMET course"):
        found = sum(words in text for text in texts)
        expect(found == 3, f"{found} sheets say {words!r}; there are {len(texts)} files")
    for words in ("Форма для утверждения курса КООМЕТ", "Form for approval of a COOMET course"):
        expect(sum(words in text for text in texts) == 2, f"not two forms say {words!r}")
    expect(any(TITLE_RU in text for text in texts), "the title cannot be found in Russian")


def letters(walk: Walk) -> None:
    """The mailbox keeps a letter under its Message-ID and counts the copies."""
    pages = walk.letters()
    named = "string(//*[@data-message-id]/@data-message-id)"
    idents = Counter(page.document.xpath(named) or page.url for page in pages)
    doubled = [ident for ident, times in idents.items() if times > 1]
    expect(not doubled, f"letters went out twice: {doubled}")
    expect(len(pages) > 25, f"only {len(pages)} letters")
