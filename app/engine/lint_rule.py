"""What a rule of the check is, and what it says."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine.lint_diagram import Diagram, Flow, Level, Node
from app.engine.specification import Finding, Severity
from app.i18n import Locale, Text

Words = Mapping[str, str | int | Text]


@dataclass(frozen=True, slots=True)
class Remark:
    """One place where a rule is broken; `about` gives the finding its id and line, `words` fill the rule's texts."""

    about: Any
    """A Node, Flow, Level or an element of the file."""
    words: Words = field(default_factory=dict)


def remark(about: Node | Flow | Level | Any, **words: str | int | Text) -> Remark:
    return Remark(about, words)


@dataclass(frozen=True, slots=True)
class Rule:
    """`look` is called once for each diagram. `ru` and `en` say what is wrong and how to mend it."""

    id: str
    severity: Severity
    look: Callable[[Diagram], Iterable[Remark]]
    ru: tuple[str, str]
    en: tuple[str, str]

    def finding(self, path: str, found: Remark) -> Finding:
        element, name, line = found.about, None, None
        if isinstance(element, Node | Flow | Level):
            element = element.element
        while element is not None and not name:
            line = line or element.sourceline
            name = element.get("id")
            element = element.getparent()
        message, hint = (
            Text(ru=_filled(self.ru[part], found.words, "ru"), en=_filled(self.en[part], found.words, "en"))
            for part in (0, 1)
        )
        return Finding(path, name, self.id, self.severity, message, hint, line)


def _filled(sentence: str, words: Words, locale: Locale) -> str:
    return sentence.format(**{k: w.into(locale) if isinstance(w, Text) else w for k, w in words.items()})


def label(node: Node | Level) -> str:
    """How a message calls another element: by its name, else by its id."""
    return str(node.element.get("name") or node.id)[:80]
