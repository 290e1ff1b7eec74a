"""The files of a draft ready to run. A diagram with errors is left out, so that it does not keep the others from it."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from app import engine, forms
from app.engine import DefinitionErrors, Finding, Process, Specification

_KEPT = 6
_lock = threading.Lock()
_made: "OrderedDict[str, Compiled]" = OrderedDict()
DIAGRAMS = (".bpmn", ".dmn")
UNUSED = (".txt", ".html", ".css", ".svg", ".png", "scenarios.yaml")
"""Files that change nothing about how a procedure runs."""


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """Shared by all runs of this process over the same files."""

    digest: str
    """Of what runs: letters, documents and scenarios are left out of it."""
    specification: Specification
    forms: Mapping[str, forms.Form]
    broken: tuple[Finding, ...]
    """Errors of the files that were left out."""

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> "Compiled":
        """Compiled once for the same content."""
        digest = digest_of(files)
        with _lock:
            if digest in _made:
                _made.move_to_end(digest)
                return _made[digest]
        made = _compile(digest, files)
        with _lock:
            _made[digest] = made
            while len(_made) > _KEPT:
                _made.popitem(last=False)
        return made

    def reason(self, process: str) -> tuple[Finding, ...]:
        """Why a procedure cannot be tried: errors of its file, or of files it calls."""
        own = [one for one in self.broken if one.element == process or f"/{process}." in one.file]
        return tuple(own or self.broken)


def digest_of(files: Mapping[str, bytes]) -> str:
    found = hashlib.sha256()
    for path in sorted(files):
        if not path.endswith(UNUSED):
            found.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return found.hexdigest()


def _compile(digest: str, files: Mapping[str, bytes]) -> Compiled:
    """Leave out what has errors, then what calls what was left out, until the rest has none."""
    left, broken = dict(files), []
    while True:
        try:
            specification = engine.compile_release(left, None)
            break
        except DefinitionErrors as failure:
            errors = [one for one in failure.findings if one.severity == "error"]
            blamed = {one.file for one in errors} & left.keys() or {one for one in left if one.endswith(DIAGRAMS)}
            broken += errors
            if not blamed:
                raise
            left = {path: content for path, content in left.items() if path not in blamed}
    return Compiled(digest, specification, _forms(left, broken), tuple(broken))


def _forms(files: Mapping[str, bytes], broken: list[Finding]) -> Mapping[str, forms.Form]:
    """The forms that can be read; an error of another one costs only that one."""
    bad = [one for one in forms.check_forms(files) if one.severity == "error"]
    broken += bad
    names = {one.file.rsplit("/", 1)[-1].split(".")[0] for one in bad}
    kept = {
        path: content
        for path, content in files.items()
        if path.startswith("forms/") and path.rsplit("/", 1)[-1].split(".")[0] not in names
    }
    return forms.load_forms(kept)


def reached(specification: Specification, process: str) -> list[Process]:
    """The procedure and those it calls, each once, in the order in which they are met."""
    found: list[Process] = []
    queue = [process]
    while queue:
        one = specification.processes.get(queue.pop(0))
        if one is not None and one not in found:
            found.append(one)
            queue += [element.called for element in one.elements.values() if element.called]
    return found
